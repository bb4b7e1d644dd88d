/// What a front end knows of a login before it asks anything.
public struct LoginRequest {
    /// Why evidence is asked for.
    public enum Purpose: Sendable {
        /// To let somebody in.
        case login
        /// To make sure of somebody who changes a password or a factor: guesses are counted all the same, but nothing is
        /// recorded as a sign-in.
        case confirmation
    }

    /// Who wants in.
    public var identity: LoginIdentity
    /// Where the login comes from.
    public var origin: Origin
    /// Whether a grant is recorded later, by a front end that learns only then whether it let somebody in: see
    /// ``Authentication/openGrant``.
    public var isRecordedLater = false
    /// What is asked for.
    public var scope: FactorScope = .all
    /// `nullok`: with ``FactorScope/code``, an account without a second factor is ignored instead of refused.
    public var allowsNoFactor = false
    /// Why the evidence is asked for.
    public var purpose: Purpose = .login
    /// `fresh`: the second factor need not be presented again within SECURITY_FRESHNESS at the same place.
    public var freshPlace: FreshPlace?

    /// A request for a whole login.
    public init(identity: LoginIdentity, origin: Origin) {
        self.identity = identity
        self.origin = origin
    }
}

/// The place that a completed factor is bound to: real uid of the caller, terminal, remote host.
public struct FreshPlace: Equatable, Sendable {
    /// The real uid of the calling process.
    public var uid: UInt32
    /// PAM_TTY, or "" without one.
    public var terminal: String

    /// A place of its parts; the remote host comes from the request's ``Origin``.
    public init(uid: UInt32, terminal: String) {
        self.uid = uid
        self.terminal = terminal
    }
}

/// What kept a login from being decided. Front ends refuse; only the log tells why.
public enum AuthenticationError: Error, Equatable {
    /// The account database.
    case store(StoreError)
    /// The front end answered a question that was not asked.
    case unexpectedAnswer
}
