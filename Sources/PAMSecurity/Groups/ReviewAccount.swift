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
            if let text = reason.text { show(text) }
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

extension DenialReason {
    /// What somebody is told who has shown already who he is; nil = nothing.
    fileprivate var text: String? {
        switch self {
        case .inactive: "This account is disabled."
        case .unconfirmed: "The e-mail address of this account is not confirmed yet."
        case .noFactor: "This account needs a second factor, and none is set up."
        default: nil
        }
    }
}
