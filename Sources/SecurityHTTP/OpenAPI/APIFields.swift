import SecurityCore

/// Fields and members, in Flask-Security's names.
enum Fields {
    static let email = APIField(
        name: "email", schema: ["type": "string", "format": "email", "example": "jo@example.org"])

    static let remember = APIField(
        name: "remember", schema: ["type": "boolean", "description": "Whether to stay signed in on this device."])

    static let next = APIField(
        name: "next", schema: ["type": "string", "description": "Where a browser goes next: a path of this site."])

    static let includeToken = APIField(
        name: "include_auth_token",
        schema: [
            "type": "string", "description": "Answer with an authentication token, too; the value does not matter.",
        ])

    static let user = APIField(name: "user", schema: ["$ref": "#/components/schemas/User"])

    static let identityAttributes = APIField(
        name: "identity_attributes",
        schema: [
            "type": "array", "items": ["type": "string"], "description": "Columns of the account that may name it.",
        ])

    static let activePassword = APIField(
        name: "active_password", schema: ["type": "boolean", "description": "Whether the caller has a password."])

    static let webAuthn = APIField(
        name: "has_webauthn_verify_credential",
        schema: ["type": "boolean", "description": "Whether a passkey of the caller could make the session fresh."])

    static let csrfToken = APIField(
        name: "csrf_token", schema: ["type": "string", "description": "For the next request that needs one."])

    /// A password that an account has, or the second copy of a new one.
    static func password(_ name: String) -> APIField {
        APIField(name: name, schema: ["type": "string", "format": "password", "minLength": 1])
    }

    /// A password that an account shall have.
    static func newPassword(_ name: String, _ policy: Policy) -> APIField {
        APIField(
            name: name,
            schema: [
                "type": "string", "format": "password",
                "minLength": .integer(policy.passwords.minimumLength),
            ])
    }

    static func username(_ policy: Policy) -> APIField {
        APIField(
            name: "username",
            schema: [
                "type": "string", "minLength": .integer(policy.usernames.minimumLength),
                "maxLength": .integer(policy.usernames.maximumLength),
            ])
    }

    /// What may name the account that signs in.
    static func identities(_ web: WebPolicy, _ policy: Policy) -> [APIField] {
        let columns = policy.identities.map(\.column)
        return (columns.contains(.email) ? [email] : [])
            + (columns.contains(.username) && web.features.usernames ? [username(policy)] : [])
    }
}
