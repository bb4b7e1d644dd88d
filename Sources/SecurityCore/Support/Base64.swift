/// Base64 (RFC 4648 section 4) and the forms of it that password hashes use.
public struct Base64: Sendable {
    private let characters: [UInt8]
    /// Whether `=` fills the last group.
    private let isPadded: Bool
    /// Whether unused low bits of the last character may be set. Decoding only.
    private let ignoresUnusedBits: Bool
    /// A second spelling of one character, read and never written.
    private let alias: (read: UInt8, as: UInt8)?

    private init(_ last: String, padded: Bool = false, ignoringUnusedBits: Bool = false, alias: (UInt8, UInt8)? = nil) {
        characters = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last).utf8)
        isPadded = padded
        ignoresUnusedBits = ignoringUnusedBits
        self.alias = alias
    }

    private init(bcrypt: Void) {
        characters = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        isPadded = false
        ignoresUnusedBits = true
        alias = nil
    }

    /// RFC 4648 with padding.
    public static let standard = Base64("+/", padded: true)
    /// Without padding, as PHC strings have it (argon2); unused bits must be zero, as libargon2 demands.
    public static let phc = Base64("+/")
    /// Without padding, unused bits ignored: passlib's b64s, of scrypt.
    public static let lenient = Base64("+/", ignoringUnusedBits: true)
    /// passlib's ab64: `.` for `+`, no padding. `+` is read too, and unused bits are ignored, as passlib does.
    public static let ab64 = Base64("./", ignoringUnusedBits: true, alias: (0x2B, 0x2E))
    /// RFC 4648 section 5 without padding, as itsdangerous writes it.
    public static let urlSafe = Base64("-_", ignoringUnusedBits: true)
    /// RFC 4648 section 5 with padding, as Fernet writes it.
    public static let fernet = Base64("-_", padded: true)
    /// bcrypt's alphabet, without padding.
    public static let bcrypt = Base64(bcrypt: ())

    /// The text of `bytes`.
    public func encode(_ bytes: Span<UInt8>) -> Secret {
        let characterCount = isPadded ? (bytes.count + 2) / 3 * 4 : (bytes.count * 4 + 2) / 3
        return Secret(count: characterCount) { out in
            var position = 0
            var group: UInt32 = 0
            for index in bytes.indices {
                group = group << 8 | UInt32(bytes[index])
                guard index % 3 == 2 else { continue }
                for shift in [18, 12, 6, 0] { put(group >> shift, &out, &position) }
                group = 0
            }
            let rest = bytes.count % 3
            if rest == 1 { for shift in [2, -4] { put(group >> shift, &out, &position) } }
            if rest == 2 { for shift in [10, 4, -2] { put(group >> shift, &out, &position) } }
            while position < out.count {
                out[position] = 0x3D
                position += 1
            }
        }
    }

    /// The bytes of an unpadded text; nil for a character outside the alphabet, an impossible length or, where they
    /// count, unused bits that are not zero.
    public func decode(_ text: Span<UInt8>) -> Secret? {
        guard text.count % 4 != 1 else { return nil }
        var isValid = true
        let bytes = Secret(count: text.count / 4 * 3 + (text.count % 4 * 3) / 4) { out in
            var position = 0
            var bits: UInt32 = 0
            var bitCount = 0
            for index in text.indices {
                guard let value = value(of: text[index]) else {
                    isValid = false
                    return
                }
                bits = (bits << 6 | UInt32(value)) & 0xFFF
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                out[position] = UInt8(truncatingIfNeeded: bits >> bitCount)
                position += 1
            }
            isValid = ignoresUnusedBits || bits & ((1 << bitCount) - 1) == 0
        }
        guard isValid else { return nil }
        return bytes
    }

    /// The character with `character`'s value and its unused low bits, of which there are `count`, cleared.
    func clearingUnusedBits(_ count: Int, of character: UInt8) -> UInt8? {
        guard let value = value(of: character) else { return nil }
        return characters[Int((value >> count) << count)]
    }

    private func put(_ value: UInt32, _ out: inout MutableSpan<UInt8>, _ position: inout Int) {
        out[position] = characters[Int(value & 63)]
        position += 1
    }

    /// The value of a character. Looks at the whole alphabet each time: the time says nothing about the text.
    private func value(of character: UInt8) -> UInt8? {
        let character = character == alias?.read ? alias?.as ?? character : character
        var found: UInt8?
        for index in characters.indices where characters[index] == character {
            found = UInt8(truncatingIfNeeded: index)
        }
        return found
    }
}
