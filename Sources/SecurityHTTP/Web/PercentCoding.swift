import SecurityCore

/// Percent-encoding (RFC 3986 section 2.1), as Werkzeug reads and writes it.
enum PercentCoding {
    /// The bytes of an encoded text, in wiped memory: a form's field may be a password. A `%` without two digits stands for
    /// itself; `+` is a blank in forms and queries.
    static func decode(_ text: Span<UInt8>, plusIsBlank: Bool = false) -> Secret {
        var decoded = SecretBuilder(capacity: text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0x25, index + 2 < text.count, let high = digit(text[index + 1]),
                let low = digit(text[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsBlank && text[index] == 0x2B ? 0x20 : text[index])
                index += 1
            }
        }
        return decoded.finish()
    }

    /// The same of what is no secret.
    static func decode(_ text: some Sequence<UInt8>, plusIsBlank: Bool = false) -> [UInt8] {
        let bytes = Array(text)
        return decode(bytes.span, plusIsBlank: plusIsBlank).bytes
    }

    /// Python's `quote(text, safe)`: letters, digits and `_.-~` stay, and what `safe` names.
    static func encode(_ text: String, safe: String = "", blankIsPlus: Bool = false) -> String {
        let kept = Set(safe.utf8)
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte) || kept.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else if byte == 0x20, blankIsPlus {
                encoded += "+"
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }

    /// The pairs of a query or a form, names and values as bytes.
    static func pairs(_ text: some Sequence<UInt8>) -> [(name: [UInt8], value: [UInt8])] {
        Array(text).split(separator: 0x26).map { part in
            let name = part.prefix { $0 != 0x3D }
            return (decode(name, plusIsBlank: true), decode(part.dropFirst(name.count + 1), plusIsBlank: true))
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
