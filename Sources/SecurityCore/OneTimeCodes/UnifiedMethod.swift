/// A way to sign in with a code of unified sign-in (`us_totp_secrets`).
///
/// What such a code stands for at a prompt. In Flask-Security it is a *first* factor: a method that
/// SECURITY_US_MFA_REQUIRED does not list signs in with its code alone ("since they ARE multi-factor"), one that it lists
/// (by default password and email) needs the second factor behind it. So:
///
/// | method | at the code question |
/// | --- | --- |
/// | SECURITY_UNIFIED_SIGNIN is false | not looked at |
/// | not in SECURITY_US_ENABLED_METHODS | not looked at |
/// | in SECURITY_US_MFA_REQUIRED | not looked at: the web, too, would ask for the second factor behind it |
/// | enabled and not in SECURITY_US_MFA_REQUIRED | its code is as good as one of the second factor |
///
/// The code is taken behind a right password or alone with `factor=code`: never is less asked than on the web, where it
/// needs nothing beside it. A wallet of unified sign-in does not make a second factor *due*: where that is opt-in, an
/// account with none set up logs in with its password, as on the web. Where SECURITY_TWO_FACTOR_REQUIRED asks for one,
/// such a wallet is one.
enum UnifiedMethod: String, CaseIterable {
    case authenticator, email, sms

    /// The method among the second factors.
    var factor: FactorSet {
        switch self {
        case .authenticator: .authenticator
        case .email: .email
        case .sms: .sms
        }
    }

    /// Whose counter its codes advance.
    var slot: CodeSlot {
        switch self {
        case .authenticator: .unifiedAuthenticator
        case .email: .unifiedEmail
        case .sms: .unifiedSMS
        }
    }
}

extension Account {
    /// The methods of unified sign-in that have a wallet, whatever the policy says of them.
    var unifiedMethods: FactorSet {
        guard let secrets = unifiedSecrets.flatMap({ UnifiedSecrets($0) }) else { return [] }
        var methods: FactorSet = []
        for name in secrets.methods {
            if let method = UnifiedMethod(rawValue: name) { methods.insert(method.factor) }
        }
        return methods
    }
}
