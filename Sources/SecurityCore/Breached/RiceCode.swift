/// Writes bits, the lowest of a byte first.
struct BitWriter {
    /// Whole bytes so far; whoever takes them away clears this.
    var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingCount: UInt64 = 0

    /// Adds the lowest `count` bits of a number, 0 to 32.
    mutating func append(_ bits: UInt64, count: Int) {
        let count = UInt64(count)
        pending |= (bits & ((1 << count) - 1)) << pendingCount
        pendingCount += count
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }

    /// Adds a gap: its quotient as ones and a zero, then its remainder.
    mutating func append(gap: UInt64, remainderBits: Int) {
        var quotient = gap >> UInt64(remainderBits)
        while quotient >= 32 {
            append(.max, count: 32)
            quotient -= 32
        }
        append((1 << quotient) - 1, count: Int(quotient))
        append(0, count: 1)
        // At most 24 bits: FilterShape.
        append(gap, count: remainderBits)
    }

    /// Fills the last byte with ones, which begin a gap that does not end.
    mutating func pad() {
        if pendingCount > 0 { append(.max, count: Int(8 - pendingCount)) }
    }
}

/// Reads the values of a bucket in their order.
struct RiceReader {
    /// The bytes are no bucket.
    struct Damage: Error {}

    private let bytes: [UInt8]
    private let remainderBits: Int
    /// The greatest value that a bucket can hold.
    private let greatest: UInt64
    private var position = 0
    /// The smallest value that may come next; nil when the greatest was read.
    private var floor: UInt64? = 0

    init(_ bytes: [UInt8], _ shape: FilterShape) {
        self.bytes = bytes
        remainderBits = shape.remainderBits
        greatest = shape.localBits == 64 ? .max : (UInt64(1) << UInt64(shape.localBits)) - 1
    }

    /// The next value; nil at the end.
    mutating func next() throws(Damage) -> UInt64? {
        var quotient: UInt64 = 0
        while true {
            // Ones at the end are the padding.
            guard let bit = bit() else { return nil }
            if bit == 0 { break }
            quotient += 1
        }
        var remainder: UInt64 = 0
        for index in 0..<remainderBits {
            guard let bit = bit() else { throw Damage() }
            remainder |= UInt64(bit) << UInt64(index)
        }
        let room = greatest >> UInt64(remainderBits)
        guard let floor, quotient <= room else { throw Damage() }
        let (value, isTooGreat) = floor.addingReportingOverflow(quotient << UInt64(remainderBits) | remainder)
        guard !isTooGreat, value <= greatest else { throw Damage() }
        self.floor = value < greatest ? value + 1 : nil
        return value
    }

    private mutating func bit() -> UInt8? {
        guard position >> 3 < bytes.count else { return nil }
        let bit = bytes[position >> 3] >> UInt8(position & 7) & 1
        position += 1
        return bit
    }
}
