public import SecurityCore

/// Flask's session cookie: tagged JSON under a signature with a time.
public final class SessionCookie {
    private let serializer: TimedSerializer

    /// Cookies signed with `key` (SECRET_KEY), and read with `fallbacks` (SECRET_KEY_FALLBACKS) too.
    public init(key: SharedSecret, fallbacks: [SharedSecret] = []) {
        serializer = TimedSerializer(
            Signer(key: key, fallbacks: fallbacks, salt: "cookie-session", derivation: .hmac), style: .flask)
    }

    /// What a cookie turned out to be.
    public enum Reading: Equatable {
        /// A session, signed at a second since the epoch with a key (see ``SignedPayload/keyIndex``).
        case valid(FlaskSession, signedAt: Int64, keyIndex: Int)
        /// Too old or from the future; nil when its content cannot be read.
        case expired(FlaskSession?)
        /// Not to be believed.
        case refused(TokenRefusal)
    }

    /// What a cookie is at `now`. `maxAge` is PERMANENT_SESSION_LIFETIME in whole seconds.
    public func read(_ cookie: Span<UInt8>, maxAge: Int64, now: Instant) -> Reading {
        switch serializer.loads(cookie, maxAge: maxAge, now: now) {
        case .valid(let payload):
            guard let session = SessionCookie.session(payload.value), let signedAt = payload.signedAt else {
                return .refused(.badPayload)
            }
            return .valid(session, signedAt: signedAt, keyIndex: payload.keyIndex)
        case .expired(let payload):
            return .expired(payload.flatMap { SessionCookie.session($0.value) })
        case .refused(let refusal):
            return .refused(refusal)
        }
    }

    /// The cookie of a session, signed at `now`.
    public func write(_ session: FlaskSession, at now: Instant) -> Secret {
        serializer.dumps(TaggedJSON.tag(.dictionary(session.members)), at: now)
    }

    /// The content of a cookie whoever signed it, for explanations; never a reason to grant anything.
    public static func unverifiedSession(_ cookie: Span<UInt8>) -> FlaskSession? {
        TimedSerializer.unverifiedPayload(cookie).flatMap { session($0) }
    }

    /// A session is a dictionary.
    private static func session(_ value: JSONValue) -> FlaskSession? {
        guard case .dictionary(let members) = TaggedJSON.untag(value) else { return nil }
        return FlaskSession(members)
    }
}
