public import SecurityCore

/// Makes and judges the tokens that speak for an account, over the policy, the account database and the clock.
///
/// Requirements (tests name the number):
/// 1. A token of one kind MUST NOT pass as another's: each has its salt.
/// 2. A token ends with the `fs_uniquifier` in it, so with every change of the password.
/// 3. A confirmation ends when the address changes or is confirmed, a reset when the stored password changes, a change of
///    address when the old address changes or the new one is another account's.
/// 4. Of any number of programs that redeem one link at the same time, one succeeds.
/// 5. Nothing that a stranger can send costs a scan of the accounts, and a signature that is not ours no look-up at all.
public struct AccountTokens {
    let policy: Policy
    let store: any TokenStore
    let environment: Environment

    /// The tokens of one site.
    public init(policy: Policy, store: any TokenStore, environment: Environment) {
        self.policy = policy
        self.store = store
        self.environment = environment
    }

    // MARK: Judging

    /// Judges a token; nothing is changed by it. Costs one hash of the data in a confirmation or reset link, and one look-up.
    public func check(_ kind: AccountTokenKind, _ token: Span<UInt8>) throws(StoreError) -> TokenFinding {
        let claim = claim(of: kind, token)
        guard let name = claim.uniquifier else { return claim.finding }
        var finding = claim.finding
        finding.uniquifier = name
        guard let account = try account(bearing: name, kind) else { return finding.refused(.unknownAccount) }
        finding.account = account
        if let verdict = try obstacle(to: kind, claim, account) {
            // A change of address that was made is itself why the address is another.
            guard verdict == .changed, kind == .changeEmail else { return finding.refused(verdict) }
            return finding.refused(try isSpent(finding, kind) ? .used : verdict)
        }
        if finding.verdict == .valid, try isSpent(finding, kind) { return finding.refused(.used) }
        return finding
    }

    /// Judges a token and, if it is good, uses it up: a link that was redeemed is ``TokenVerdict/used`` from then on
    /// (LIBSECURITY_LINK_SINGLE_USE), a confirmation confirms the address, and a change of address changes it.
    public func redeem(_ kind: AccountTokenKind, _ token: Span<UInt8>) throws(StoreError) -> TokenFinding {
        let finding = try check(kind, token)
        guard finding.verdict == .valid, let account = finding.account else { return finding }
        return try use(finding, kind, account) ? finding : finding.refused(.used)
    }

    /// Uses a good token up; false when somebody else was faster.
    private func use(_ finding: TokenFinding, _ kind: AccountTokenKind, _ account: Account) throws(StoreError) -> Bool {
        // That `confirmed_at` is set says that it was used.
        if kind == .confirmation { return try store.confirmAddress(of: account, now: environment.now()) }
        if kind == .changeEmail, try !changeAddress(of: account, to: finding.newEmail) { return false }
        guard kind.isLink, policy.tokens.linksAreSingleUse, let digest = finding.spentDigest else { return true }
        return try store.spendToken(digest: digest, expires: spentUntil(finding), now: environment.now())
    }

    /// Gives an account the address of its link, which is confirmed with it; false when the account has another meanwhile, or
    /// the address is taken.
    private func changeAddress(of account: Account, to newEmail: String?) throws(StoreError) -> Bool {
        guard let newEmail else { return false }
        do throws(StoreError) {
            return try store.changeAddress(of: account, to: newEmail, now: environment.now())
        } catch {
            guard case .conflict = error else { throw error }
            return false
        }
    }

    private func isSpent(_ finding: TokenFinding, _ kind: AccountTokenKind) throws(StoreError) -> Bool {
        guard kind.isLink, policy.tokens.linksAreSingleUse, let digest = finding.spentDigest else { return false }
        return try store.isTokenSpent(digest: digest)
    }

    /// When a record of a used link may go. A second later than the link, which is good in its last second.
    private func spentUntil(_ finding: TokenFinding) -> Instant {
        guard let last = finding.expiresAt, last < .max else { return Instant(microseconds: .max) }
        return Instant(seconds: last + 1)
    }

    /// What of the account stands against a token, in Flask-Security's order: what the link was made for is compared
    /// before its age, so that an old link of another address is not taken for one that could be sent again.
    private func obstacle(
        to kind: AccountTokenKind, _ claim: TokenClaim, _ account: Account
    ) throws(StoreError) -> TokenVerdict? {
        switch kind {
        case .confirmation:
            guard isHash(claim.dataHash, of: SharedSecret(utf8: account.email)) else { return .changed }
            if account.isConfirmed { return .used }
        case .reset:
            // Flask-Security compares nothing for an account without a password.
            guard let password = account.password else { break }
            guard isHash(claim.dataHash, of: password) else { return .changed }
        case .changeEmail:
            if claim.finding.verdict != .valid { return claim.finding.verdict }
            guard isHash(claim.dataHash, of: SharedSecret(utf8: account.email)) else { return .changed }
            if try isTaken(claim.finding.newEmail, by: account) { return .changed }
        case .login, .authentication, .remember: break
        }
        if claim.finding.verdict != .valid { return claim.finding.verdict }
        return kind.needsActiveAccount && !account.isActive ? .inactive : nil
    }

    /// Whether an address is another account's in any spelling, or this one's already.
    private func isTaken(_ email: String?, by account: Account) throws(StoreError) -> Bool {
        guard let email, !email.equals(account.email) else { return true }
        return try store.accounts(where: .email, equals: email, ignoringCase: true).contains { $0.id != account.id }
    }

    /// The account of a uniquifier. Authentication tokens name it by `fs_token_uniquifier` where accounts have that, and
    /// by `fs_uniquifier` when they are older than the column, as Flask-Security 5.9 has it.
    private func account(bearing name: String, _ kind: AccountTokenKind) throws(StoreError) -> Account? {
        if kind == .authentication, store.hasTokenUniquifiers,
            let account = try store.account(bearing: name, in: .token)
        {
            return account
        }
        return try store.account(bearing: name, in: .session)
    }
}
