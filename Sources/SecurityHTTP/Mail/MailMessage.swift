import SecurityCore
import SecurityTokens

/// Writes a mail as a message (RFC 5322, MIME: RFC 2045 to 2047). No text from outside can begin a header of its own.
enum MailMessage {
    /// The bytes of a message, lines ended with CR LF. `random` names it: the Message-ID stays through all attempts.
    static func bytes(_ mail: OutgoingMail, random: String, now: Instant) -> [UInt8] {
        let parts = [mail.text.map { ("text/plain", $0) }, mail.html.map { ("text/html", $0) }].compactMap { $0 }
        let boundary = "=_" + random
        var lines = [
            "From: " + mailbox(mail.sender), "To: <\(singleLine(mail.recipient))>",
            "Subject: " + encodedWords(mail.subject), "Date: " + HTTPDate.text(of: now.seconds).replacingZone,
            "Message-ID: <\(random)@\(domain(of: address(mail.sender)))>", "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ]
        if parts.count == 1, let part = parts.first {
            lines += MailMessage.part(part.0, part.1)
        } else {
            lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
            for part in parts { lines += ["--" + boundary] + MailMessage.part(part.0, part.1) }
            lines += ["--" + boundary + "--"]
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// The bare address of `Name <address>`.
    static func address(_ mailbox: String) -> String {
        guard let (_, behind) = ByteText(mailbox).cutLast(at: 0x3C), let (address, _) = behind.cutLast(at: 0x3E) else {
            return singleLine(mailbox)
        }
        return singleLine(address.string)
    }

    private static func mailbox(_ text: String) -> String {
        let address = address(text)
        guard let (name, _) = ByteText(text).cutLast(at: 0x3C) else { return "<\(address)>" }
        let words = ByteText(without(0x22, name)).words().map { $0.string }.joined(separator: " ")
        return (words.isEmpty ? "" : encodedWords(words, quotes: true) + " ") + "<\(address)>"
    }

    private static func domain(of address: String) -> String {
        guard let (_, domain) = ByteText(address).cutLast(at: 0x40) else { return "localhost" }
        return domain.holdsOnly { $0 > 0x20 && $0 < 0x7F } ? domain.string : "localhost"
    }

    /// A text without a byte of ASCII.
    private static func without(_ byte: UInt8, _ text: ByteText) -> String {
        String(decoding: text.utf8.filter { $0 != byte }, as: UTF8.self)
    }

    /// Without line breaks and other controls, which would end the field.
    private static func singleLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }

    /// A text as RFC 2047 encoded words of at most 75 characters, where it is not plain ASCII.
    private static func encodedWords(_ text: String, quotes: Bool = false) -> String {
        let text = singleLine(text)
        if text.utf8.allSatisfy({ $0 < 0x7F }), text.utf8.count <= 900, !ByteText(text).holds("=?") {
            return quotes ? "\"" + without(0x5C, ByteText(text)) + "\"" : text
        }
        var words: [String] = []
        var word: [UInt8] = []
        for character in text.unicodeScalars {
            let bytes = Array(String(character).utf8)
            if word.count + bytes.count > 42 {
                words.append(base64(word))
                word = []
            }
            word += bytes
        }
        words.append(base64(word))
        return words.map { "=?utf-8?B?\($0)?=" }.joined(separator: "\r\n ")
    }

    /// A part with its headers: as it is where every server takes it so, else in base64.
    private static func part(_ type: String, _ text: String) -> [String] {
        let lines = ByteText(text).parts(at: 0x0A).map { line in (line.dropping(suffix: "\r") ?? line).string }
        let isPlain = lines.allSatisfy { line in
            line.utf8.count <= 990 && line.utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x09 }
        }
        let header = "Content-Type: \(type); charset=utf-8"
        if isPlain { return [header, "Content-Transfer-Encoding: 7bit", ""] + lines }
        let encoded = Array(base64(Array(lines.joined(separator: "\r\n").utf8)).utf8)
        let rows = stride(from: 0, to: encoded.count, by: 76).map { start in
            String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self)
        }
        return [header, "Content-Transfer-Encoding: base64", ""] + rows
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64.standard.encode(bytes.span).text
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}

extension String {
    /// An HTTP date as a mail's: `+0000` for `GMT`, which RFC 5322 calls obsolete.
    fileprivate var replacingZone: String {
        ByteText(self).dropping(suffix: "GMT").map { $0.string + "+0000" } ?? self
    }
}
