/// Whose last counter is kept: each wallet of an account has its own, as their codes are made with different keys.
public enum CodeSlot: String, CaseIterable, Sendable {
    /// `tf_totp_secret` with the method authenticator.
    case authenticator
    /// `tf_totp_secret` with the method email.
    case email
    /// `tf_totp_secret` with the method sms.
    case sms
}

/// A second factor of an account whose codes can be typed, and how they are judged.
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

    /// The method of the account's `tf_*` columns; nil when there is none whose codes can be typed.
    init?(of account: Account, policy: TOTPPolicy) {
        guard let wallet = account.totpWallet, let slot = CodeSlot(account.factors) else { return nil }
        self.slot = slot
        self.wallet = wallet
        switch slot {
        case .authenticator: (window, isSingleUse) = (policy.authenticatorValidity, policy.singleUse)
        case .email: (window, isSingleUse) = (policy.mailValidity, policy.sentSingleUse)
        case .sms: (window, isSingleUse) = (policy.smsValidity, policy.sentSingleUse)
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
