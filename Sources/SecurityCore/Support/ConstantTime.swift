/// Comparison whose time tells nothing about where two texts differ.
public enum ConstantTime {
    /// Whether both have the same length and bytes. Only the lengths influence the time.
    public static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
