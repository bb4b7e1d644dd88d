/// `us_totp_secrets`: the wallets of unified sign-in by method, each wallet's text as a JSON string.
///
///     {"authenticator": "{\"enckey\":{...},\"type\":\"totp\",\"v\":1}", "email": "..."}
///
/// Read by hand, as a wallet may hold a key that is not encrypted and a JSON parser does not wipe its copies. A column that
/// is no such object, is longer than ``longestColumn`` or names a method twice has no wallets at all.
public struct UnifiedSecrets {
    /// The most bytes that are read.
    public static let longestColumn = 16_384
    /// The most methods; Flask-Security has three.
    static let mostMethods = 16

    /// A method and where its wallet stands, without the quotation marks.
    private struct Entry {
        let method: String
        let place: Range<Int>
    }

    private let column: SharedSecret
    private let entries: [Entry]

    /// Reads a column; nil when it is none.
    public init?(_ column: SharedSecret) {
        guard let entries = column.withBytes({ UnifiedSecrets.entries(of: $0) }) else { return nil }
        self.column = column
        self.entries = entries
    }

    /// The methods that have a wallet, in their order; names of an application's own included.
    public var methods: [String] { entries.map { $0.method } }

    /// The wallet of a method; nil when there is none, or when its text is no JSON string.
    public func wallet(of method: String) -> SharedSecret? {
        guard let entry = entries.first(where: { $0.method == method }) else { return nil }
        return column.withBytes { column in
            guard let wallet = JSONText.unescaped(column.extracting(entry.place)) else { return nil }
            return SharedSecret(wallet)
        }
    }

    /// The column with another wallet for a method that has one; every other byte stays as it is.
    func replacing(_ wallet: SharedSecret, of method: String) -> SharedSecret? {
        guard let entry = entries.first(where: { $0.method == method }) else { return nil }
        return column.withBytes { column in
            var out = SecretBuilder(capacity: column.count + wallet.count)
            out.append(column.extracting(..<entry.place.lowerBound))
            wallet.withBytes { wallet in
                for index in wallet.indices {
                    let byte = wallet[index]
                    if byte == 0x22 || byte == 0x5C { out.append(0x5C) }
                    out.append(byte)
                }
            }
            out.append(column.extracting(entry.place.upperBound...))
            return SharedSecret(out.finish())
        }
    }

    // MARK: Reading

    private static func entries(of text: Span<UInt8>) -> [Entry]? {
        guard text.count <= longestColumn else { return nil }
        var index = 0
        guard take(UInt8(ascii: "{"), text, &index) else { return nil }
        var entries: [Entry] = []
        if !take(UInt8(ascii: "}"), text, &index) {
            repeat {
                guard entries.count < mostMethods, let entry = entry(text, &index),
                    !entries.contains(where: { $0.method == entry.method })
                else { return nil }
                entries.append(entry)
            } while take(UInt8(ascii: ","), text, &index)
            guard take(UInt8(ascii: "}"), text, &index) else { return nil }
        }
        skipBlanks(text, &index)
        return index == text.count ? entries : nil
    }

    private static func entry(_ text: Span<UInt8>, _ index: inout Int) -> Entry? {
        guard let name = string(text, &index), take(UInt8(ascii: ":"), text, &index),
            let place = string(text, &index), let method = JSONText.unescaped(text.extracting(name))
        else { return nil }
        return Entry(method: method.withBytes { $0.asciiText }, place: place)
    }

    /// What stands between quotation marks here.
    private static func string(_ text: Span<UInt8>, _ index: inout Int) -> Range<Int>? {
        guard take(0x22, text, &index) else { return nil }
        let first = index
        while index < text.count, text[index] != 0x22 {
            guard text[index] >= 0x20 else { return nil }
            // Whatever is escaped does not end the string.
            index += text[index] == 0x5C ? 2 : 1
        }
        guard index < text.count else { return nil }
        index += 1
        return first..<(index - 1)
    }

    private static func take(_ byte: UInt8, _ text: Span<UInt8>, _ index: inout Int) -> Bool {
        skipBlanks(text, &index)
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    private static func skipBlanks(_ text: Span<UInt8>, _ index: inout Int) {
        while index < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[index]) { index += 1 }
    }
}

extension JSONText {
    /// What a JSON string's inside says, in UTF-8; nil when an escape is none or stands for half a character.
    static func unescaped(_ text: Span<UInt8>) -> Secret? {
        var out = SecretBuilder(capacity: text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == 0x5C else {
                out.append(byte)
                continue
            }
            guard index < text.count else { return nil }
            let escape = text[index]
            index += 1
            if escape == UInt8(ascii: "u") {
                guard let scalar = scalar(text, &index) else { return nil }
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { out.append(unit) }
            } else {
                guard let plain = plain(escape) else { return nil }
                out.append(plain)
            }
        }
        return out.finish()
    }

    private static func plain(_ escape: UInt8) -> UInt8? {
        switch escape {
        case 0x22, 0x5C, 0x2F: escape
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The character of one `\u` or of a pair of them (RFC 8259 section 7); the first `\u` was read.
    private static func scalar(_ text: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = unit(text, &index) else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(UInt32(first)) }
        guard text.count - index >= 6, text[index] == 0x5C, text[index + 1] == UInt8(ascii: "u") else { return nil }
        index += 2
        guard let second = unit(text, &index), UTF16.isTrailSurrogate(second) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    }

    private static func unit(_ text: Span<UInt8>, _ index: inout Int) -> UInt16? {
        guard text.count - index >= 4 else { return nil }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(text[index]) else { return nil }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
