import SecurityCore

extension ServiceModule {
    /// `pam_sm_acct_mgmt`: whether the account may be used, whoever authenticated it.
    func reviewAccount(_ target: Target) throws(Interruption) -> Outcome {
        guard let site = try openSite(for: target) else { return tell(.superuser, nil, target) }
        let match = try find(target, site)
        switch AccountReview.verdict(on: match, policy: site.policy) {
        case .refused(let reason):
            return tell(reason, site, target)
        case .allowed:
            if case .one(let account, _) = match { try recordKeptGrant(of: account.id, site) }
            var record = AuditRecord(verdict: "granted")
            record.user = target.name
            report(record, target.name)
            return .done
        }
    }

    /// The account of a name.
    func find(_ target: Target, _ site: Site) throws(Interruption) -> AccountMatch {
        do throws(StoreError) {
            return try AccountFinder(policy: site.policy, store: site.store).find(target.identity)
        } catch {
            throw interruption(error)
        }
    }

    private func tell(_ reason: DenialReason, _ site: Site?, _ target: Target) -> Outcome {
        var record = AuditRecord(verdict: "denied")
        record.reason = reason.rawValue
        if let site, let message = reason.message { show(site.text(message)) }
        let outcome = outcome(of: reason)
        if outcome != .refused, outcome != .unknownAccount { record.user = target.name }
        report(record, target.name)
        return outcome
    }

    private func outcome(of reason: DenialReason) -> Outcome {
        if reason.isStranger, arguments.tellsUnknown { return .unknownAccount }
        return reason == .unknownAccount ? .refused : .notAllowed
    }
}
