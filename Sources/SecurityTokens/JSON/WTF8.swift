import SecurityCore

/// UTF-8 that also writes halves of surrogate pairs, as code points of their own.
enum WTF8 {
    /// Adds a code point below 0x110000.
    static func append(_ point: UInt32, to text: inout SecretBuilder) {
        switch point {
        case ..<0x80:
            text.append(UInt8(truncatingIfNeeded: point))
        case ..<0x800:
            text.append(UInt8(truncatingIfNeeded: 0xC0 | point >> 6))
            text.append(follower(point))
        case ..<0x10000:
            text.append(UInt8(truncatingIfNeeded: 0xE0 | point >> 12))
            text.append(follower(point >> 6))
            text.append(follower(point))
        default:
            text.append(UInt8(truncatingIfNeeded: 0xF0 | point >> 18))
            text.append(follower(point >> 12))
            text.append(follower(point >> 6))
            text.append(follower(point))
        }
    }

    private static func follower(_ bits: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | bits & 0x3F) }

    /// The code point at `index`, which moves behind it. The bytes are WTF-8; of others, any code point.
    static func next(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt32 {
        let first = UInt32(bytes[index])
        index += 1
        if first < 0x80 { return first }
        let followers = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        var point = first & (0x3F >> UInt32(followers))
        for _ in 0..<followers where index < bytes.count {
            point = point << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        return point
    }
}
