/// Which factors a login needs.
public struct FactorPolicy: Equatable, Sendable {
    /// SECURITY_TWO_FACTOR.
    public var twoFactor = false
    /// SECURITY_TWO_FACTOR_REQUIRED.
    public var twoFactorRequired = false
    /// SECURITY_TWO_FACTOR_ENABLED_METHODS: what an account may set up. A method that is set up is asked for in any case,
    /// as in Flask-Security.
    public var enabledMethods: FactorSet = [.email, .authenticator, .sms]
    /// SECURITY_WEBAUTHN.
    public var webAuthn = false
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES.
    public var recoveryCodes = false
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES_N.
    public var recoveryCodeCount = 5
    /// The methods of unified sign-in whose code stands for a second factor: with SECURITY_UNIFIED_SIGNIN those of
    /// SECURITY_US_ENABLED_METHODS that SECURITY_US_MFA_REQUIRED does not list.
    public var unifiedStandIns: FactorSet = []
    /// SECURITY_CONFIRMABLE.
    public var confirmable = false
    /// SECURITY_LOGIN_WITHOUT_CONFIRMATION.
    public var loginWithoutConfirmation = false

    /// Flask-Security's defaults.
    public init() {}

    /// Whether second factors exist at all here: TWO_FACTOR or WEBAUTHN.
    public var isActive: Bool { twoFactor || webAuthn }
    /// Whether everybody needs one.
    public var isRequired: Bool { isActive && twoFactorRequired }
}

/// How one-time codes are made and checked.
public struct TOTPPolicy: Sendable {
    /// SECURITY_TOTP_ISSUER.
    public var issuer = "service_name"
    /// SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY: seconds before and after now whose codes are accepted.
    public var authenticatorValidity: Int64 = 120
    /// SECURITY_TWO_FACTOR_MAIL_VALIDITY: the same for codes that were mailed.
    public var mailValidity: Int64 = 300
    /// SECURITY_TWO_FACTOR_SMS_VALIDITY: the same for codes that were texted.
    public var smsValidity: Int64 = 120
    /// SECURITY_US_TOKEN_VALIDITY: the same for codes of unified sign-in, an app's included.
    public var unifiedValidity: Int64 = 120
    /// LIBSECURITY_TOTP_SINGLE_USE: a code of an app is accepted once.
    public var singleUse = true
    /// LIBSECURITY_CODE_SINGLE_USE: a mailed or texted code is accepted once.
    public var sentSingleUse = true
    /// LIBSECURITY_TOTP_RESEAL: a wallet is sealed anew when a code of it was right and its seal is an old one.
    public var reseals = true
    /// LIBSECURITY_TOTP_WALLET_COST: new wallets stretch their key 2^cost times.
    public var walletCost = 14

    /// Flask-Security's defaults, with single use.
    public init() {}
}
