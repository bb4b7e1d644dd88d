/// Gives an account a new password: judged by the rules, hashed by the policy, stored with a new fs_uniquifier, which
/// ends every session, token and link that was bound to the old one.
public struct PasswordChange {
    /// What came of it.
    public enum Outcome: Equatable, Sendable {
        /// The password is stored.
        case changed
        /// It may not be used, for all of these reasons; nothing was written.
        case refused([PasswordFlaw])
    }

    private let policy: Policy
    private let store: any AccountStore
    private let environment: Environment
    private let service: (any BreachedPasswords)?

    /// A change under a policy. `service` knows breached passwords where the policy names no file of them.
    public init(
        policy: Policy, store: any AccountStore, environment: Environment, service: (any BreachedPasswords)? = nil
    ) {
        self.policy = policy
        self.store = store
        self.environment = environment
        self.service = service
    }

    /// Stores `new`. Whether the caller may do so (the old password, an administrator's right) is settled before: see
    /// ``LoginRequest/Purpose/confirmation``. The account's mail address and user name join the facts. Costs a full hash.
    public func set(
        _ new: borrowing Secret, account id: Int64, beside facts: PasswordFacts = PasswordFacts()
    ) throws(PasswordChangeError) -> Outcome {
        var facts = facts
        facts.words += try words(ofAccount: id)
        let flaws = PasswordRules(policy: policy.passwords, service: service).flaws(of: new, beside: facts)
        guard flaws.isEmpty else { return .refused(flaws) }
        guard let uniquifier = Uniquifier.make(random: environment.random) else { throw .randomness }
        let hasher = PasswordHasher(
            policy: policy.passwords, salt: policy.secrets.passwordSalt, random: environment.random)
        let hash: Secret
        do throws(PasswordError) {
            hash = try hasher.hash(new)
        } catch {
            throw .password(error)
        }
        do throws(StoreError) {
            try store.setPassword(account: id, hash: hash, fsUniquifier: uniquifier, now: environment.now())
        } catch {
            throw .store(error)
        }
        return .changed
    }

    /// What an attacker knows of the account's owner; read only where a rule asks.
    private func words(ofAccount id: Int64) throws(PasswordChangeError) -> [String] {
        guard policy.passwords.strength != nil else { return [] }
        do throws(StoreError) {
            guard let account = try store.account(id: id) else { throw .missingAccount(id: id) }
            return [account.email, account.username].compactMap { $0 }
        } catch {
            throw .store(error)
        }
    }
}

/// What kept a password from being changed.
public enum PasswordChangeError: Error, Equatable {
    /// The account database.
    case store(StoreError)
    /// Hashing.
    case password(PasswordError)
    /// The random generator.
    case randomness
}

/// The texts that Flask-Security keeps in `fs_uniquifier` and `fs_webauthn_user_handle`.
public enum Uniquifier {
    /// 32 lower-case hex digits of a random UUID (RFC 9562 section 5.4), without dashes; nil when there is no randomness.
    public static func make(random: (Int) -> Secret?) -> String? {
        guard let bytes = random(16), bytes.count == 16 else { return nil }
        let uuid = bytes.withBytes { bytes in
            Secret(count: bytes.count) { out in
                for index in bytes.indices { out[index] = bytes[index] }
                out[6] = out[6] & 0x0F | 0x40
                out[8] = out[8] & 0x3F | 0x80
            }
        }
        return uuid.withBytes { Hex.text($0) }
    }
}
