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

    /// What came of the judgement.
    public enum Preparation {
        /// It may be used, and is hashed.
        case ready(PreparedPassword)
        /// It may not be used, for all of these reasons.
        case refused([PasswordFlaw])
    }

    /// Stores `new`. Whether the caller may do so (the old password, an administrator's right) is settled before: see
    /// ``LoginRequest/Purpose/confirmation``. The account's mail address and user name join the facts. Costs a full hash.
    public func set(
        _ new: borrowing Secret, account id: Int64, beside facts: PasswordFacts = PasswordFacts()
    ) throws(PasswordChangeError) -> Outcome {
        switch try prepare(new, account: id, beside: facts) {
        case .refused(let flaws): return .refused(flaws)
        case .ready(let prepared):
            try commit(prepared, account: id)
            return .changed
        }
    }

    /// Judges and hashes, and writes nothing: for a caller who stores it in a transaction of his own, which must not wait for
    /// a hash. Otherwise as ``set(_:account:beside:)``.
    public func prepare(
        _ new: borrowing Secret, account id: Int64, beside facts: PasswordFacts = PasswordFacts()
    ) throws(PasswordChangeError) -> Preparation {
        var facts = facts
        facts.words += try words(ofAccount: id)
        let flaws = PasswordRules(policy: policy.passwords, service: service).flaws(of: new, beside: facts)
        guard flaws.isEmpty else { return .refused(flaws) }
        guard let uniquifier = Uniquifier.make(random: environment.random) else { throw .randomness }
        let hasher = PasswordHasher(
            policy: policy.passwords, salt: policy.secrets.passwordSalt, random: environment.random)
        do throws(PasswordError) {
            return .ready(PreparedPassword(hash: SharedSecret(try hasher.hash(new)), fsUniquifier: uniquifier))
        } catch {
            throw .password(error)
        }
    }

    /// Stores a password that ``prepare(_:account:beside:)`` found good.
    public func commit(_ prepared: PreparedPassword, account id: Int64) throws(PasswordChangeError) {
        do throws(StoreError) {
            try prepared.hash.withSecret { (hash) throws(StoreError) in
                try store.setPassword(
                    account: id, hash: hash, fsUniquifier: prepared.fsUniquifier, now: environment.now())
            }
        } catch {
            throw .store(error)
        }
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

/// A new password that may be used, hashed, with the uniquifier that comes with it.
public struct PreparedPassword {
    let hash: SharedSecret
    let fsUniquifier: String
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
