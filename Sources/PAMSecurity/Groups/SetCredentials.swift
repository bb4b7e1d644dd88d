import SecurityCore

/// A right code is half a login: whether it lets anybody in is decided by the whole stack. What a grant of
/// `factor=code` writes (tracking, the place, freshness) is kept in the transaction, and written by the first call of ours that
/// an application makes only after pam_authenticate(3) succeeded: pam_acct_mgmt(3) or pam_setcred(3). For an application that
/// calls neither, that is pam_end(3) with PAM_SUCCESS.
///
/// The transaction's data does not cross from the process in which sshd authenticates to its parent: there, pam_acct_mgmt is the
/// call that records.
extension ServiceModule {
    /// `pam_sm_setcred`. Hosts call it also when no line of ours took part in the login (cron, sshd after a public key), and in
    /// other processes: without anything kept there is nothing to do, and a failure would end the host's session.
    func setCredentials() throws(Interruption) -> Outcome {
        guard !flags.contains(.deleteCredentials), let kept = transaction.takeGrant(under: keptName) else {
            return .done
        }
        try record(kept.grant, kept.name, openSite())
        return .done
    }

    /// Keeps what remains to be recorded of a granted login.
    func keepGrant(of login: Authentication, _ target: Target) throws(Interruption) {
        guard let grant = login.openGrant else { return }
        let kept = KeptGrant(grant, name: target.name) { recordAtEnd(grant, target.name) }
        guard transaction.keep(kept, under: keptName) else {
            throw Interruption(.systemFailure, "libpam-failed", account: grant.account)
        }
    }

    /// Forgets what an earlier attempt of the same transaction left.
    func dropKeptGrant() {
        if arguments.factor == .code { _ = transaction.takeGrant(under: keptName) }
    }

    /// Records what was kept for an account. What was kept for another one is dropped: the application has gone on as
    /// somebody else.
    func recordKeptGrant(of account: Int64, _ site: Site) throws(Interruption) {
        guard let kept = transaction.takeGrant(under: keptName), kept.grant.account == account else { return }
        try record(kept.grant, kept.name, site)
    }

    /// The application has let somebody in already: a failure is only told.
    private func recordAtEnd(_ grant: Grant, _ name: String) {
        do throws(Interruption) {
            try record(grant, name, openSite())
        } catch {
            report(Interruption(error.outcome, error.reason, account: grant.account), name)
        }
    }

    private func record(_ grant: Grant, _ name: String, _ site: Site) throws(Interruption) {
        do throws(StoreError) {
            try site.store.recordGrant(grant)
        } catch {
            throw interruption(error)
        }
        var record = AuditRecord(verdict: "recorded")
        record.user = name
        record.account = grant.account
        record.factor = FactorScope.code.rawValue
        report(record, name)
    }

    /// Lines of two sites in one stack keep apart.
    private var keptName: String { "pam_security_grant:" + arguments.configPath }
}
