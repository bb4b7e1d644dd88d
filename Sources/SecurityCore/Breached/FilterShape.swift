/// The parameters of a filter: how much of each hash is kept, and how it is coded.
///
/// Each hash is cut to its first `valueBits` bits. The values are ordered; they are divided by their first `directoryBits` bits
/// into buckets of about 256, which a directory leads to, and in a bucket the gap between a value and the next is written in
/// Golomb-Rice code (Golomb 1966, Rice 1979): the gap's quotient by 2^`remainderBits` as ones and a zero, then the remainder.
/// SHA-1 spreads evenly, which makes this code nearly the shortest there is.
public struct FilterShape: Equatable, Sendable {
    /// Bits of each hash, 1 to 64.
    public let valueBits: Int
    /// Bits of the number of a bucket.
    public let directoryBits: Int
    /// Bits of a gap's remainder.
    public let remainderBits: Int

    /// Values in a bucket, as a power of two.
    private static let bucketBits = 8
    /// What ``init(values:falsePositiveBits:)`` takes: a rate of 1 in 64 to 1 in 16,777,216.
    public static let falsePositiveRange = 6...24

    /// A shape for about `values` hashes that takes at most one unknown password in 2^`falsePositiveBits` for a known one.
    public init(values: Int64, falsePositiveBits: Int) {
        let range = FilterShape.falsePositiveRange
        let bits = min(max(falsePositiveBits, range.lowerBound), range.upperBound)
        let values = max(values, 1)
        // The smallest power of two that is not below: 2^40 hashes are more than there will be.
        let count = min(Int64.bitWidth - (values - 1).leadingZeroBitCount, 40)
        valueBits = count + bits
        directoryBits = max(count - FilterShape.bucketBits, 0)
        // The best remainder holds the mean gap times ln 2; the mean is between 2^bits and 2^(bits + 1).
        let isWide = (Int64(1) << Int64(count)) * 69 / 100 >= values
        remainderBits = isWide ? bits : bits - 1
    }

    /// The shape that a file names; nil when no filter can have it.
    init?(valueBits: UInt8, directoryBits: UInt8, remainderBits: UInt8) {
        guard (1...64).contains(valueBits), directoryBits <= 32, directoryBits < valueBits, remainderBits < valueBits
        else {
            return nil
        }
        self.valueBits = Int(valueBits)
        self.directoryBits = Int(directoryBits)
        self.remainderBits = Int(remainderBits)
    }

    /// How many buckets there are.
    var buckets: Int { 1 << directoryBits }

    /// Bits of a value inside its bucket, 1 to 64.
    var localBits: Int { valueBits - directoryBits }

    /// The bucket of a hash, and its value there. `key` is the hash's first 64 bits.
    func place(of key: UInt64) -> (bucket: Int, local: UInt64) {
        let value = key >> UInt64(64 - valueBits)
        let mask = localBits == 64 ? UInt64.max : (UInt64(1) << UInt64(localBits)) - 1
        return (localBits == 64 ? 0 : Int(truncatingIfNeeded: value >> UInt64(localBits)), value & mask)
    }
}
