import SecurityCore

/// Requirements (tests name the number):
/// 1. The preliminary call changes nothing, and fails when the change cannot be made.
/// 2. The updating call checks everything again: a stack may go on after a preliminary failure of ours.
/// 3. The old password is verified, as an attempt that counts, unless the caller's real uid is 0 and no login forces the
///    change.
/// 4. Every flaw of the new password is shown; a refused one is not left to the modules below.
extension ServiceModule {
    /// `pam_sm_chauthtok`.
    func changePassword(_ target: Target) throws(Interruption) -> Outcome {
        let isUpdate = flags.contains(.update)
        guard isUpdate != flags.contains(.preliminary) else { throw Interruption(.systemFailure, "no-phase") }
        guard let site = try openSite(for: target), !target.identity.isRefusedSuperuser(site.policy) else {
            throw Interruption(.unknownAccount, DenialReason.superuser.rawValue)
        }
        guard site.policy.isChangeable else {
            show(site.text(Message(.passwordsNotChangeable)))
            throw Interruption(.notAllowed, "not-changeable")
        }
        let account = try changeableAccount(target, site)
        do throws(Interruption) {
            let old = try verifiedOldPassword(target, site)
            if isUpdate {
                let new = try newPassword(site)
                try requireUnchanged(target)
                try set(new, old: old, of: account, site)
            }
        } catch {
            throw Interruption(error.outcome, error.reason, account: account)
        }
        if isUpdate {
            var record = AuditRecord(verdict: "changed")
            record.user = target.name
            record.account = account
            report(record, target.name)
        }
        return .done
    }

    /// The account's id, if its password may be changed at all.
    private func changeableAccount(_ target: Target, _ site: Site) throws(Interruption) -> Int64 {
        switch try find(target, site) {
        case .none: throw Interruption(.unknownAccount, DenialReason.unknownAccount.rawValue)
        case .ambiguous: throw Interruption(.notAllowed, DenialReason.ambiguousAccount.rawValue)
        case .superuser: throw Interruption(.unknownAccount, DenialReason.superuser.rawValue)
        case .one(let account, let isAdmitted):
            let facts = AccountFacts(account, isAdmitted: isAdmitted)
            if let obstacle = Decision.obstacle(site.policy.factors, facts) {
                throw Interruption(.notAllowed, obstacle.rawValue, account: account.id)
            }
            return account.id
        }
    }

    /// The old password, verified; nil for root, who need not know it.
    private func verifiedOldPassword(_ target: Target, _ site: Site) throws(Interruption) -> SharedSecret? {
        if transaction.callerID == 0, !flags.contains(.changeExpired) { return nil }
        transaction.delayFailure(microseconds: ServiceModule.failureDelay)
        var request = LoginRequest(identity: target.identity, origin: origin(of: target))
        request.scope = .password
        request.purpose = .confirmation
        let check = Authentication(
            policy: site.policy, store: site.store, environment: environment, request: request)
        let first = try decided { () throws(AuthenticationError) in try check.begin() }
        guard first == .ask(.password) else { throw Interruption(.systemFailure, "unexpected-step") }
        let old = try oldPassword(site)
        let step = try give(old, to: check, target)
        if step == .granted { return old }
        transaction.forget(.oldPassword)
        guard case .denied(let reason) = step else { throw Interruption(.systemFailure, "unexpected-step") }
        throw Interruption(.refused, reason.rawValue)
    }

    private func oldPassword(_ site: Site) throws(Interruption) -> SharedSecret {
        guard arguments.usesFirstPass else { return try ask(for: .oldPassword, .currentPasswordPrompt, site) }
        guard let stacked = transaction.stacked(.oldPassword) else {
            throw Interruption(.refused, "no-first-pass")
        }
        return stacked
    }

    private func newPassword(_ site: Site) throws(Interruption) -> SharedSecret {
        guard arguments.usesAuthtok else {
            return try ask(for: .password, .newPasswordPrompt, repeat: .repeatedPasswordPrompt, site)
        }
        guard let stacked = transaction.stacked(.password) else { throw Interruption(.passwordRefused, "no-authtok") }
        return stacked
    }

    private func set(
        _ new: SharedSecret, old: SharedSecret?, of account: Int64, _ site: Site
    ) throws(Interruption) {
        let change = PasswordChange(policy: site.policy, store: site.store, environment: environment)
        let outcome: PasswordChange.Outcome
        do throws(PasswordChangeError) {
            outcome = try new.withSecret { (secret) throws(PasswordChangeError) in
                try change.set(secret, account: account, beside: PasswordFacts(old: old))
            }
        } catch {
            switch error {
            case .store(let error): throw interruption(error)
            case .password: throw Interruption(.systemFailure, "hashing-failed")
            case .randomness: throw Interruption(.systemFailure, "no-randomness")
            }
        }
        guard case .refused(let flaws) = outcome else { return }
        for message in flaws.flatMap({ $0.messages }) { show(site.text(message)) }
        transaction.forget(.password)
        throw Interruption(.passwordRefused, flaws.map { $0.identifier }.joined(separator: ","))
    }
}
