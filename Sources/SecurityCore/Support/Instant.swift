/// A moment: microseconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch.
    public let microseconds: Int64

    /// A moment by its microseconds since the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// A moment by its whole seconds since the epoch. Values beyond 292,000 years are cut to the nearest that fits.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// Whole seconds since the epoch, rounded towards the past.
    public var seconds: Int64 {
        let quotient = microseconds / 1_000_000
        return microseconds % 1_000_000 < 0 ? quotient - 1 : quotient
    }

    /// Whether `left` is earlier.
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}
