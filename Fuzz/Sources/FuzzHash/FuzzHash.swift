import SecurityCore

/// The first byte chooses single or double hashes, the rest is a stored string: no crash, and no match of a password
/// that nobody hashed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    guard count > 1, isCheap(input) else { return -1 }
    var policy = PasswordPolicy()
    policy.schemes = PasswordScheme.passlib
    policy.ownSchemes = PasswordScheme.ours
    policy.singleHash = input[0] & 1 == 0 ? .all : .named([])
    let hasher = PasswordHasher(policy: policy, salt: SharedSecret(utf8: "salt"), random: SystemRandom.bytes)
    let stored = SharedSecret(Secret(copying: input.extracting(1..<count)))
    let verdict = try? hasher.verify(Secret(utf8: "a password that no corpus holds"), against: stored)
    guard verdict == nil || verdict == .mismatch else { fatalError("a match out of nothing") }
    return 0
}

/// Costs are what a fuzzer finds first; a text with a long number in it would spend the run on one hash.
private func isCheap(_ input: Span<UInt8>) -> Bool {
    var digits = 0
    for index in input.indices {
        digits = (0x30...0x39).contains(input[index]) ? digits + 1 : 0
        if digits > 4 { return false }
    }
    // bcrypt, argon2, scrypt and yescrypt of more than a few milliseconds.
    let text = String(decoding: input.indices.map { input[$0] }, as: UTF8.self)
    let isDear = text.contains("$2") && !(text.contains("$04$") || text.contains("$05$"))
    let forms = [("scrypt$", "ln=1,r=8,p=1"), ("$7$", "$7$/6..../...."), ("$y$", "$y$j75$")]
    guard forms.allSatisfy({ form in !text.contains(form.0) || text.contains(form.1) }) else { return false }
    return !isDear && !text.contains("argon2") || text.contains("m=8,t=1,p=1")
}
