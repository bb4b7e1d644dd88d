/// Base32 (RFC 4648 section 6) without padding, as TOTP keys are written.
public enum Base32 {
    /// What ``decode(_:_:)`` makes of characters outside the alphabet.
    public enum Reading {
        /// Padding at the end is ignored; anything else is refused.
        case stored
        /// Blanks, `-` and `=` are ignored anywhere, as in a key that somebody copied from a page.
        case typed
    }

    /// The upper-case text of some bytes.
    public static func encode(_ bytes: Span<UInt8>) -> Secret {
        var text = SecretBuilder(capacity: bytes.count * 8 / 5 + 1)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for index in bytes.indices {
            bits = bits << 8 | UInt32(bytes[index])
            count += 8
            while count >= 5 {
                count -= 5
                text.append(character(UInt8(truncatingIfNeeded: bits >> count & 31)))
            }
        }
        if count > 0 { text.append(character(UInt8(truncatingIfNeeded: bits << (5 - count) & 31))) }
        return text.finish()
    }

    /// The bytes of a text in either case, `8` read as `B` and `0` as `O` as passlib does; nil when a character or the
    /// length does not fit. Bits left over in the last character are ignored.
    public static func decode(_ text: Span<UInt8>, _ reading: Reading) -> Secret? {
        var bytes = SecretBuilder(capacity: text.count * 5 / 8 + 1)
        var bits: UInt32 = 0
        var digits = 0
        var index = 0
        let end = reading == .stored ? endWithoutPadding(text) : text.count
        while index < end {
            if reading == .typed, let skipped = ignored(text, at: index) {
                index += skipped
                continue
            }
            guard let value = value(text[index]) else { return nil }
            bits = bits << 5 | UInt32(value)
            digits += 1
            index += 1
            // A byte is whole after the digits 2, 4, 5, 7 and 8 of each group of 8.
            let spare = digits * 5 % 8
            if spare < 5 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(spare))) }
        }
        // 1, 3 or 6 digits end no byte.
        return digits * 5 % 8 < 5 ? bytes.finish() : nil
    }

    private static func endWithoutPadding(_ text: Span<UInt8>) -> Int {
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        return end
    }

    private static func ignored(_ text: Span<UInt8>, at index: Int) -> Int? {
        let byte = text[index]
        return byte == UInt8(ascii: "-") || byte == UInt8(ascii: "=") ? 1 : Blank.count(in: text, at: index)
    }

    /// The character of a value below 32, without a table: its place in memory would depend on the secret.
    private static func character(_ value: UInt8) -> UInt8 {
        // 26...31 are the digits 2...7, which stand 41 below where the letters would go on.
        let isDigit = (25 &- value) >> 7
        return 0x41 &+ value &- isDigit &* 41
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61
        case 0x32...0x37: character - 0x32 + 26
        case UInt8(ascii: "8"): 1
        case UInt8(ascii: "0"): 14
        default: nil
        }
    }
}
