import Foundation
import SecurityCore
import Testing

@testable import SecurityHTTP

/// Mails hold links that sign in: nobody else on the machine may read them.
@Suite struct MailPrivacyTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `the folders and files of a Maildir are their owner's alone`() throws {
        let folder = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let transport = MaildirTransport(folder: folder + "/mails")
        for _ in 0..<2 { try transport.send(Array("Subject: a\r\n\r\nb\r\n".utf8)) }
        for part in ["", "/tmp", "/new", "/cur"] { #expect(try mode(folder + "/mails" + part) == 0o700, "\(part)") }
        let mails = try FileManager.default.contentsOfDirectory(atPath: folder + "/mails/new")
        #expect(mails.count == 2)
        for mail in mails { #expect(try mode(folder + "/mails/new/" + mail) == 0o600) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/mails/tmp").isEmpty)
    }

    @Test func `a mail in a folder that others may read is its owner's alone`() throws {
        let folder = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for part in ["tmp", "new", "cur"] {
            try FileManager.default.createDirectory(
                atPath: folder + "/" + part, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
        }
        try MaildirTransport(folder: folder).send(Array("Subject: a\r\n\r\nb\r\n".utf8))
        let mail = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/new").first)
        #expect(try mode(folder + "/new/" + mail) == 0o600)
    }
}
