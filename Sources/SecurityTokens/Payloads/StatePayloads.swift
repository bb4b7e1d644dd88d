/// A unified sign-in method being set up: `{"totp_secret", "chosen_method", "phone_number"}`.
public struct UnifiedSetupPayload: TokenPayload {
    /// The wallet of the method's new key, JSON in a text.
    public var wallet: JSONString
    /// "email", "sms" or "authenticator".
    public var method: JSONString
    /// Where texts go; nil for other methods.
    public var phoneNumber: JSONString?

    /// By its three parts.
    public init(wallet: JSONString, method: JSONString, phoneNumber: JSONString?) {
        self.wallet = wallet
        self.method = method
        self.phoneNumber = phoneNumber
    }

    /// All three members must be there.
    public init?(_ value: JSONValue) {
        guard let wallet = value["totp_secret"]?.string, let method = value["chosen_method"]?.string,
            let phone = value["phone_number"], phone == .null || phone.string != nil
        else { return nil }
        self.init(wallet: wallet, method: method, phoneNumber: phone.string)
    }

    /// The object.
    public var value: JSONValue {
        .object([
            JSONMember("totp_secret", .string(wallet)), JSONMember("chosen_method", .string(method)),
            JSONMember("phone_number", phoneNumber.map { .string($0) } ?? .null),
        ])
    }
}

/// A second factor being set up (5.5 and later): `{"totp_secret", "method", "phone"}`.
public struct TwoFactorSetupPayload: TokenPayload {
    /// The wallet of the method's new key, JSON in a text.
    public var wallet: JSONString
    /// "email", "sms" or "authenticator".
    public var method: JSONString
    /// Where texts go; nil for other methods.
    public var phoneNumber: JSONString?

    /// By its three parts.
    public init(wallet: JSONString, method: JSONString, phoneNumber: JSONString?) {
        self.wallet = wallet
        self.method = method
        self.phoneNumber = phoneNumber
    }

    /// All three members must be there.
    public init?(_ value: JSONValue) {
        guard let wallet = value["totp_secret"]?.string, let method = value["method"]?.string,
            let phone = value["phone"], phone == .null || phone.string != nil
        else { return nil }
        self.init(wallet: wallet, method: method, phoneNumber: phone.string)
    }

    /// The object.
    public var value: JSONValue {
        .object([
            JSONMember("totp_secret", .string(wallet)), JSONMember("method", .string(method)),
            JSONMember("phone", phoneNumber.map { .string($0) } ?? .null),
        ])
    }
}

/// A WebAuthn ceremony under way.
///
/// Registration: `{"challenge", "name", "usage", "user_verification"}`. Sign-in and verification: `{"challenge",
/// "user_verification"}`. Both have the same salt, and Flask-Security 5.0 takes a registration's state for a sign-in; here they
/// are two cases, and whoever expects one refuses the other.
public enum WebAuthnPayload: TokenPayload {
    /// A key being registered.
    case registration(challenge: JSONString, name: JSONString, usage: JSONString, userVerification: Bool)
    /// A key being used.
    case authentication(challenge: JSONString, userVerification: Bool)

    /// The members of one of both, and no others.
    public init?(_ value: JSONValue) {
        guard let members = value.members, let challenge = value["challenge"]?.string,
            let userVerification = value["user_verification"]?.bool
        else { return nil }
        if let name = value["name"]?.string, let usage = value["usage"]?.string, members.count == 4 {
            self = .registration(challenge: challenge, name: name, usage: usage, userVerification: userVerification)
        } else if members.count == 2 {
            self = .authentication(challenge: challenge, userVerification: userVerification)
        } else {
            return nil
        }
    }

    /// The object.
    public var value: JSONValue {
        switch self {
        case .registration(let challenge, let name, let usage, let userVerification):
            .object([
                JSONMember("challenge", .string(challenge)), JSONMember("name", .string(name)),
                JSONMember("usage", .string(usage)), JSONMember("user_verification", .bool(userVerification)),
            ])
        case .authentication(let challenge, let userVerification):
            .object([
                JSONMember("challenge", .string(challenge)), JSONMember("user_verification", .bool(userVerification)),
            ])
        }
    }
}

/// A refresh token (5.9): `{"ver": "1", "uid", "expires_at", "last_used_at", "name", "family", "gen"}`.
public struct RefreshPayload: TokenPayload {
    /// Whose token it is.
    public var uniquifier: JSONString
    /// When it ends, in seconds since the epoch.
    public var expiresAt: Double
    /// When it was made or last exchanged, in seconds since the epoch.
    public var lastUsedAt: Double
    /// What its owner calls it.
    public var name: JSONString
    /// The family of tokens that came one from the other.
    public var family: JSONString
    /// Its number in the family.
    public var generation: Int64

    /// By its parts.
    public init(
        uniquifier: JSONString, expiresAt: Double, lastUsedAt: Double, name: JSONString, family: JSONString,
        generation: Int64
    ) {
        self.uniquifier = uniquifier
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.name = name
        self.family = family
        self.generation = generation
    }

    /// All seven members must be there, and `ver` must be "1".
    public init?(_ value: JSONValue) {
        guard value["ver"] == .text("1"), let uniquifier = value["uid"]?.string,
            let expiresAt = value["expires_at"]?.number, let lastUsedAt = value["last_used_at"]?.number,
            let name = value["name"]?.string, let family = value["family"]?.string,
            let generation = value["gen"]?.integer
        else { return nil }
        self.init(
            uniquifier: uniquifier, expiresAt: expiresAt, lastUsedAt: lastUsedAt, name: name, family: family,
            generation: generation)
    }

    /// The object.
    public var value: JSONValue {
        .object([
            JSONMember("ver", .text("1")), JSONMember("uid", .string(uniquifier)),
            JSONMember("expires_at", .real(expiresAt)), JSONMember("last_used_at", .real(lastUsedAt)),
            JSONMember("name", .string(name)), JSONMember("family", .string(family)),
            JSONMember("gen", .integer(generation)),
        ])
    }
}
