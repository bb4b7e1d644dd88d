/// The password step of a login.
struct PasswordCheck {
    private let login: Authentication

    init(login: Authentication) {
        self.login = login
    }

    /// Checks an answer to the password question.
    func check(_ password: borrowing Secret) throws(AuthenticationError) -> Proof {
        // Refused before any hashing, known account or not, so that length tells nothing of the account. An empty one is
        // no password, whatever hash is stored.
        guard !password.isEmpty, password.count <= PasswordHasher.longestPassword, !password.containsNUL else {
            return .refused(.unusablePassword)
        }
        if password.isDummyAnswer {
            login.hasher.spend(on: password)
            return .refused(.dummyAnswer)
        }
        if login.hasTried(password) {
            login.hasher.spend(on: password)
            return .refused(.wrongPassword)
        }
        return try login.counted(.password, spend: { login.hasher.spend(on: password) }, check: { verify(password) })
    }

    private func verify(_ password: borrowing Secret) -> Proof {
        guard let account = login.account, let stored = account.password else {
            login.hasher.spend(on: password)
            return .refused(login.account == nil ? .unknownAccount : .noPassword)
        }
        do throws(PasswordError) {
            switch try login.hasher.verify(password, against: stored) {
            case .mismatch:
                return .refused(.wrongPassword)
            case .match(let isDue):
                if isDue, Decision.obstacle(login.policy.factors, login.facts) == nil {
                    renew(account, stored, password)
                }
                return .accepted
            }
        } catch {
            login.hasher.spend(on: password)
            return .refused(.unusablePassword)
        }
    }

    /// Stores a renewed hash at once: with a second factor still to come Flask-Security loses it. A renewal that
    /// fails is no reason to refuse a right password; the next login tries again.
    private func renew(_ account: Account, _ stored: SharedSecret, _ password: borrowing Secret) {
        do throws(PasswordError) {
            let hash = try login.hasher.hash(password)
            do throws(StoreError) {
                let stillHeld = try login.store.renewPasswordHash(
                    account: account.id, old: stored, new: hash, now: login.environment.now())
                if stillHeld { login.passwordHashWasRenewed(hash) }
            } catch {}
        } catch {}
    }
}
