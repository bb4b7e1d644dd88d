import SecurityCore
import Testing

@testable import SecurityHTTP

@Suite struct MailMessageTests {
    private static func message(
        recipient: String = "ann@example.com", sender: String = "no-reply@example.com", subject: String = "Hello",
        text: String? = "one\ntwo", html: String? = "<p>one</p>"
    ) -> String {
        let mail = OutgoingMail(recipient: recipient, sender: sender, subject: subject, text: text, html: html)
        return String(
            decoding: MailMessage.bytes(mail, random: "abc", now: Instant(seconds: 1_795_630_000)), as: UTF8.self)
    }

    @Test func `a message has text first, then HTML, and a name that stays`() throws {
        let message = Self.message()
        #expect(message.contains("Message-ID: <abc@example.com>\r\n"))
        #expect(message.contains("Content-Type: multipart/alternative; boundary=\"=_abc\"\r\n"))
        let text = try #require(message.split(separator: "text/plain").first)
        #expect(!text.contains("text/html"))
        #expect(message.contains("one\r\ntwo\r\n"))
        #expect(message.hasSuffix("--=_abc--\r\n"))
    }

    @Test(arguments: ["a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com", "a\u{0}\rBcc: eve@example.com"])
    func `no text begins a header of its own`(text: String) {
        for message in [
            Self.message(recipient: text), Self.message(sender: text), Self.message(sender: "\(text) <a@example.com>"),
            Self.message(subject: text),
        ] {
            let header = message.header
            #expect(!header.split(separator: "\r\n").contains { $0.hasPrefix("Bcc") })
            #expect(!header.contains("\u{0}"))
        }
    }

    @Test func `other letters than ASCII are encoded`() {
        let message = Self.message(sender: "Übung <a@example.com>", subject: "Grüße aus Köln", text: "ß", html: nil)
        #expect(message.utf8.allSatisfy { $0 < 0x80 })
        #expect(message.contains("From: =?utf-8?B?w5xidW5n?= <a@example.com>\r\n"))
        #expect(message.contains("Subject: =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=\r\n"))
        #expect(message.contains("Content-Transfer-Encoding: base64\r\n\r\nw58=\r\n"))
    }

    @Test func `a long subject is folded into words of 75 characters at most`() {
        let subject = String(repeating: "ä", count: 200)
        let lines = Self.message(subject: subject).split(separator: "\r\n").filter { $0.contains("=?utf-8?B?") }
        #expect(lines.count > 5)
        #expect(lines.allSatisfy { $0.utf8.count <= 75 + "Subject: ".utf8.count })
    }
}

extension String {
    /// Up to the first empty line.
    fileprivate var header: String {
        var header: [Substring] = []
        for line in split(separator: "\r\n", omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            header.append(line)
        }
        return header.joined(separator: "\r\n")
    }
}
