import CLibSecurity
import SecurityCore

extension lsec_account {
    /// What the header's struct says of nobody.
    static var nobody: lsec_account {
        var account = lsec_account()
        account.size = MemoryLayout<lsec_account>.size
        account.obstacle = LSEC_REASON_UNKNOWN_ACCOUNT
        return account
    }

    /// What a look-up found, reviewed.
    init(_ match: AccountMatch, policy: Policy, now: Instant) {
        self = .nobody
        switch AccountReview.verdict(on: match, policy: policy) {
        case .allowed: obstacle = LSEC_REASON_NONE
        case .refused(let reason): obstacle = lsec_reason(reason)
        }
        guard case .one(let account, let isAdmitted) = match else { return }
        id = account.id
        factors = UInt32(account.factors.rawValue)
        recovery_codes = account.recoveryCodeCount(policy.secrets.recoveryCodes, now)
        flags = account.flags(isAdmitted: isAdmitted)
    }
}

extension Account {
    fileprivate func recoveryCodeCount(_ vault: RecoveryCodeVault, _ now: Instant) -> UInt32 {
        guard let recoveryCodes else { return 0 }
        return UInt32(clamping: recoveryCodes.withBytes { vault.count(in: $0, now: now) })
    }

    fileprivate func flags(isAdmitted: Bool) -> UInt32 {
        let states: [(flag: UInt32, isSet: Bool)] = [
            (LSEC_ACCOUNT_ACTIVE, isActive),
            (LSEC_ACCOUNT_CONFIRMED, isConfirmed),
            (LSEC_ACCOUNT_PASSWORD, password != nil),
            (LSEC_ACCOUNT_ADMITTED, isAdmitted),
        ]
        return states.reduce(0) { $1.isSet ? $0 | $1.flag : $0 }
    }

    /// One of the texts that the header names; nil for a value that is none.
    func text(_ which: lsec_account_text) -> String? {
        switch which {
        case LSEC_ACCOUNT_EMAIL: email
        case LSEC_ACCOUNT_USERNAME: username ?? ""
        case LSEC_ACCOUNT_UNIQUIFIER: fsUniquifier
        default: nil
        }
    }
}
