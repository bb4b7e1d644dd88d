public import SecurityCore

/// The tokens that speak for an account.
public enum AccountTokenKind: CaseIterable, Sendable {
    /// The link that confirms the account's address.
    case confirmation
    /// The link that sets a new password.
    case reset
    /// The link that signs in without a password.
    case login
    /// The link that gives the account another address (5.5 and later).
    case changeEmail
    /// An authentication token, in a header, query or JSON.
    case authentication
    /// Flask-Login's remember cookie, which has no time in it.
    case remember

    /// Whether it is a link that a mail carries, and so may be good once.
    var isLink: Bool {
        switch self {
        case .confirmation, .reset, .login, .changeEmail: true
        case .authentication, .remember: false
        }
    }

    /// Whether an account that is not active is refused. Flask-Security lets one confirm or change its address and set a
    /// password, none of which signs it in.
    var needsActiveAccount: Bool {
        switch self {
        case .confirmation, .reset, .changeEmail: false
        case .login, .authentication, .remember: true
        }
    }

    /// How it is signed and for how long it is good; nil for the remember cookie, which is signed in a way of its own.
    public func rule(_ policy: TokenPolicy) -> TokenPolicy.Rule? {
        switch self {
        case .confirmation: policy.confirmation
        case .reset: policy.reset
        case .login: policy.login
        case .changeEmail: policy.changeEmail
        case .authentication: policy.authentication
        case .remember: nil
        }
    }
}
