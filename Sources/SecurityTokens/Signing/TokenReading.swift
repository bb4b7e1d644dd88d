/// What a token turned out to be; the cases are itsdangerous's exceptions.
public enum TokenReading: Equatable {
    /// Signed with one of our keys, and young enough where that was asked.
    case valid(SignedPayload)
    /// Signed with one of our keys, and too old or from the future (`SignatureExpired`). Its payload says whose it was; nil
    /// when it cannot be read.
    case expired(SignedPayload?)
    /// Not to be believed.
    case refused(TokenRefusal)

    /// The payload of a valid token.
    public var payload: SignedPayload? {
        if case .valid(let payload) = self { return payload }
        return nil
    }

    /// The payload of a token that one of our keys signed, however old, for explanations.
    public var signedPayload: (payload: SignedPayload, isExpired: Bool)? {
        switch self {
        case .valid(let payload): (payload, false)
        case .expired(let payload): payload.map { ($0, true) }
        case .refused: nil
        }
    }
}

/// A payload under a valid signature.
public struct SignedPayload: Equatable {
    /// What was signed.
    public var value: JSONValue
    /// When it was signed, in seconds since the epoch; nil for a form without a time.
    public var signedAt: Int64?
    /// Which key signed it: 0 is SECRET_KEY, 1 the first of SECRET_KEY_FALLBACKS.
    public var keyIndex: Int
}

/// Why a token is not to be believed.
public enum TokenRefusal: Equatable, Sendable {
    /// No signature, or not one of ours (`BadSignature`).
    case badSignature
    /// The signature of something with a time is not one of ours, or a signed time is missing or no time
    /// (`BadTimeSignature`).
    case badTimeSignature
    /// The signature is ours, and what was signed is not what it should be (`BadPayload`).
    case badPayload
    /// More than ``TokenLimits/longest`` bytes, which are not looked at.
    case tooLong
}

/// Limits on what a stranger may send.
public enum TokenLimits {
    /// Bytes of a token or cookie. Browsers keep 4,096, web servers take header lines of 8,192.
    public static let longest = 16_384
    /// The last second of the year 9999, Python's last one.
    static let lastSecond: UInt64 = 253_402_300_799
}
