import SecurityCore

extension ServiceModule {
    /// `pam_sm_acct_mgmt`: whether the account may be used, whoever authenticated it.
    func reviewAccount(_ identity: LoginIdentity) throws(Interruption) -> Outcome {
        let site = try openSite()
        let verdict: AccountReview.Verdict
        do throws(StoreError) {
            verdict = try AccountReview.verdict(on: identity, policy: site.policy, store: site.store)
        } catch {
            throw interruption(error)
        }
        var record: AuditRecord
        let outcome: Outcome
        switch verdict {
        case .allowed:
            record = AuditRecord(verdict: "granted")
            outcome = .done
        case .refused(let reason):
            record = AuditRecord(verdict: "denied")
            record.reason = reason.rawValue
            if let message = reason.message { show(site.text(message)) }
            outcome = self.outcome(of: reason)
        }
        if outcome != .refused, outcome != .unknownAccount { record.user = identity.typed }
        report(record, identity)
        return outcome
    }

    private func outcome(of reason: DenialReason) -> Outcome {
        if reason.isStranger, arguments.tellsUnknown { return .unknownAccount }
        return reason == .unknownAccount ? .refused : .notAllowed
    }
}
