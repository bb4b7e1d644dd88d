/// Makes and checks password hashes by the policy.
public struct PasswordHasher {
    /// The longest password in bytes; longer ones are refused before any hashing.
    public static let longestPassword = 4096

    let policy: PasswordPolicy
    let salt: SharedSecret?
    let random: (Int) -> Secret?

    /// A hasher of a policy. `salt` is SECURITY_PASSWORD_SALT, `random` a source of salts.
    public init(policy: PasswordPolicy, salt: SharedSecret?, random: @escaping (Int) -> Secret?) {
        self.policy = policy
        self.salt = salt
        self.random = random
    }

    /// Checks a password against a stored string. Costs a full hash, tens to hundreds of milliseconds.
    public func verify(
        _ password: borrowing Secret, against stored: SharedSecret
    ) throws(PasswordError) -> PasswordVerdict {
        throw .failed
    }

    /// A new stored string, by SECURITY_PASSWORD_HASH. Costs a full hash.
    public func hash(_ password: borrowing Secret) throws(PasswordError) -> Secret {
        throw .failed
    }

    /// Spends what a check against a hash of the current scheme and cost costs, for an account that has none.
    public func spend(on password: borrowing Secret) {}
}

/// What a check found.
public enum PasswordVerdict: Equatable {
    /// The password is right; `isDue` says whether its hash should be renewed (formats: when a hash is renewed).
    case match(isDue: Bool)
    /// The password is wrong.
    case mismatch
}

/// What kept a password from being checked or hashed. Never a verdict.
public enum PasswordError: Error, Equatable {
    /// More than ``PasswordHasher/longestPassword`` bytes.
    case tooLong
    /// A NUL byte, which C interfaces would cut at.
    case containsNUL
    /// Not UTF-8 while a normalisation form is configured.
    case notUTF8
    /// No configured scheme recognises the stored string.
    case unidentified
    /// The scheme that owns the stored string cannot read it.
    case malformed(PasswordScheme)
    /// The scheme is known, and this version cannot compute it.
    case unsupported(PasswordScheme)
    /// A double hash needs SECURITY_PASSWORD_SALT.
    case missingSalt
    /// The random generator, libcrypto, libcrypt or libargon2 failed, for lack of memory as a rule.
    case failed
}
