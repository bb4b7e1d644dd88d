/// Which breached passwords are refused, and who knows them.
public struct BreachedPolicy: Equatable, Sendable {
    /// What happens when nobody can say whether a password is known.
    public enum Mode: String, Sendable {
        /// Nothing is looked up.
        case off
        /// The password passes.
        case bestEffort = "best-effort"
        /// The password is refused.
        case strict
    }

    /// The range API that Flask-Security asks.
    public static let publicService = "https://api.pwnedpasswords.com/range/"

    /// SECURITY_PASSWORD_CHECK_BREACHED.
    public var mode: Mode = .off
    /// SECURITY_PASSWORD_BREACHED_COUNT: how many breaches of a password it takes to refuse it; 1 or more.
    public var count = 1
    /// LIBSECURITY_BREACHED_FILE: the absolute path of a list or a filter; nil = none.
    public var file: String?
    /// LIBSECURITY_BREACHED_URL: the range API, to which five hexadecimal digits are appended.
    public var service = publicService

    /// Flask-Security's defaults: nothing is looked up.
    public init() {}
}
