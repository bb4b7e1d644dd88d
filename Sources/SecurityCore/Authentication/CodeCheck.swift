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
    /// cannot be let in: then the work is done, and the attempt is counted unless a wrong password came before it.
    func check(_ typed: borrowing Secret, isLookedUp: Bool) throws(AuthenticationError) -> Proof {
        let isAnswer = !typed.isDummyAnswer && typed.count <= PasswordHasher.longestPassword
        let code = isAnswer ? typed.withBytes { TypedCode($0) } : .neither
        let account = isLookedUp ? login.account : nil
        switch consume code {
        case .neither:
            // Not an attempt at a code, as when sshd's password method answers every prompt with the password.
            spendOnWallets()
            guard let account else { return .refused(.wrongCode) }
            return .refused(isAnswer ? refusal(account, .notACode) : .dummyAnswer)
        case .totp(let digits):
            return try counted(
                spend: spendOnWallets, check: { () throws(StoreError) in try checkTOTP(digits, account) })
        case .recovery(let code):
            return try counted(
                spend: spendOnRecovery, check: { () throws(StoreError) in try checkRecovery(code, account) })
        }
    }

    private func counted(
        spend: () -> Void, check: () throws(StoreError) -> Proof
    ) throws(AuthenticationError) -> Proof {
        guard let kind = login.codeKind else {
            spend()
            return .refused(.wrongCode)
        }
        return try login.counted(
            kind, spend: spend,
            check: { () throws(AuthenticationError) in
                do throws(StoreError) {
                    return try check()
                } catch {
                    throw .store(error)
                }
            })
    }

    private func checkTOTP(_ digits: borrowing Secret, _ account: Account?) throws(StoreError) -> Proof {
        guard let account else {
            spendOnWallets()
            return .refused(.wrongCode)
        }
        let methods = CodeMethod.all(of: account, policy: login.policy)
        spendOnWallets(except: methods.count)
        guard !methods.isEmpty else { return .refused(refusal(account, .wrongCode)) }
        let now = login.environment.now()
        var matches: [(method: CodeMethod, opened: OpenedWallet, counter: Int64)] = []
        for method in methods {
            guard let opened = open(method.wallet) else {
                wallet.spend()
                continue
            }
            let counter = digits.withBytes { opened.totp.counter(of: $0, at: now, window: method.window) }
            if let counter { matches.append((method, opened, counter)) }
        }
        guard !matches.isEmpty else { return .refused(login.walletFlaw == nil ? .wrongCode : .unusableFactor) }
        // One key may be in two wallets: the code is used up for both.
        for match in matches where match.method.isSingleUse {
            let isFirstUse = try login.store.acceptCounter(
                match.counter, of: match.method.slot, account: account.id, now: now)
            guard isFirstUse else { return .refused(.usedCode) }
        }
        for match in matches { reseal(match.opened, match.method, account) }
        return .accepted
    }

    /// Brings the seal of a wallet up to date, once a code has shown that it opens to the right key: damage gives a wrong
    /// key, and that must not be sealed again. A failure is no reason to refuse a right code.
    private func reseal(_ opened: OpenedWallet, _ method: CodeMethod, _ account: Account) {
        guard login.policy.totp.reseals,
            let new = wallet.resealed(opened, random: login.environment.random)
        else { return }
        let now = login.environment.now()
        do throws(StoreError) {
            if let unified = method.unified {
                // The column as it is now: another of its wallets may just have been sealed anew.
                guard let old = login.account?.unifiedSecrets,
                    let column = UnifiedSecrets(old)?.replacing(new, of: unified.rawValue),
                    try login.store.renewUnifiedSecrets(account: account.id, old: old, new: column, now: now)
                else { return }
                login.unifiedSecretsWereRenewed(column)
            } else if try login.store.renewTOTPWallet(account: account.id, old: method.wallet, new: new, now: now) {
                login.walletWasRenewed(new)
            }
        } catch {}
    }

    private func checkRecovery(_ code: borrowing Secret, _ account: Account?) throws(StoreError) -> Proof {
        guard let account else {
            spendOnRecovery()
            return .refused(.wrongCode)
        }
        spendOnWallets()
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

    private func spendOnWallets() { spendOnWallets(except: 0) }

    /// Opens as many wallets as any account has, but those that this one has.
    private func spendOnWallets(except count: Int) {
        var rest = CodeMethod.most(login.policy.factors) - count
        while rest > 0 {
            wallet.spend()
            rest -= 1
        }
    }

    private func spendOnRecovery() {
        spendOnWallets()
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
        guard Decision.hasFactor(login.policy.factors, login.facts) else { return .noFactor }
        let hasRecoveryCodes = login.policy.factors.recoveryCodes && account.recoveryCodes != nil
        let hasWallet = !CodeMethod.all(of: account, policy: login.policy).isEmpty
        return hasWallet || hasRecoveryCodes ? reason : .noUsableFactor
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
