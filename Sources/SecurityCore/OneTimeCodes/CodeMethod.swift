/// Whose last counter is kept: each wallet of an account has its own, as their codes are made with different keys.
public enum CodeSlot: String, CaseIterable, Sendable {
    /// `tf_totp_secret` with the method authenticator.
    case authenticator
    /// `tf_totp_secret` with the method email.
    case email
    /// `tf_totp_secret` with the method sms.
    case sms
    /// `us_totp_secrets`, authenticator.
    case unifiedAuthenticator = "us-authenticator"
    /// `us_totp_secrets`, email.
    case unifiedEmail = "us-email"
    /// `us_totp_secrets`, sms.
    case unifiedSMS = "us-sms"
}

/// A wallet of an account whose codes can be typed, and how they are judged.
///
/// A mailed or texted code is the present code of that method's own key (Flask-Security: TWO_FACTOR, "mail and SMS codes
/// are TOTPs"): it needs no record of having been sent, and one that the Python application mailed is right here.
struct CodeMethod {
    /// Whose counter a code of it advances.
    let slot: CodeSlot
    /// The wallet, as stored.
    let wallet: SharedSecret
    /// Seconds before and after now whose codes are accepted.
    let window: Int64
    /// Whether a code is accepted once.
    let isSingleUse: Bool

    /// The wallets that are asked for an account: of its `tf_*` columns, then those of unified sign-in that stand in.
    static func all(of account: Account, policy: Policy) -> [CodeMethod] {
        var methods: [CodeMethod] = []
        if let wallet = account.totpWallet, let slot = CodeSlot(account.factors) {
            methods.append(CodeMethod(slot, wallet, policy.totp))
        }
        guard !policy.factors.unifiedStandIns.isEmpty, let column = account.unifiedSecrets,
            let secrets = UnifiedSecrets(column)
        else { return methods }
        for method in UnifiedMethod.allCases where policy.factors.unifiedStandIns.contains(method.factor) {
            guard let wallet = secrets.wallet(of: method.rawValue) else { continue }
            methods.append(CodeMethod(method.slot, wallet, policy.totp))
        }
        return methods
    }

    /// The most wallets that any account has under a policy: so many are opened for each, whatever it has.
    static func most(_ policy: FactorPolicy) -> Int { 1 + policy.unifiedStandIns.count }

    /// The method of unified sign-in whose wallet this is; nil for `tf_*`.
    var unified: UnifiedMethod? {
        for method in UnifiedMethod.allCases where method.slot == slot { return method }
        return nil
    }

    private init(_ slot: CodeSlot, _ wallet: SharedSecret, _ policy: TOTPPolicy) {
        self.slot = slot
        self.wallet = wallet
        switch slot {
        case .authenticator: (window, isSingleUse) = (policy.authenticatorValidity, policy.singleUse)
        case .email: (window, isSingleUse) = (policy.mailValidity, policy.sentSingleUse)
        case .sms: (window, isSingleUse) = (policy.smsValidity, policy.sentSingleUse)
        case .unifiedAuthenticator: (window, isSingleUse) = (policy.unifiedValidity, policy.singleUse)
        case .unifiedEmail, .unifiedSMS: (window, isSingleUse) = (policy.unifiedValidity, policy.sentSingleUse)
        }
    }
}

extension CodeSlot {
    /// The slot of the `tf_*` factor in a set.
    init?(_ factors: FactorSet) {
        if factors.contains(.authenticator) {
            self = .authenticator
        } else if factors.contains(.email) {
            self = .email
        } else if factors.contains(.sms) {
            self = .sms
        } else {
            return nil
        }
    }
}
