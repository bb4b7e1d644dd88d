/// What the policy asks of an account, as facts that need no database.
public struct AccountFacts: Equatable, Sendable {
    /// Whether there is an account. All other facts of an unknown one are false or empty.
    public var isKnown = false
    /// `active`.
    public var isActive = false
    /// `confirmed_at` is set.
    public var isConfirmed = false
    /// Whether the account may log in at this front end: the host grant, or true where none is asked for.
    public var isAdmitted = false
    /// The second factors that are set up.
    public var factors: FactorSet = []
    /// The methods of unified sign-in that are set up.
    public var unified: FactorSet = []

    /// Facts of an unknown account.
    public init() {}

    /// Facts of an account.
    public init(_ account: Account, isAdmitted: Bool) {
        isKnown = true
        isActive = account.isActive
        isConfirmed = account.isConfirmed
        self.isAdmitted = isAdmitted
        factors = account.factors
        unified = account.unifiedMethods
    }
}

/// The part of a login that a front end asks for (`factor=` of the PAM module).
public enum FactorScope: String, CaseIterable, Sendable {
    /// The password alone; another module or a later line asks for the rest.
    case password
    /// The second factor alone, after pam_unix or a public key.
    case code
    /// Both.
    case all
}

/// One piece of evidence.
public enum Proof: Equatable, Sendable {
    /// Not presented yet.
    case absent
    /// Presented and right.
    case accepted
    /// Presented and not accepted, with the reason for the log.
    case refused(DenialReason)
}

/// What was presented so far. Only ``Authentication`` makes it, for one account.
public struct Evidence: Equatable, Sendable {
    /// The password.
    public var password: Proof = .absent
    /// The second factor.
    public var code: Proof = .absent

    /// No evidence.
    public init() {}

    /// Evidence of its two parts.
    public init(password: Proof, code: Proof) {
        self.password = password
        self.code = code
    }
}

/// What a front end may ask next.
public enum Question: Equatable, Sendable {
    /// The password, without echo.
    case password
    /// A code of the second factor: of a TOTP app or a recovery code.
    case code
}

/// What happens next.
public enum Step: Equatable, Sendable {
    /// Ask this.
    case ask(Question)
    /// Let in. The only way in.
    case granted
    /// Refuse. The reason is for the log; whoever is refused gets one answer for all reasons.
    case denied(DenialReason)
    /// Act as if the question did not exist: only for `factor=code` with `nullok`.
    case ignored
}

/// Why somebody was refused; raw values stand in the log.
public enum DenialReason: String, Error, CaseIterable, Sendable {
    case unknownAccount = "unknown-account"
    case ambiguousAccount = "ambiguous-account"
    case superuser = "superuser"
    case inactive = "inactive"
    case unconfirmed = "unconfirmed"
    case notAdmitted = "not-admitted"
    case noPassword = "no-password"
    case wrongPassword = "wrong-password"
    case unusablePassword = "unusable-password"
    case wrongCode = "wrong-code"
    case usedCode = "used-code"
    case notACode = "not-a-code"
    case unusableFactor = "unusable-factor"
    case noUsableFactor = "no-usable-factor"
    case noFactor = "no-factor"
    case throttled = "throttled"
    case exhausted = "too-many-failures"
    case dummyAnswer = "dummy-answer"
}

/// The policy's decision: policy + account + evidence -> the next step. Pure.
///
/// | second factor | account | questions | granted when |
/// | --- | --- | --- | --- |
/// | `factor=all`, off | any | password | password |
/// | `factor=all`, opt-in | no factor set up | password | password |
/// | `factor=all`, opt-in | a factor set up | password, after a right one the code | both |
/// | `factor=all`, required | no factor set up, or unknown | password, code | never |
/// | `factor=all`, required | a factor set up | password, code | both |
/// | `factor=password` | any | password | password |
/// | `factor=code` | a factor set up | code | code |
/// | `factor=code` | no factor set up | code; with `nullok` and not required: none, ignored | never |
///
/// "Set up" includes, where a factor is required or asked for by itself, the methods of unified sign-in that stand for a
/// second factor: those that are enabled and that SECURITY_US_MFA_REQUIRED does not list. Alone they make none due.
///
/// An account that is unknown, inactive, unconfirmed (SECURITY_CONFIRMABLE without LOGIN_WITHOUT_CONFIRMATION) or not
/// admitted to the host is asked the same as one whose password is wrong, and never granted.
public enum Decision {
    /// The step after `evidence`.
    public static func next(
        policy: FactorPolicy, account: AccountFacts, evidence: Evidence, scope: FactorScope,
        allowsNoFactor: Bool = false
    ) -> Step {
        switch scope {
        case .password: password(policy, account, evidence)
        case .code: code(policy, account, evidence, allowsNoFactor)
        case .all: policy.isRequired ? both(policy, account, evidence) : optIn(policy, account, evidence)
        }
    }

    /// Why this account may not log in whatever it presents, or nil. Also the answer of PAM's account management,
    /// which adds ``missingFactor(_:_:)``.
    public static func obstacle(_ policy: FactorPolicy, _ account: AccountFacts) -> DenialReason? {
        if !account.isKnown { return .unknownAccount }
        if !account.isActive { return .inactive }
        if policy.confirmable, !policy.loginWithoutConfirmation, !account.isConfirmed { return .unconfirmed }
        if !account.isAdmitted { return .notAdmitted }
        return nil
    }

    /// Whether the policy requires a second factor that this account has not set up.
    public static func missingFactor(_ policy: FactorPolicy, _ account: AccountFacts) -> Bool {
        policy.isRequired && !hasFactor(policy, account)
    }

    /// Whether the account has anything that can answer the code question: a second factor, or a method of unified sign-in
    /// that stands for one.
    static func hasFactor(_ policy: FactorPolicy, _ account: AccountFacts) -> Bool {
        !account.factors.isEmpty || !policy.unifiedStandIns.isDisjoint(with: account.unified)
    }

    /// Whether a code that is presented now may be looked up at all: never after a wrong password, never for an
    /// account that cannot be let in.
    static func mayCheckCode(_ policy: FactorPolicy, _ account: AccountFacts, _ evidence: Evidence) -> Bool {
        if case .refused = evidence.password { return false }
        return obstacle(policy, account) == nil
    }

    private static func password(_ policy: FactorPolicy, _ account: AccountFacts, _ evidence: Evidence) -> Step {
        switch evidence.password {
        case .absent: .ask(.password)
        case .refused(let reason): .denied(obstacle(policy, account) ?? reason)
        case .accepted: obstacle(policy, account).map { .denied($0) } ?? .granted
        }
    }

    private static func code(
        _ policy: FactorPolicy, _ account: AccountFacts, _ evidence: Evidence, _ allowsNoFactor: Bool
    ) -> Step {
        let obstacle = obstacle(policy, account)
        if obstacle == nil, account.factors.isEmpty, allowsNoFactor, !policy.isRequired { return .ignored }
        switch evidence.code {
        case .absent: return .ask(.code)
        case .refused(let reason): return .denied(obstacle ?? (hasFactor(policy, account) ? reason : .noFactor))
        case .accepted:
            if let obstacle { return .denied(obstacle) }
            return hasFactor(policy, account) ? .granted : .denied(.noFactor)
        }
    }

    private static func optIn(_ policy: FactorPolicy, _ account: AccountFacts, _ evidence: Evidence) -> Step {
        let first = password(policy, account, evidence)
        guard first == .granted, policy.isActive, !account.factors.isEmpty else { return first }
        return code(policy, account, evidence, false)
    }

    private static func both(_ policy: FactorPolicy, _ account: AccountFacts, _ evidence: Evidence) -> Step {
        if evidence.password == .absent { return .ask(.password) }
        if evidence.code == .absent { return .ask(.code) }
        let first = password(policy, account, evidence)
        return first == .granted ? code(policy, account, evidence, false) : first
    }
}
