import SecurityCore

/// Flask-Login's mark of a browser, `_id` in the session: a session that turns up in another browser is no longer fresh
/// (SESSION_PROTECTION).
public enum SessionIdentifier {
    /// 128 hex digits: SHA-512 of the text `b'<address>'|b'<User-Agent>'`, in which `None` stands for what is missing.
    ///
    /// The header values are bytes as they came. The address is the first one of `X-Forwarded-For` if that header is there, else
    /// the peer's: it is no proof of anything, since a browser may send that header too.
    public static func hex(remoteAddress: [UInt8]?, forwardedFor: [UInt8]?, userAgent: [UInt8]?) -> String {
        let address = forwardedFor.map { first($0) } ?? remoteAddress
        let text = Array((python(address) + "|" + python(userAgent)).utf8)
        return LibCrypto.digest(.sha512, of: text.span).withBytes { Hex.text($0) }
    }

    /// The first address of a list, without blanks around it.
    private static func first(_ list: [UInt8]) -> [UInt8] {
        let element = list.prefix { $0 != UInt8(ascii: ",") }
        let start = element.drop { isBlank($0) }
        return Array(start.prefix((start.lastIndex { !isBlank($0) } ?? start.startIndex - 1) - start.startIndex + 1))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Python's `repr` of bytes. WSGI hands a header over as Latin-1, and Flask-Login encodes that as UTF-8: a byte beyond ASCII
    /// is two here.
    private static func python(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "None" }
        let quote = bytes.contains(0x27) && !bytes.contains(0x22) ? UInt8(0x22) : 0x27
        var text = "b"
        append(quote, to: &text)
        for byte in bytes {
            switch byte {
            case 0x5C, quote:
                text += "\\"
                append(byte, to: &text)
            case 0x09: text += "\\t"
            case 0x0A: text += "\\n"
            case 0x0D: text += "\\r"
            case 0x20..<0x7F: append(byte, to: &text)
            case 0x80...: text += hex(0xC0 | byte >> 6) + hex(0x80 | byte & 0x3F)
            default: text += hex(byte)
            }
        }
        append(quote, to: &text)
        return text
    }

    private static func append(_ byte: UInt8, to text: inout String) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
    }

    private static func hex(_ byte: UInt8) -> String { "\\x" + Hex.text([byte].span) }
}
