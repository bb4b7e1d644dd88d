/// Who may log in on hosts.
public struct HostPolicy: Sendable {
    /// What a Unix login name is compared with.
    public enum Identity: String, Sendable {
        /// The `username` column, byte for byte.
        case username
        /// The `email` column: the name, `@`, and ``HostPolicy/emailDomain``.
        case email
    }

    /// The grant that an account needs.
    public enum Admission: Equatable, Sendable {
        /// Every account.
        case everybody
        /// Nobody: anybody may register, and no role was named.
        case nobody
        /// Accounts with one of these roles.
        case roles([String])
    }

    /// LIBSECURITY_PAM_IDENTITY, in order.
    public var identities: [Identity] = [.username, .email]
    /// LIBSECURITY_PAM_EMAIL_DOMAIN; without it no e-mail address is looked up.
    public var emailDomain: String?
    /// LIBSECURITY_PAM_ROLES_ACCEPTED, or what its absence means.
    public var admission: Admission = .everybody
    /// LIBSECURITY_PAM_ALLOW_ROOT.
    public var allowsRoot = false

    /// The defaults of a closed site.
    public init() {}
}
