/// crypt(3)'s base64: digits of 6 bits, low ones first (passlib: `h64`).
enum Hash64 {
    /// The value of a digit.
    static func value(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x2E...0x39: Int(digit) - 0x2E
        case 0x41...0x5A: Int(digit) - 0x41 + 12
        case 0x61...0x7A: Int(digit) - 0x61 + 38
        default: nil
        }
    }

    /// The value of up to ten digits.
    static func integer(_ digits: Span<UInt8>) -> Int? {
        guard digits.count <= 10 else { return nil }
        var result = 0
        for index in digits.indices {
            guard let value = value(digits[index]) else { return nil }
            result |= value << (6 * index)
        }
        return result
    }

    /// `value` in `count` digits.
    static func text(_ value: Int, count: Int) -> String {
        var text = ""
        for index in 0..<count {
            text.unicodeScalars.append(Unicode.Scalar(ModularCrypt.hash64[(value >> (6 * index)) & 63]))
        }
        return text
    }

    /// The bytes of a text. Unused bits of the last digit are ignored, as passlib does; nil for another character and for
    /// a length that no bytes have.
    static func decode(_ text: Span<UInt8>) -> Secret? {
        guard text.count % 4 != 1, text.isHash64 else { return nil }
        return Secret(count: text.count * 6 / 8) { out in
            var bits = 0
            var bitCount = 0
            var position = 0
            for index in text.indices {
                bits |= (value(text[index]) ?? 0) << bitCount
                bitCount += 6
                guard bitCount >= 8 else { continue }
                out[position] = UInt8(truncatingIfNeeded: bits)
                position += 1
                bits >>= 8
                bitCount -= 8
            }
        }
    }

    /// The text of bytes.
    static func encode(_ bytes: Span<UInt8>) -> Secret {
        Secret(count: (bytes.count * 8 + 5) / 6) { out in
            var bits = 0
            var bitCount = 0
            var position = 0
            for index in bytes.indices {
                bits |= Int(bytes[index]) << bitCount
                bitCount += 8
                while bitCount >= 6 {
                    out[position] = ModularCrypt.hash64[bits & 63]
                    position += 1
                    bits >>= 6
                    bitCount -= 6
                }
            }
            if bitCount > 0 { out[position] = ModularCrypt.hash64[bits & 63] }
        }
    }
}
