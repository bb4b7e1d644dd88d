/// How tokens and cookies that name an account are signed, and for how long they are good.
public struct TokenPolicy: Equatable, Sendable {
    /// What one kind of token is signed with, and its age limit.
    public struct Rule: Equatable, Sendable {
        /// What keeps a token of one kind from being taken for another: a word in the key's derivation, neither random
        /// nor secret.
        public var salt: String
        /// The greatest age in whole seconds that is still good; nil = any.
        public var maxAgeSeconds: Int64?

        /// A rule of its parts.
        public init(salt: String, maxAgeSeconds: Int64?) {
            self.salt = salt
            self.maxAgeSeconds = maxAgeSeconds
        }
    }

    private static let day: Int64 = 86_400

    /// SECURITY_CONFIRM_SALT, SECURITY_CONFIRM_EMAIL_WITHIN.
    public var confirmation = Rule(salt: "confirm-salt", maxAgeSeconds: 5 * day)
    /// SECURITY_RESET_SALT, SECURITY_RESET_PASSWORD_WITHIN.
    public var reset = Rule(salt: "reset-salt", maxAgeSeconds: 5 * day)
    /// SECURITY_LOGIN_SALT, SECURITY_LOGIN_WITHIN.
    public var login = Rule(salt: "login-salt", maxAgeSeconds: day)
    /// SECURITY_REMEMBER_SALT, SECURITY_TOKEN_MAX_AGE: authentication tokens.
    public var authentication = Rule(salt: "remember-salt", maxAgeSeconds: nil)
    /// SECURITY_CHANGE_EMAIL_SALT, SECURITY_CHANGE_EMAIL_WITHIN.
    public var changeEmail = Rule(salt: "change-email-salt", maxAgeSeconds: 7200)
    /// SECURITY_TWO_FACTOR_VALIDITY_SALT, SECURITY_TWO_FACTOR_LOGIN_VALIDITY.
    public var twoFactorValidity = Rule(salt: "tf-validity-salt", maxAgeSeconds: 30 * day)
    /// SECURITY_TWO_FACTOR_SETUP_SALT, SECURITY_TWO_FACTOR_SETUP_WITHIN.
    public var twoFactorSetup = Rule(salt: "tf-setup-salt", maxAgeSeconds: 1800)
    /// SECURITY_US_SETUP_SALT, SECURITY_US_SETUP_WITHIN.
    public var unifiedSetup = Rule(salt: "us-setup-salt", maxAgeSeconds: 1800)
    /// SECURITY_WAN_SALT, SECURITY_WAN_REGISTER_WITHIN.
    public var webAuthnRegistration = Rule(salt: "wan-salt", maxAgeSeconds: 1800)
    /// SECURITY_WAN_SALT, SECURITY_WAN_SIGNIN_WITHIN.
    public var webAuthnSignIn = Rule(salt: "wan-salt", maxAgeSeconds: 60)
    /// SECURITY_REFRESH_TOKEN_SALT: refresh tokens, which have no time outside their payload.
    public var refresh = Rule(salt: "refresh-token-salt", maxAgeSeconds: nil)
    /// WTF_CSRF_TIME_LIMIT: CSRF tokens, whose salt is fixed.
    public var csrf = Rule(salt: "wtf-csrf-token", maxAgeSeconds: 3600)
    /// PERMANENT_SESSION_LIFETIME: the oldest session cookie that is taken.
    public var sessionMaxAgeSeconds = 31 * day
    /// LIBSECURITY_SESSION_REVOCATION: a session that was signed out is refused from then on.
    public var sessionsAreRevocable = true
    /// LIBSECURITY_SESSION_IDLE: how long a session lives without use; 0 = as long as its cookie.
    public var sessionIdleSeconds: Int64 = 0
    /// SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN; nil = the file does not say, which means that the time in a token counts.
    public var freshnessInTokens: Bool?
    /// SECURITY_HASHING_SCHEMES: how a link remembers an address or a password; the first one, which
    /// SECURITY_DEPRECATED_HASHING_SCHEMES does not name, is for new links.
    public var hashingSchemes: [DataHasher.Scheme] = [.password(.sha256Crypt), .hexMD5]
    /// LIBSECURITY_LINK_SINGLE_USE: a reset or sign-in link is good once.
    public var linksAreSingleUse = true

    /// Flask-Security's defaults, and ours for what it lacks.
    public init() {}
}
