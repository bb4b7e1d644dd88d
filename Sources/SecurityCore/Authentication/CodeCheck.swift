/// The second-factor step of a login.
struct CodeCheck {
    private let login: Authentication

    init(login: Authentication) {
        self.login = login
    }

    private var wallet: TOTPWallet {
        TOTPWallet(secrets: login.policy.secrets.totpSecrets, cost: login.policy.totp.walletCost)
    }

    /// Checks an answer to the code question. `isLookedUp` is false after a wrong password and for accounts that
    /// cannot be let in: then the work is done and nothing else.
    func check(_ typed: borrowing Secret, isLookedUp: Bool) throws(AuthenticationError) -> Proof {
        let isAnswer = !typed.isDummyAnswer && typed.count <= PasswordHasher.longestPassword
        let code = isAnswer ? typed.withBytes { TypedCode($0) } : .neither
        let account = isLookedUp ? login.account : nil
        switch consume code {
        case .neither:
            // Not an attempt at a code, as when sshd's password method answers every prompt with the password.
            wallet.spend()
            guard let account else { return .refused(.wrongCode) }
            return .refused(isAnswer ? refusal(account, .notACode) : .dummyAnswer)
        case .totp(let digits):
            guard let account else {
                wallet.spend()
                return .refused(.wrongCode)
            }
            return try counted(spend: wallet.spend, check: { () throws(StoreError) in try checkTOTP(digits, account) })
        case .recovery(let code):
            guard let account else {
                spendOnRecovery()
                return .refused(.wrongCode)
            }
            return try counted(
                spend: spendOnRecovery, check: { () throws(StoreError) in try checkRecovery(code, account) })
        }
    }

    private func counted(
        spend: () -> Void, check: () throws(StoreError) -> Proof
    ) throws(AuthenticationError) -> Proof {
        try login.counted(
            .code, spend: spend,
            check: { () throws(AuthenticationError) in
                do throws(StoreError) {
                    return try check()
                } catch {
                    throw .store(error)
                }
            })
    }

    private func checkTOTP(_ digits: borrowing Secret, _ account: Account) throws(StoreError) -> Proof {
        guard let method = CodeMethod(of: account, policy: login.policy.totp) else {
            wallet.spend()
            return .refused(refusal(account, .wrongCode))
        }
        guard let stored = open(method.wallet) else { return .refused(.unusableFactor) }
        let now = login.environment.now()
        let counter = digits.withBytes { stored.totp.counter(of: $0, at: now, window: method.window) }
        guard let counter else { return .refused(.wrongCode) }
        if method.isSingleUse {
            let isFirstUse = try login.store.acceptCounter(counter, of: method.slot, account: account.id, now: now)
            guard isFirstUse else { return .refused(.usedCode) }
        }
        reseal(stored, method.wallet, account)
        return .accepted
    }

    /// Brings the seal of a wallet up to date, once a code has shown that it opens to the right key: damage gives a wrong
    /// key, and that must not be sealed again. A failure is no reason to refuse a right code.
    private func reseal(_ opened: OpenedWallet, _ old: SharedSecret, _ account: Account) {
        guard login.policy.totp.reseals,
            let new = wallet.resealed(opened, random: login.environment.random)
        else { return }
        do throws(StoreError) {
            let stillHeld = try login.store.renewTOTPWallet(
                account: account.id, old: old, new: new, now: login.environment.now())
            if stillHeld { login.walletWasRenewed(new) }
        } catch {}
    }

    private func checkRecovery(_ code: borrowing Secret, _ account: Account) throws(StoreError) -> Proof {
        wallet.spend()
        guard login.policy.factors.recoveryCodes, account.recoveryCodes != nil else {
            vault.spend(now: login.environment.now())
            return .refused(refusal(account, .wrongCode))
        }
        let isTaken = try login.store.consumeRecoveryCode(
            code, account: account.id, digest: login.digest(.usedRecoveryCode, of: code.withOwner(account.id)),
            vault: vault, now: login.environment.now())
        return isTaken ? .accepted : .refused(.wrongCode)
    }

    private var vault: RecoveryCodeVault { login.policy.secrets.recoveryCodes }

    private func spendOnRecovery() {
        wallet.spend()
        vault.spend(now: login.environment.now())
    }

    private func open(_ stored: SharedSecret) -> OpenedWallet? {
        do throws(WalletError) {
            return try stored.withBytes { (bytes) throws(WalletError) in try wallet.read(bytes) }
        } catch {
            login.walletDidNotOpen(error)
            return nil
        }
    }

    /// The reason for the log: an account that has a factor, but none that can be asked here, says so.
    private func refusal(_ account: Account, _ reason: DenialReason) -> DenialReason {
        if account.factors.isEmpty { return .noFactor }
        let hasRecoveryCodes = login.policy.factors.recoveryCodes && account.recoveryCodes != nil
        return CodeSlot(account.factors) != nil || hasRecoveryCodes ? reason : .noUsableFactor
    }
}

extension Secret {
    /// Whether a NUL byte is among the bytes.
    var containsNUL: Bool {
        withBytes { bytes in bytes.indices.contains { bytes[$0] == 0 } }
    }

    /// Whether sshd made this answer up for an account that it will refuse anyway: it starts with a backspace.
    var isDummyAnswer: Bool {
        withBytes { bytes in !bytes.isEmpty && bytes[0] == 0x08 }
    }

    /// The bytes behind an account's id, so that equal codes of two accounts have different digests.
    func withOwner(_ id: Int64) -> Secret {
        let owner = Array("\(id):".utf8)
        return withBytes { bytes in
            Secret(count: owner.count + bytes.count) { out in
                for index in owner.indices { out[index] = owner[index] }
                for index in bytes.indices { out[owner.count + index] = bytes[index] }
            }
        }
    }
}
