import Foundation
import Testing

@testable import SecurityCore

/// Lists of breached passwords for tests, in files of their own.
final class BreachedFixture {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("breached-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Writes a file; nobody but the owner may write to it unless `mode` says so.
    func write(_ bytes: [UInt8], to name: String = "list.txt", mode: Int = 0o644) throws -> String {
        let path = path(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    func write(_ text: String, to name: String = "list.txt", mode: Int = 0o644) throws -> String {
        try write(Array(text.utf8), to: name, mode: mode)
    }

    /// The lines of a list of passwords with their counts, ordered by hash.
    static func lines(_ passwords: [(password: String, count: Int)]) -> [String] {
        passwords.map { "\(hash($0.password)):\($0.count)" }.sorted()
    }

    /// A list of `count` passwords "password 0", "password 1" and so on; the count of each is its number modulo 50, plus 1.
    static func list(_ count: Int, end: String = "\r\n") -> String {
        lines((0..<count).map { ("password \($0)", $0 % 50 + 1) }).map { $0 + end }.joined()
    }

    /// 40 upper-case digits.
    static func hash(_ password: String) -> String {
        let hash = PasswordHash(of: Array(password.utf8).span)
        return (0..<PasswordHash.digitCount).map { String(hash.digit($0), radix: 16, uppercase: true) }.joined()
    }
}

extension BreachedPasswords {
    func count(of password: String) throws(BreachedError) -> Int {
        try count(of: Array(password.utf8).span)
    }
}
