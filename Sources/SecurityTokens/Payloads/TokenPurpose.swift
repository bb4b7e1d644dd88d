/// What a signed token is for. Each purpose has a salt of its own, so that a token of one is no token of another.
public enum TokenPurpose: CaseIterable, Sendable {
    /// The link that confirms an address.
    case confirm
    /// The link that sets a new password.
    case reset
    /// The link that signs in without a password.
    case login
    /// An authentication token in a header, query or JSON.
    case authentication
    /// The second factor need not be shown again in this browser.
    case twoFactorValidity
    /// A unified sign-in method being set up.
    case unifiedSetup
    /// A second factor being set up (5.5 and later).
    case twoFactorSetup
    /// A WebAuthn ceremony.
    case webAuthn
    /// The link that confirms a new address (5.5 and later).
    case changeEmail
    /// A refresh token (5.9), which has no time outside its payload.
    case refresh
    /// Flask-WTF's CSRF token.
    case csrf

    /// The key of the salt in the configuration; nil when the salt is fixed.
    public var saltKey: String? {
        switch self {
        case .confirm: "SECURITY_CONFIRM_SALT"
        case .reset: "SECURITY_RESET_SALT"
        case .login: "SECURITY_LOGIN_SALT"
        case .authentication: "SECURITY_REMEMBER_SALT"
        case .twoFactorValidity: "SECURITY_TWO_FACTOR_VALIDITY_SALT"
        case .unifiedSetup: "SECURITY_US_SETUP_SALT"
        case .twoFactorSetup: "SECURITY_TWO_FACTOR_SETUP_SALT"
        case .webAuthn: "SECURITY_WAN_SALT"
        case .changeEmail: "SECURITY_CHANGE_EMAIL_SALT"
        case .refresh: "SECURITY_REFRESH_TOKEN_SALT"
        case .csrf: nil
        }
    }

    /// Flask-Security's salt where the configuration names none.
    public var defaultSalt: String {
        switch self {
        case .confirm: "confirm-salt"
        case .reset: "reset-salt"
        case .login: "login-salt"
        case .authentication: "remember-salt"
        case .twoFactorValidity: "tf-validity-salt"
        case .unifiedSetup: "us-setup-salt"
        case .twoFactorSetup: "tf-setup-salt"
        case .webAuthn: "wan-salt"
        case .changeEmail: "change-email-salt"
        case .refresh: "refresh-token-salt"
        case .csrf: "wtf-csrf-token"
        }
    }
}
