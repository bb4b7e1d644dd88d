/// Strict UTF-8 (RFC 3629), as Python's decoder takes it.
enum UTF8Check {
    /// Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            index += 1
            if first < 0x80 { continue }
            guard let (followers, low, high) = shape(first), bytes.count - index >= followers,
                bytes[index] >= low, bytes[index] <= high
            else { return false }
            for place in index + 1..<index + max(followers, 1) where bytes[place] & 0xC0 != 0x80 { return false }
            index += followers
        }
        return true
    }

    /// How many bytes follow a first byte, and the range of the second one.
    private static func shape(_ first: UInt8) -> (followers: Int, low: UInt8, high: UInt8)? {
        switch first {
        case 0xC2...0xDF: (1, 0x80, 0xBF)
        case 0xE0: (2, 0xA0, 0xBF)
        case 0xE1...0xEC, 0xEE, 0xEF: (2, 0x80, 0xBF)
        case 0xED: (2, 0x80, 0x9F)
        case 0xF0: (3, 0x90, 0xBF)
        case 0xF1...0xF3: (3, 0x80, 0xBF)
        case 0xF4: (3, 0x80, 0x8F)
        default: nil
        }
    }
}
