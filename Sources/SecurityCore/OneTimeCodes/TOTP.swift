/// A time-based one-time password (RFC 6238 over RFC 4226).
public struct TOTP {
    /// The raw key.
    public let key: SharedSecret
    /// The HMAC's digest; SHA-1 unless the wallet says otherwise.
    public let algorithm: LibCrypto.Digest
    /// Digits of a code, 6 to 10.
    public let digits: Int
    /// The time step X in seconds.
    public let period: Int64

    /// A TOTP of its key, with the usual parameters unless others are given.
    public init(key: SharedSecret, algorithm: LibCrypto.Digest = .sha1, digits: Int = 6, period: Int64 = 30) {
        self.key = key
        self.algorithm = algorithm
        self.digits = digits
        self.period = period
    }

    /// The code of a counter, ASCII digits; nil when libcrypto fails.
    public func code(counter: Int64) -> Secret? { nil }

    /// The counter within `window` seconds of `now` whose code this is, the latest if several; nil when there is none.
    /// `code` is ``digits`` ASCII digits. All codes of the window are computed and compared in constant time.
    public func counter(of code: Span<UInt8>, at now: Instant, window: Int64) -> Int64? { nil }
}
