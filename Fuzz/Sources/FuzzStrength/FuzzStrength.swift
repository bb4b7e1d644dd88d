import SecurityCore

/// Any bytes are a password with words of its user, changes to a file of words, or such a file, as the first byte says: no
/// crash, an end, a score from 0 to 4 and a number of guesses.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = input.first else { return -1 }
    let rest = Array(input.dropFirst())
    switch kind % 3 {
    case 0: judge(rest)
    case 1: judge(by: changed(rest))
    default: judge(by: header(words: rest.first.map(Int.init) ?? 0, body: Array(rest.dropFirst())))
    }
    return 0
}

/// A right file, with words of all lists.
private let file = made(of: [
    "13", "1990", "abc", "ann", "daisy", "dragon", "horse", "iloveyou", "lee", "love", "of", "ow", "pass", "password",
    "qwerty", "rose", "smith", "sword", "the", "word", "you",
])

nonisolated(unsafe) private let dictionary: StrengthDictionary = {
    guard let dictionary = try? StrengthDictionary(bytes: secret(file)) else { fatalError("a right file is refused") }
    return dictionary
}()

/// A password, and words behind NUL bytes.
private func judge(_ input: [UInt8]) {
    let parts = input.split(separator: 0, omittingEmptySubsequences: false)
    let words = parts.dropFirst().prefix(8).map { String(decoding: $0, as: UTF8.self) }
    check(dictionary, Array(parts.first ?? []), words)
}

private func judge(by bytes: [UInt8]) {
    guard let dictionary = try? StrengthDictionary(bytes: secret(bytes)) else { return }
    for password in ["password1990", "p4ssw0rd", "drowssaPthe", "abcabc", "iloveyou"] {
        check(dictionary, Array(password.utf8), ["ann"])
    }
}

private func check(_ dictionary: StrengthDictionary, _ password: [UInt8], _ words: [String]) {
    let strength = dictionary.estimate(password.span, words: words)
    guard (0...4).contains(strength.score), strength.guessesLog10.isFinite, strength.guessesLog10 >= 0 else {
        fatalError("no estimate: \(strength)")
    }
    if strength.score > 2, strength.warning != nil || !strength.suggestions.isEmpty {
        fatalError("something to say about a strong password")
    }
}

// MARK: Files

/// Each three bytes: two for a place behind the checksum, one to put there.
private func changed(_ changes: [UInt8]) -> [UInt8] {
    var body = Array(file.dropFirst(48))
    for index in stride(from: 0, to: changes.count - 2, by: 3) {
        body[(Int(changes[index]) << 8 | Int(changes[index + 1])) % body.count] = changes[index + 2]
    }
    return header(words: (body.count - file.count + 48) + wordCount, body: body)
}

private let wordCount = Int(file[8])

private func made(of words: [String]) -> [UInt8] {
    var starts: [UInt8] = []
    var entries: [UInt8] = []
    var text: [UInt8] = []
    for (index, word) in words.enumerated() {
        starts += number(text.count)
        entries += number((index % 6) << 24 | (index * index + 1))
        text += Array(word.utf8)
    }
    return header(words: words.count, body: starts + number(text.count) + entries + text)
}

/// What stands in front of a body: the numbers that fit it and its checksum.
private func header(words: Int, body: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = sha256(body, body.count, &digest)
    return Array("LSECZX1\n".utf8) + number(words) + number(max(body.count - 8 * words - 4, 0)) + digest + body
}

private func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func secret(_ bytes: [UInt8]) -> Secret {
    Secret(copying: bytes.span)
}

/// OpenSSL's: the core keeps its own digests to itself.
@_silgen_name("SHA256")
private func sha256(
    _ data: UnsafePointer<UInt8>, _ count: Int, _ digest: UnsafeMutablePointer<UInt8>
) -> UnsafeMutablePointer<UInt8>
