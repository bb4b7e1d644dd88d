/// Comparison whose time tells nothing about where two texts differ.
public enum ConstantTime {
    /// Whether both have the same length and bytes. Only the lengths influence the time.
    public static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// 1 when both are equal, else 0; without a branch.
    static func isEqual(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let difference = left ^ right
        return (difference | (0 &- difference)) >> 63 ^ 1
    }

    /// `yes` for a condition of 1, `no` for 0; without a branch.
    static func select(_ condition: UInt64, _ yes: UInt64, _ no: UInt64) -> UInt64 {
        let mask = 0 &- condition
        return yes & mask | no & ~mask
    }
}
