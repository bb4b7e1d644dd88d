/// Hexadecimal digits (RFC 4648 section 8), lower case.
public enum Hex {
    /// Two digits for each byte, of bytes that are not secret.
    public static func text(_ bytes: Span<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for index in bytes.indices { digits += [digit(bytes[index] >> 4), digit(bytes[index] & 15)] }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Two digits for each byte.
    public static func encode(_ bytes: Span<UInt8>) -> Secret {
        Secret(count: bytes.count * 2) { out in
            for index in bytes.indices {
                out[2 * index] = digit(bytes[index] >> 4)
                out[2 * index + 1] = digit(bytes[index] & 15)
            }
        }
    }

    /// The bytes of an even number of digits in either case; nil for anything else.
    public static func decode(_ text: Span<UInt8>) -> Secret? {
        guard text.count % 2 == 0, text.indices.allSatisfy({ value(text[$0]) != nil }) else { return nil }
        return Secret(count: text.count / 2) { out in
            for index in out.indices {
                out[index] = (value(text[2 * index]) ?? 0) << 4 | (value(text[2 * index + 1]) ?? 0)
            }
        }
    }

    /// The digit of a value below 16, without a table: its place in memory would depend on the secret.
    private static func digit(_ value: UInt8) -> UInt8 {
        // 0x27 takes 10...15 from behind "9" to "a"...
        let isLetter = (9 &- value) >> 7
        return 0x30 &+ value &+ isLetter &* 0x27
    }

    /// The value of a digit in either case; nil for anything else.
    public static func digit(_ digit: UInt8) -> UInt8? { value(digit) }

    /// The value of a digit.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        case 0x41...0x46: digit - 0x41 + 10
        default: nil
        }
    }
}
