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
        guard isLookedUp, let account = login.account else {
            wallet.spend()
            return .refused(.wrongCode)
        }
        switch consume code {
        case .neither:
            // Not an attempt at a code, as when sshd's password method answers every prompt with the password.
            wallet.spend()
            return .refused(isAnswer ? refusal(account, .notACode) : .dummyAnswer)
        case .totp(let digits):
            return try counted { () throws(StoreError) in try checkTOTP(digits, account) }
        case .recovery(let code):
            return try counted { () throws(StoreError) in try checkRecovery(code, account) }
        }
    }

    private func counted(_ check: () throws(StoreError) -> Proof) throws(AuthenticationError) -> Proof {
        try login.counted(
            .code, spend: { wallet.spend() },
            check: { () throws(AuthenticationError) in
                do throws(StoreError) {
                    return try check()
                } catch {
                    throw .store(error)
                }
            })
    }

    private func checkTOTP(_ digits: borrowing Secret, _ account: Account) throws(StoreError) -> Proof {
        guard account.factors.contains(.authenticator), let stored = account.totpWallet else {
            wallet.spend()
            return .refused(refusal(account, .wrongCode))
        }
        guard let totp = open(stored) else { return .refused(.unusableFactor) }
        let now = login.environment.now()
        let counter = digits.withBytes { bytes in
            totp.counter(of: bytes, at: now, window: login.policy.totp.authenticatorValidity)
        }
        guard let counter else { return .refused(.wrongCode) }
        guard login.policy.totp.singleUse else { return .accepted }
        let isFirstUse = try login.store.acceptCounter(counter, account: account.id, now: now)
        return isFirstUse ? .accepted : .refused(.usedCode)
    }

    private func checkRecovery(_ code: borrowing Secret, _ account: Account) throws(StoreError) -> Proof {
        wallet.spend()
        guard login.policy.factors.recoveryCodes, account.recoveryCodes != nil else {
            return .refused(refusal(account, .wrongCode))
        }
        let isTaken = try login.store.consumeRecoveryCode(
            code, account: account.id, digest: login.digest(.usedRecoveryCode, of: code.withOwner(account.id)),
            now: login.environment.now())
        return isTaken ? .accepted : .refused(.wrongCode)
    }

    private func open(_ stored: SharedSecret) -> TOTP? {
        do throws(WalletError) {
            return try stored.withBytes { (bytes) throws(WalletError) in try wallet.open(bytes) }
        } catch {
            return nil
        }
    }

    /// The reason for the log: an account that has a factor, but none that can be asked here, says so.
    private func refusal(_ account: Account, _ reason: DenialReason) -> DenialReason {
        if account.factors.isEmpty { return .noFactor }
        let hasRecoveryCodes = login.policy.factors.recoveryCodes && account.recoveryCodes != nil
        return account.factors.contains(.authenticator) || hasRecoveryCodes ? reason : .noUsableFactor
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
