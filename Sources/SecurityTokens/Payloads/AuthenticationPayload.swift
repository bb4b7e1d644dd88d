/// An authentication token, in one of three forms by the release that made it.
///
/// | release | signed value |
/// | --- | --- |
/// | 3.x | `[id, x, fs_uniquifier]` |
/// | 4.0 to 5.3 | `[fs_uniquifier]`, or `[fs_token_uniquifier]` where the model has that column |
/// | 5.4 on | `{"ver": "5", "uid": ..., "fs_paa": seconds, "exp": seconds or 0}`, and what an application adds |
public struct AuthenticationPayload: TokenPayload {
    /// The release's form.
    public enum Form: Equatable, Sendable {
        /// Three elements, of which the last one counts.
        case three
        /// One element.
        case one
        /// An object.
        case object
    }

    /// The form.
    public var form: Form
    /// Whose token it is: `fs_uniquifier`, or `fs_token_uniquifier`.
    public var uniquifier: JSONString
    /// `fs_paa`: when its owner showed a primary factor, in seconds since the epoch.
    public var authenticatedAt: Double?
    /// `exp`: the last second in which it is valid; 0 = no limit of its own.
    public var expiresAt: Int64

    /// A token as 5.0 writes it.
    public init(uniquifier: JSONString) {
        self.init(form: .one, uniquifier: uniquifier, authenticatedAt: nil, expiresAt: 0)
    }

    /// A token as 5.4 and later write it.
    public init(uniquifier: JSONString, authenticatedAt: Double, expiresAt: Int64 = 0) {
        self.init(form: .object, uniquifier: uniquifier, authenticatedAt: authenticatedAt, expiresAt: expiresAt)
    }

    private init(form: Form, uniquifier: JSONString, authenticatedAt: Double?, expiresAt: Int64) {
        self.form = form
        self.uniquifier = uniquifier
        self.authenticatedAt = authenticatedAt
        self.expiresAt = expiresAt
    }

    /// Any of the forms. An object needs `ver`, `uid` and `exp`; of an array the first of one or the third element counts, as in
    /// Flask-Security.
    public init?(_ value: JSONValue) {
        switch value {
        case .object:
            guard value["ver"] != nil, let uniquifier = value["uid"]?.string,
                let expiresAt = AuthenticationPayload.expiry(value["exp"])
            else { return nil }
            self.init(
                form: .object, uniquifier: uniquifier, authenticatedAt: value["fs_paa"]?.number, expiresAt: expiresAt)
        case .array(let elements):
            let isOne = elements.count == 1
            guard let uniquifier = value[isOne ? 0 : 2]?.string else { return nil }
            self.init(form: isOne ? .one : .three, uniquifier: uniquifier, authenticatedAt: nil, expiresAt: 0)
        case .null, .bool, .integer, .bigInteger, .real, .string:
            return nil
        }
    }

    /// What counts as no limit in Python, or a whole number of seconds.
    private static func expiry(_ value: JSONValue?) -> Int64? {
        switch value {
        case .integer(let seconds): seconds
        case .real(let seconds): Int64(exactly: seconds.rounded(.down))
        case .null: 0
        case .bool, .bigInteger, .string, .array, .object, nil: nil
        }
    }

    /// Whether its own limit has passed, in whole seconds. The age since signing (SECURITY_TOKEN_MAX_AGE) is not judged here.
    public func isExpired(nowSeconds: Int64) -> Bool { expiresAt != 0 && expiresAt < nowSeconds }

    /// The form's value. The first two elements of the oldest form meant nothing and are written empty.
    public var value: JSONValue {
        switch form {
        case .three: .array([.text(""), .text(""), .string(uniquifier)])
        case .one: .array([.string(uniquifier)])
        case .object:
            .object([
                JSONMember("ver", .text("5")), JSONMember("uid", .string(uniquifier)),
                JSONMember("fs_paa", authenticatedAt.map { .real($0) } ?? .null),
                JSONMember("exp", .integer(expiresAt)),
            ])
        }
    }
}

/// A two-factor validity token: the `fs_uniquifier` as a text.
public struct TwoFactorValidityPayload: TokenPayload {
    /// Who showed the second factor.
    public var uniquifier: JSONString

    /// By its part.
    public init(uniquifier: JSONString) {
        self.uniquifier = uniquifier
    }

    /// A text and nothing else.
    public init?(_ value: JSONValue) {
        guard let uniquifier = value.string else { return nil }
        self.init(uniquifier: uniquifier)
    }

    /// The text.
    public var value: JSONValue { .string(uniquifier) }
}

/// The signed part of Flask-WTF's CSRF token: the session's `csrf_token`, 40 hex digits.
public struct CSRFPayload: TokenPayload {
    /// What must equal the session's value.
    public var token: JSONString

    /// By its part.
    public init(token: JSONString) {
        self.token = token
    }

    /// A text and nothing else.
    public init?(_ value: JSONValue) {
        guard let token = value.string else { return nil }
        self.init(token: token)
    }

    /// The text.
    public var value: JSONValue { .string(token) }
}
