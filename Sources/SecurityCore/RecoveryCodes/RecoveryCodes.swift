/// Flask-Security's recovery codes: `^[0-9a-f]{4}(-[0-9a-f]{4}){2}$`, in the column joined with commas.
public enum RecoveryCodes {
    /// `count` new codes; nil when the random generator fails.
    public static func generate(_ count: Int, random: (Int) -> Secret?) -> [SharedSecret]? { nil }

    /// The column's text of some codes.
    public static func column(of codes: [SharedSecret]) -> Secret { Secret(utf8: "") }

    /// The column's text without one code, which is compared exactly, in constant time; nil when it is not there.
    public static func column(_ column: Span<UInt8>, without code: Span<UInt8>) -> Secret? { nil }

    /// How many codes a column holds.
    public static func count(in column: Span<UInt8>) -> Int { 0 }
}
