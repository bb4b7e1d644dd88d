import SecurityCore
import SecurityNetwork
import SecurityPhones
import SecurityTokens

/// What came of a password that was typed.
struct PasswordCheckOutcome {
    /// Whose it was to be; nil for nobody.
    let account: Account?
    /// Whether it is right, whatever else stands against the account.
    let isProven: Bool
    /// What the policy says.
    let step: Step
}

extension Exchange {
    /// Checks a password by the policy, the throttle included, and writes the decision to the log.
    func passwordCheck(
        _ identity: LoginIdentity, _ password: borrowing Secret, purpose: LoginRequest.Purpose
    ) throws -> PasswordCheckOutcome {
        var request = LoginRequest(identity: identity, origin: origin)
        request.scope = purpose == .login ? .all : .password
        request.purpose = purpose
        let (outcome, record) = try passwordCheck(request, password)
        if purpose == .login { site.metrics.countLogin(record) }
        if purpose == .login || outcome.step != .granted { site.log.audit(record, request: self.request) }
        return outcome
    }

    /// Checks the password of HTTP Basic: the whole decision of a login, which each request asks again. So it is not recorded as a
    /// sign-in, and of its grants one line a minute is written for each account and origin; of its refusals each.
    func basicCheck(_ identity: LoginIdentity, _ password: borrowing Secret) throws -> PasswordCheckOutcome {
        var request = LoginRequest(identity: identity, origin: origin)
        request.purpose = .confirmation
        let (outcome, found) = try passwordCheck(request, password)
        var record = found
        record.factor = "basic"
        if case .ask = outcome.step {
            record.verdict = "denied"
            record.reason = "second-factor-due"
        }
        if outcome.step == .granted, let account = outcome.account {
            guard site.basicGrants.isFirst(account: account.id, origin: origin.text, now: now) else { return outcome }
        }
        site.log.audit(record, request: self.request)
        return outcome
    }

    private func passwordCheck(
        _ request: LoginRequest, _ password: borrowing Secret
    ) throws -> (outcome: PasswordCheckOutcome, record: AuditRecord) {
        let login = Authentication(
            policy: site.policy, store: try store(), environment: site.environment, request: request,
            phones: LibPhoneNumber())
        _ = try login.begin()
        let step = try login.answer(password)
        return (
            PasswordCheckOutcome(account: login.account, isProven: login.proven.contains(.password), step: step),
            AuditRecord(login)
        )
    }

    /// Records a sign-in that no password made: by a link, or by registering.
    func recordSignIn(_ account: Account) throws(StoreError) {
        try store().recordGrant(
            Grant(
                account: account.id, fsUniquifier: account.fsUniquifier, origin: origin.text, proven: [],
                tracks: site.policy.isTrackable, address: origin.address, freshness: nil, now: now))
        site.metrics.countGrant()
    }

    /// A password of a form; nil when there is none, or only blanks.
    func password(_ field: String) -> JSONString? {
        guard let text = submission.text(field) else { return nil }
        let isBlank = text.withBytes { bytes in bytes.indices.allSatisfy { bytes[$0] <= 0x20 } }
        return isBlank ? nil : text
    }

    /// Knows breached passwords where the policy names no file of them.
    var breachedService: (any BreachedPasswords)? {
        site.policy.passwords.breached.mode == .off ? nil : RangeService(site.policy.passwords.breached)
    }

    /// Gives an account a new password.
    func passwordChange() throws(StoreError) -> PasswordChange {
        PasswordChange(
            policy: site.policy, store: try store(), environment: site.environment, service: breachedService)
    }

    /// What is wrong with a new password, in the reader's language.
    func flaws(of password: SharedSecret, _ facts: PasswordFacts) -> [String] {
        let rules = PasswordRules(policy: site.policy.passwords, service: breachedService)
        return password.withSecret { rules.flaws(of: $0, beside: facts) }.map { text($0.message) }
    }
}
