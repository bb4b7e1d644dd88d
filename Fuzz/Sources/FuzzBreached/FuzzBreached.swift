import Glibc
import SecurityCore

/// Any bytes are an answer of the range API, a list, or the directory and buckets of a filter, as the first byte says: no
/// crash, no count below zero, and an end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = input.first else { return -1 }
    let rest = Array(input.dropFirst())
    switch kind % 4 {
    case 0: check { try RangeAnswer.count(of: PasswordHash(of: Array("password".utf8).span), in: rest) }
    case 1: look(into: rest)
    case 2: look(into: repeated(rest))
    default: look(into: damaged(by: rest))
    }
    return 0
}

private func check(_ count: () throws -> Int) {
    guard let count = try? count() else { return }
    if count < 0 { fatalError("a count below zero") }
}

/// Asks for passwords all over the range, and reads a list as a whole.
private func look(into bytes: [UInt8]) {
    place.write(bytes)
    check {
        let source = try BreachedSource.open(place.path, count: 1)
        return try (0..<16).map { try source.count(of: Array("password \($0)".utf8).span) }.min() ?? 0
    }
    check { try BreachedSource.filter(place.path)?.falsePositiveInterval ?? 0 }
    check {
        let file = try BreachedFile(path: place.path)
        var scan = HashListScan(file)
        while try scan.next() != nil {}
        return Int(try HashListScan.estimate(file, minimum: 1))
    }
}

/// Long enough for a search: a page is 4096 bytes.
private func repeated(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    return (0..<(20_000 / bytes.count)).flatMap { _ in bytes }
}

/// A right filter with other bytes behind its header: two for a place, one to put there.
private func damaged(by changes: [UInt8]) -> [UInt8] {
    var bytes = filter
    for index in stride(from: 0, to: changes.count - 2, by: 3) {
        let offset = Int(changes[index]) << 8 | Int(changes[index + 1])
        bytes[4096 + offset % (bytes.count - 4096)] = changes[index + 2]
    }
    return bytes
}

/// The file that is asked; one for the whole run.
private struct Place {
    let path = "/dev/shm/fuzz-breached-\(getpid())"
    private let descriptor: Int32

    init() {
        descriptor = creat(path, 0o600)
        guard descriptor >= 0 else { fatalError("no file for the input") }
        atexit { unlink("/dev/shm/fuzz-breached-\(getpid())") }
    }

    func write(_ bytes: [UInt8]) {
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            fatalError("the input cannot be written")
        }
    }
}

private let place = Place()

/// The bytes of a filter of 2000 hashes.
private let filter: [UInt8] = {
    let path = place.path + "-filter"
    defer { unlink(path) }
    do {
        let file = try NewBreachedFile(path: path)
        var builder = FilterBuilder(FilterShape(values: 2000, falsePositiveBits: 10), minimumCount: 1, file: file)
        for index in 0..<2000 { try builder.add(UInt64(index) * (.max / 2000)) }
        try builder.finish()
        try file.keep()
        let made = try BreachedFile(path: path)
        return try made.read(at: 0, count: Int(made.size))
    } catch {
        fatalError("no filter: \(error)")
    }
}()
