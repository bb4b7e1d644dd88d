/// A line of the published list: 40 hexadecimal digits, a colon, the count, CR LF or LF.
struct HashLine {
    /// Behind its end.
    let end: Int
    /// The first 64 bits of what there is of the hash.
    let key: UInt64
    /// How often the password was found.
    let count: Int

    /// The longest line that is read, its end included; 19 digits of a count.
    static let longest = 64

    /// The line that begins at `start` and ends before `limit` at the latest; nil when it is none. `skipping`: how many
    /// digits of the hash are left out at its beginning.
    init?(_ bytes: [UInt8], at start: Int, limit: Int, skipping: Int = 0) {
        let colon = start + PasswordHash.digitCount - skipping
        guard start >= 0, limit <= bytes.count, colon < limit, bytes[colon] == UInt8(ascii: ":") else { return nil }
        var key: UInt64 = 0
        for index in start..<colon {
            guard let digit = Hex.value(bytes[index]) else { return nil }
            if index < start + 16 { key = key << 4 | UInt64(digit) }
        }
        guard let (count, end) = HashLine.count(bytes, at: colon + 1, limit: limit) else { return nil }
        self.key = key
        self.count = count
        self.end = end
    }

    /// The decimal number at `start`, and where its line ends.
    private static func count(_ bytes: [UInt8], at start: Int, limit: Int) -> (count: Int, end: Int)? {
        var value = 0
        var index = start
        while index < limit, case let digit = bytes[index], (0x30...0x39).contains(digit) {
            guard index - start < 18 else { return nil }
            value = value * 10 + Int(digit - 0x30)
            index += 1
        }
        guard index > start else { return nil }
        if index < limit, bytes[index] == 0x0D { index += 1 }
        if index == limit { return (value, index) }
        return bytes[index] == 0x0A ? (value, index + 1) : nil
    }

    /// How the hash that begins at `start` compares with `hash`: less than 0 when it comes before it. What is no digit
    /// compares as 0; the line was parsed before.
    static func order(_ bytes: [UInt8], at start: Int, _ hash: borrowing PasswordHash, skipping: Int = 0) -> Int {
        for index in 0..<(PasswordHash.digitCount - skipping) where start + index < bytes.count {
            let digit = Hex.value(bytes[start + index]) ?? 0
            let other = hash.digit(index + skipping)
            if digit != other { return digit < other ? -1 : 1 }
        }
        return 0
    }
}
