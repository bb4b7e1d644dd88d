/// One login: asks the policy what is needed, takes the answers, checks and records, until it is granted or denied.
///
/// Every front end drives this type and none has a rule of its own. Requirements (tests name the number):
/// 1. The account is looked up once; evidence never counts for another.
/// 2. Nothing is granted but by ``Decision``; an error of any part is never a grant.
/// 3. An attempt is counted before it is checked, so that parallel guesses buy nothing; an attempt that the throttle
///    refuses costs the same work, gets the same answer, is not checked and not counted.
/// 4. Who has no account, or may not log in, costs the same work as who has, and is counted the same. Names of uid 0 that
///    cannot be granted are the exception: everybody knows them, and the account database is not asked for them.
/// 5. A code that follows a wrong password is neither looked up, consumed nor counted.
public final class Authentication {
    let policy: Policy
    let store: any AccountStore
    let environment: Environment
    let request: LoginRequest
    let hasher: PasswordHasher
    private let phones: (any PhoneNumbers)?

    /// The account, once it was looked up.
    public private(set) var account: Account?
    /// What came of the login so far, for the audit line.
    public private(set) var step: Step?
    private(set) var facts = AccountFacts()
    private(set) var subject = ""
    private var evidence = Evidence()
    private var lookupRefusal: DenialReason?
    /// A password that this login has checked and refused already.
    private(set) var triedPassword: SharedSecret?
    /// An attempt that was right and still counts as pending: the grant clears it, anything else settles it.
    private var unsettled: Attempt?
    /// Whether a code was presented and accepted, which a fresh one was not.
    private(set) var didPresentCode = false
    /// What remains to be recorded of a granted login with ``LoginRequest/isRecordedLater``, by
    /// ``AccountStore/recordGrant(_:)``. The code itself is used up.
    public private(set) var openGrant: Grant?
    /// Why the account's wallet did not open, when a code was refused for that.
    private(set) var walletFlaw: WalletError?

    /// A login that has asked nothing yet; without `phones`, numbers that name an account need their country code.
    public init(
        policy: Policy, store: any AccountStore, environment: Environment, request: LoginRequest,
        phones: (any PhoneNumbers)? = nil
    ) {
        self.policy = policy
        self.store = store
        self.environment = environment
        self.request = request
        self.phones = phones
        hasher = PasswordHasher(
            policy: policy.passwords, salt: policy.secrets.passwordSalt, random: environment.random)
    }

    /// What was presented and right, whatever became of the login: a front end may tell its owner more.
    public var proven: Set<Attempt.Factor> {
        var proven: Set<Attempt.Factor> = []
        if evidence.password == .accepted { proven.insert(.password) }
        if didPresentCode { proven.insert(.code) }
        return proven
    }

    /// Looks the account up and says what to ask first.
    public func begin() throws(AuthenticationError) -> Step {
        guard step == nil else { throw .unexpectedAnswer }
        try findAccount()
        if try isFresh() { evidence.code = .accepted }
        return try advance()
    }

    /// Takes the answer to the question that the last step asked.
    public func answer(_ answer: borrowing Secret) throws(AuthenticationError) -> Step {
        guard case .ask(let question) = step else { throw .unexpectedAnswer }
        switch question {
        case .password: evidence.password = try check(password: answer)
        case .code: evidence.code = try check(code: answer)
        }
        return try advance()
    }

    /// Tries a password that was typed before this login began (PAM: try_first_pass). A right one is taken as the answer
    /// to the password question, and what comes next is returned; after a wrong one the question stays open, and the
    /// result is nil.
    ///
    /// Each of the two guesses is counted. The one that follows is not delayed by the count of the first, which would
    /// lock out an owner whose two passwords differ; the same text once more is neither checked nor counted again.
    public func tryPassword(_ password: borrowing Secret) throws(AuthenticationError) -> Step? {
        guard question == .password, triedPassword == nil else { throw .unexpectedAnswer }
        let proof = try check(password: password)
        guard case .refused(let reason) = proof else {
            evidence.password = proof
            return try advance()
        }
        if reason != .throttled, reason != .exhausted { triedPassword = SharedSecret(password.copy()) }
        return nil
    }

    /// The question that is open, or nil.
    public var question: Question? {
        guard case .ask(let question) = step else { return nil }
        return question
    }

    private func advance() throws(AuthenticationError) -> Step {
        var next = Decision.next(
            policy: policy.factors, account: facts, evidence: evidence, scope: request.scope,
            allowsNoFactor: request.allowsNoFactor)
        if case .denied(.unknownAccount) = next, let lookupRefusal { next = .denied(lookupRefusal) }
        // Recorded before anybody hears of it: a grant that cannot be written down is none.
        if next == .granted, isWholeLogin, !request.isRecordedLater {
            try record(grant())
        } else {
            if let unsettled { try settle(unsettled, failed: false) }
            if next == .granted, isWholeLogin { openGrant = try grant() }
        }
        unsettled = nil
        step = next
        return next
    }

    private func findAccount() throws(AuthenticationError) {
        let match: AccountMatch
        do {
            match = try AccountFinder(policy: policy, store: store, phones: phones).find(request.identity)
        } catch {
            throw .store(error)
        }
        switch match {
        case .one(let found, let isAdmitted):
            account = found
            facts = AccountFacts(found, isAdmitted: isAdmitted)
            subject = "user:\(found.id)"
        case .ambiguous, .none, .superuser:
            subject = "name:" + digest(.throttleName, of: Secret(utf8: request.identity.typed))
            if case .ambiguous = match { lookupRefusal = .ambiguousAccount }
            if case .superuser = match { lookupRefusal = .superuser }
        }
    }

    private func check(password: borrowing Secret) throws(AuthenticationError) -> Proof {
        try PasswordCheck(login: self).check(password)
    }

    /// Whether this login has refused the same password before.
    func hasTried(_ password: borrowing Secret) -> Bool {
        guard let triedPassword else { return false }
        return password.withBytes { typed in triedPassword.withBytes { ConstantTime.equal(typed, $0) } }
    }

    private func check(code: borrowing Secret) throws(AuthenticationError) -> Proof {
        let mayCheck = Decision.mayCheckCode(policy.factors, facts, evidence)
        let proof = try CodeCheck(login: self).check(code, isLookedUp: mayCheck)
        didPresentCode = proof == .accepted
        return proof
    }

    /// As what a code is counted; nil behind a wrong password, where it is not an attempt.
    var codeKind: Attempt.Factor? {
        switch evidence.password {
        case .absent: .codeAlone
        case .accepted: .code
        case .refused: nil
        }
    }

    /// Runs one check as a counted attempt, or spends its cost when the throttle refuses it. A name of uid 0 is never granted:
    /// its attempts are not counted, so that a login of root does not depend on the account database.
    func counted(
        _ factor: Attempt.Factor, spend: () -> Void, check: () throws(AuthenticationError) -> Proof
    ) throws(AuthenticationError) -> Proof {
        if lookupRefusal == .superuser {
            spend()
            return .refused(.superuser)
        }
        let attempt = Attempt(subject: subject, factor: factor, origin: request.origin.text)
        var throttle = policy.throttle
        if factor == .password, triedPassword != nil { throttle.firstDelay = 0 }
        let verdict: ThrottleVerdict
        do {
            verdict = try store.reserveAttempt(attempt, policy: throttle, now: environment.now())
        } catch {
            throw .store(error)
        }
        guard verdict == .admitted else {
            spend()
            return .refused(verdict == .exhausted ? .exhausted : .throttled)
        }
        let proof = try check()
        if proof == .accepted { unsettled = attempt } else { try settle(attempt, failed: true) }
        return proof
    }

    private func settle(_ attempt: Attempt, failed: Bool) throws(AuthenticationError) {
        do {
            try store.settleAttempt(attempt, failed: failed, now: environment.now())
        } catch {
            throw .store(error)
        }
    }

    /// Re-reads nothing: the renewed hash replaces the one that was looked up, for the freshness seal.
    func passwordHashWasRenewed(_ hash: consuming Secret) {
        guard let account else { return }
        self.account = account.replacing(password: SharedSecret(hash))
    }

    /// The same for a wallet that was sealed anew.
    func walletWasRenewed(_ wallet: SharedSecret) {
        guard let account else { return }
        self.account = account.replacing(totpWallet: wallet)
    }

    /// The same for the column of unified sign-in.
    func unifiedSecretsWereRenewed(_ column: SharedSecret) {
        guard let account else { return }
        self.account = account.replacing(unifiedSecrets: column)
    }

    /// Keeps what is wrong with a wallet, for the audit line.
    func walletDidNotOpen(_ flaw: WalletError) {
        walletFlaw = flaw
    }

    func digest(_ purpose: KeyedDigest.Purpose, of message: borrowing Secret) -> String {
        let digest = KeyedDigest(purpose, secretKey: policy.secrets.secretKey)
        return message.withBytes { digest.hex(of: $0) }
    }
}
