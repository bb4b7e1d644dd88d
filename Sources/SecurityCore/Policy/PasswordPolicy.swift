/// How passwords are hashed and judged.
public struct PasswordPolicy: Sendable {
    /// SECURITY_PASSWORD_HASH: the scheme of new hashes.
    public var scheme: PasswordScheme = .bcrypt
    /// SECURITY_PASSWORD_SCHEMES, in order: the first that recognises a stored string owns it.
    public var schemes: [PasswordScheme] = PasswordScheme.defaultList
    /// LIBSECURITY_PASSWORD_SCHEMES: further schemes, which the Python application does not know.
    public var ownSchemes: [PasswordScheme] = []
    /// Whether the file itself names `plaintext` in SECURITY_PASSWORD_SCHEMES; the default list does not count.
    public var allowsPlaintext = false
    /// SECURITY_DEPRECATED_PASSWORD_SCHEMES.
    public var deprecated: DeprecatedSchemes = .auto
    /// SECURITY_PASSWORD_SINGLE_HASH.
    public var singleHash: SingleHash = .named(PasswordScheme.defaultSingleHash)
    /// SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS, by scheme.
    public var options: [PasswordScheme: SchemeOptions] = [.argon2: SchemeOptions(rounds: 10)]
    /// SECURITY_PASSWORD_NORMALIZE_FORM; nil = as typed.
    public var normalization: NormalizationForm? = .nfkd
    /// SECURITY_PASSWORD_LENGTH_MIN, in code points after normalisation.
    public var minimumLength = 8
    /// LIBSECURITY_PASSWORD_LENGTH_MAX, in code points after normalisation.
    public var maximumLength = 128
    /// SECURITY_PASSWORD_CHECK_BREACHED and what belongs to it.
    public var breached = BreachedPolicy()
    /// SECURITY_PASSWORD_COMPLEXITY_CHECKER and what belongs to it; nil = passwords are not judged.
    public var strength: StrengthPolicy?

    /// Flask-Security's defaults.
    public init() {}
}

/// SECURITY_DEPRECATED_PASSWORD_SCHEMES.
public enum DeprecatedSchemes: Equatable, Sendable {
    /// Every scheme except the one of new hashes.
    case auto
    /// The named ones.
    case named(Set<PasswordScheme>)
}

/// SECURITY_PASSWORD_SINGLE_HASH: which schemes hash the password itself instead of its HMAC.
public enum SingleHash: Equatable, Sendable {
    /// Every scheme.
    case all
    /// The named ones.
    case named(Set<PasswordScheme>)

    /// Whether hashes of `scheme` are single.
    public func contains(_ scheme: PasswordScheme) -> Bool {
        switch self {
        case .all: true
        case .named(let schemes): schemes.contains(scheme)
        }
    }
}

/// The passlib options of one scheme: costs of new hashes, and what makes an old hash due for renewal.
public struct SchemeOptions: Equatable, Sendable {
    /// `rounds`, for argon2 also `time_cost`: the cost of new hashes; other costs are renewed.
    public var rounds: Int?
    /// `default_rounds`, or `rounds` in SECURITY_PASSWORD_HASH_OPTIONS: the cost of new hashes, before ``rounds``; no
    /// old hash is renewed for it.
    public var newRounds: Int?
    /// `min_rounds`: lower costs are renewed.
    public var minimumRounds: Int?
    /// `max_rounds`: higher costs are renewed.
    public var maximumRounds: Int?
    /// argon2 `memory_cost`, KiB.
    public var memoryCost: Int?
    /// argon2 `parallelism`, lanes; scrypt's p.
    public var parallelism: Int?
    /// argon2 `digest_size` or `hash_len`, bytes.
    public var hashLength: Int?
    /// `salt_size` or `salt_len`, bytes.
    public var saltLength: Int?
    /// argon2 `type`: "id", "i" or "d".
    public var argon2Type: Argon2Type?
    /// scrypt `block_size`: its r.
    public var blockSize: Int?
    /// scrypt `ident`.
    public var scryptForm: ScryptForm?
    /// bcrypt `ident`: "2b" and so on, without dollar signs.
    public var bcryptVariant: String?

    /// Options with at most a cost.
    public init(rounds: Int? = nil) {
        self.rounds = rounds
    }
}

/// The variants of argon2 (RFC 9106).
public enum Argon2Type: String, Sendable {
    case id, i, d
}

/// Unicode normalisation forms (Unicode Standard Annex 15).
public enum NormalizationForm: String, Sendable {
    case nfc = "NFC"
    case nfd = "NFD"
    case nfkc = "NFKC"
    case nfkd = "NFKD"
}
