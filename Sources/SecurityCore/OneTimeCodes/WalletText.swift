/// A stored wallet, parsed without ever showing a key to the JSON parser, which does not wipe its copies.
///
/// An encrypted key is no secret. One that stands there plainly is decoded first and overwritten in the copy that is
/// parsed; the parsed text must then hold exactly what it was overwritten with, in the place where the key belongs.
struct WalletText: ~Copyable {
    /// The object, a plain key masked.
    let json: JSONObject
    /// The plain key; nil when it is encrypted.
    let plainKey: SharedSecret?

    private static let mask = UInt8(ascii: "A")
    /// The most brackets that open, wherever they stand; a wallet has two. The parser's stack grows with their depth, and
    /// a thread of a host may have little.
    private static let mostBrackets = 16

    /// Parses a wallet's JSON; nil when it is none.
    init?(_ stored: Span<UInt8>) {
        let brackets = stored.indices.count { stored[$0] == UInt8(ascii: "{") || stored[$0] == UInt8(ascii: "[") }
        guard brackets <= WalletText.mostBrackets else { return nil }
        let place = WalletText.plainKeyPlace(stored)
        let masked = Secret(count: stored.count) { out in
            for index in stored.indices {
                let isKey = place.map { $0.contains(index) } ?? false
                out[index] = isKey ? WalletText.mask : stored[index]
            }
        }
        guard let parsed = masked.withBytes({ JSONObject($0) }) else { return nil }
        if let place {
            guard parsed.string("key") == String(repeating: "A", count: place.count), !parsed.contains("enckey"),
                let key = Base32.decode(stored.extracting(place), .typed)
            else { return nil }
            plainKey = SharedSecret(key)
        } else {
            guard !parsed.contains("key") else { return nil }
            plainKey = nil
        }
        json = parsed
    }

    /// Where the value of the first member named `key` stands, without its quotation marks.
    private static func plainKeyPlace(_ text: Span<UInt8>) -> Range<Int>? {
        let name: [UInt8] = [0x22, 0x6B, 0x65, 0x79, 0x22]
        var start = 0
        while start + name.count <= text.count {
            if name.indices.allSatisfy({ text[start + $0] == name[$0] }),
                let place = stringPlace(text, after: start + name.count)
            {
                return place
            }
            start += 1
        }
        return nil
    }

    /// Where a string stands that follows a colon and holds neither escapes nor control characters, which are no JSON.
    private static func stringPlace(_ text: Span<UInt8>, after start: Int) -> Range<Int>? {
        var index = skipBlanks(text, start)
        guard index < text.count, text[index] == UInt8(ascii: ":") else { return nil }
        index = skipBlanks(text, index + 1)
        guard index < text.count, text[index] == 0x22 else { return nil }
        let first = index + 1
        var end = first
        while end < text.count, text[end] != 0x22, text[end] != 0x5C, text[end] >= 0x20 { end += 1 }
        guard end < text.count, text[end] == 0x22 else { return nil }
        return first..<end
    }

    private static func skipBlanks(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[index]) { index += 1 }
        return index
    }
}

/// Strings inside JSON (RFC 8259 section 7).
enum JSONText {
    /// A text between quotation marks, as Python's json writes it: ASCII only.
    static func escaped(_ text: String) -> String {
        var result = ""
        for unit in text.utf16 {
            switch unit {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return result
    }
}
