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
        guard let open = mailbox.lastIndex(of: "<"), let close = mailbox.lastIndex(of: ">"), open < close else {
            return singleLine(mailbox)
        }
        return singleLine(String(mailbox[mailbox.index(after: open)..<close]))
    }

    private static func mailbox(_ text: String) -> String {
        let address = address(text)
        guard let open = text.lastIndex(of: "<") else { return "<\(address)>" }
        let name = text[..<open].filter { $0 != "\"" }
        let words = String(name).split(separator: " ").joined(separator: " ")
        return (words.isEmpty ? "" : encodedWords(words, quotes: true) + " ") + "<\(address)>"
    }

    private static func domain(of address: String) -> String {
        guard let at = address.lastIndex(of: "@") else { return "localhost" }
        let domain = address[address.index(after: at)...]
        return domain.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? String(domain) : "localhost"
    }

    /// Without line breaks and other controls, which would end the field.
    private static func singleLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }

    /// A text as RFC 2047 encoded words of at most 75 characters, where it is not plain ASCII.
    private static func encodedWords(_ text: String, quotes: Bool = false) -> String {
        let text = singleLine(text)
        if text.utf8.allSatisfy({ $0 < 0x7F }), text.utf8.count <= 900, !text.contains("=?") {
            return quotes ? "\"" + text.filter { $0 != "\\" } + "\"" : text
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
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
        }
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
    fileprivate var replacingZone: String { hasSuffix("GMT") ? dropLast(3) + "+0000" : self }
}
