/// Makes and checks password hashes by the policy, as Flask-Security does with passlib.
///
/// 1. A password of more than ``longestPassword`` bytes, or with a NUL, is refused before anything is computed.
/// 2. It is normalised (SECURITY_PASSWORD_NORMALIZE_FORM), and may not grow beyond ``longestPassword`` by that.
/// 3. Unless the scheme is in SECURITY_PASSWORD_SINGLE_HASH or is not of passlib, it is replaced by
///    base64(HMAC-SHA512(SECURITY_PASSWORD_SALT, it)), 88 characters.
/// 4. The scheme hashes the result. For a stored string that is the first scheme of SECURITY_PASSWORD_SCHEMES and then of
///    LIBSECURITY_PASSWORD_SCHEMES that recognises it, for a new one SECURITY_PASSWORD_HASH.
public struct PasswordHasher {
    /// The longest password in bytes; longer ones are refused before any hashing.
    public static let longestPassword = 4096
    /// The longest stored string in bytes; Flask-Security's column has 255.
    private static let longestStored = 4096

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
    ///
    /// An error that concerns the stored string comes at once; whoever must not tell by the time that an account's hash
    /// cannot be used calls ``spend(on:)`` then.
    public func verify(
        _ password: borrowing Secret, against stored: SharedSecret
    ) throws(PasswordError) -> PasswordVerdict {
        let normalized = try normalize(password)
        return try stored.withBytes { (stored) throws(PasswordError) in
            let row = try owner(of: stored)
            let input = try input(normalized, for: row.scheme)
            let isMatch = try input.withBytes { (input) throws(PasswordError) in try row.verify(input, stored) }
            return isMatch ? .match(isDue: try isDue(stored, row)) : .mismatch
        }
    }

    /// A new stored string, by SECURITY_PASSWORD_HASH. Costs a full hash.
    public func hash(_ password: borrowing Secret) throws(PasswordError) -> Secret {
        try hash(password, random)
    }

    /// Spends what a check against a hash of the current scheme and cost costs, for an account that has none.
    public func spend(on password: borrowing Secret) {
        do throws(PasswordError) {
            _ = try hash(password) { count in Secret(count: count) { _ in } }
        } catch {
            // What is refused here, a check refuses as early.
        }
    }

    /// Whether a stored string is to be renewed once its password is known (passlib: `needs_update`).
    public func isDue(_ stored: SharedSecret) throws(PasswordError) -> Bool {
        try stored.withBytes { (stored) throws(PasswordError) in try isDue(stored, owner(of: stored)) }
    }

    /// The scheme that owns a stored string; nil when none of the policy does. For listings.
    public func scheme(of stored: SharedSecret) -> PasswordScheme? {
        do throws(PasswordError) {
            return try stored.withBytes { (stored) throws(PasswordError) in try owner(of: stored).scheme }
        } catch {
            return nil
        }
    }

    private func hash(_ password: borrowing Secret, _ random: (Int) -> Secret?) throws(PasswordError) -> Secret {
        guard let row = SchemeRow.of(policy.scheme), isAllowed(row.scheme) else { throw .unsupported(policy.scheme) }
        let input = try input(normalize(password), for: row.scheme)
        let options = options(of: row.scheme)
        return try input.withBytes { (input) throws(PasswordError) in try row.hash(input, options, random) }
    }

    /// Step 1 and 2.
    private func normalize(_ password: borrowing Secret) throws(PasswordError) -> Secret {
        guard password.count <= PasswordHasher.longestPassword else { throw .tooLong }
        let hasNUL = password.withBytes { $0.contains(0) }
        guard !hasNUL else { throw .containsNUL }
        guard let form = policy.normalization else { return password.copy() }
        guard let text = password.withBytes({ form.normalize($0) }) else { throw .notUTF8 }
        guard text.count <= PasswordHasher.longestPassword else { throw .tooLong }
        return text
    }

    /// Step 3.
    private func input(_ password: borrowing Secret, for scheme: PasswordScheme) throws(PasswordError) -> Secret {
        guard !policy.singleHash.contains(scheme), !PasswordScheme.ours.contains(scheme) else { return password.copy() }
        guard let salt else { throw .missingSalt }
        let digest = salt.withBytes { salt in
            password.withBytes { password in LibCrypto.hmac(.sha512, key: salt, message: password) }
        }
        return digest.withBytes { Base64.standard.encode($0) }
    }

    private func owner(of stored: Span<UInt8>) throws(PasswordError) -> SchemeRow {
        guard stored.count <= PasswordHasher.longestStored else { throw .unidentified }
        for scheme in policy.schemes + policy.ownSchemes where isAllowed(scheme) {
            if let row = SchemeRow.of(scheme), row.identifies(stored) { return row }
        }
        throw .unidentified
    }

    private func isAllowed(_ scheme: PasswordScheme) -> Bool { scheme != .plaintext || policy.allowsPlaintext }

    /// passlib's `needs_update`: the scheme is deprecated, or its own rules say so.
    private func isDue(_ stored: Span<UInt8>, _ row: SchemeRow) throws(PasswordError) -> Bool {
        let isDeprecated =
            switch policy.deprecated {
            case .auto: row.scheme != policy.scheme
            case .named(let schemes): schemes.contains(row.scheme)
            }
        return isDeprecated ? true : try row.isDue(stored, options(of: row.scheme))
    }

    private func options(of scheme: PasswordScheme) -> SchemeOptions { policy.options[scheme] ?? SchemeOptions() }
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
    /// The scheme is known, and this variant of it, or a hash with these options, cannot be computed.
    case unsupported(PasswordScheme)
    /// The cost, in time or memory, is more than a row of a database may make a process spend.
    case tooCostly(PasswordScheme)
    /// A double hash needs SECURITY_PASSWORD_SALT.
    case missingSalt
    /// The random generator, libcrypto, libcrypt or libargon2 failed, for lack of memory as a rule.
    case failed
}
