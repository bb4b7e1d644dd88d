/// A confirmation link: `[fs_uniquifier, hash_data(email)]`.
public struct ConfirmPayload: TokenPayload {
    /// Whose address it is.
    public var uniquifier: JSONString
    /// A ``DataHash`` of the address at the time of signing.
    public var emailHash: JSONString

    /// By its two parts.
    public init(uniquifier: JSONString, emailHash: JSONString) {
        self.uniquifier = uniquifier
        self.emailHash = emailHash
    }

    /// Elements behind the second one are ignored, as Flask-Security does.
    public init?(_ value: JSONValue) {
        guard let uniquifier = value[0]?.string, let emailHash = value[1]?.string else { return nil }
        self.init(uniquifier: uniquifier, emailHash: emailHash)
    }

    /// The array.
    public var value: JSONValue { .array([.string(uniquifier), .string(emailHash)]) }
}

/// A reset link: `[fs_uniquifier, hash_data(stored password)]`, or `null` for an account without one.
///
/// 5.3 and later write the hash and no longer look at it.
public struct ResetPayload: TokenPayload {
    /// Whose password it is.
    public var uniquifier: JSONString
    /// A ``DataHash`` of the stored password string at the time of signing; nil when there was none.
    public var passwordHash: JSONString?

    /// By its two parts.
    public init(uniquifier: JSONString, passwordHash: JSONString?) {
        self.uniquifier = uniquifier
        self.passwordHash = passwordHash
    }

    /// Elements behind the second one are ignored, as Flask-Security does.
    public init?(_ value: JSONValue) {
        guard let uniquifier = value[0]?.string, let second = value[1] else { return nil }
        guard second == .null || second.string != nil else { return nil }
        self.init(uniquifier: uniquifier, passwordHash: second.string)
    }

    /// The array.
    public var value: JSONValue {
        .array([.string(uniquifier), passwordHash.map { .string($0) } ?? .null])
    }
}

/// A sign-in link: `[fs_uniquifier]`.
public struct LoginPayload: TokenPayload {
    /// Who signs in.
    public var uniquifier: JSONString

    /// By its part.
    public init(uniquifier: JSONString) {
        self.uniquifier = uniquifier
    }

    /// Elements behind the first one are ignored, as Flask-Security does.
    public init?(_ value: JSONValue) {
        guard let uniquifier = value[0]?.string else { return nil }
        self.init(uniquifier: uniquifier)
    }

    /// The array.
    public var value: JSONValue { .array([.string(uniquifier)]) }
}

/// A link that confirms a new address (5.5 and later): `[fs_uniquifier, hash_data(old address), new address]`.
public struct ChangeEmailPayload: TokenPayload {
    /// Whose address changes.
    public var uniquifier: JSONString
    /// A ``DataHash`` of the address at the time of signing.
    public var oldEmailHash: JSONString
    /// The address to be.
    public var newEmail: JSONString

    /// By its three parts.
    public init(uniquifier: JSONString, oldEmailHash: JSONString, newEmail: JSONString) {
        self.uniquifier = uniquifier
        self.oldEmailHash = oldEmailHash
        self.newEmail = newEmail
    }

    /// Exactly three texts: Flask-Security unpacks them.
    public init?(_ value: JSONValue) {
        guard let elements = value.elements, elements.count == 3, let uniquifier = value[0]?.string,
            let oldEmailHash = value[1]?.string, let newEmail = value[2]?.string
        else { return nil }
        self.init(uniquifier: uniquifier, oldEmailHash: oldEmailHash, newEmail: newEmail)
    }

    /// The array.
    public var value: JSONValue { .array([.string(uniquifier), .string(oldEmailHash), .string(newEmail)]) }
}
