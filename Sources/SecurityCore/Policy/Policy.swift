/// One site's whole policy, typed: what a valid `security.toml` says, with Flask-Security's defaults for what it
/// leaves out.
///
/// A value exists only if the file was valid: there is no half-read policy.
public final class Policy {
    /// The keys that sign and encrypt.
    public let secrets: PolicySecrets
    /// How passwords are hashed and judged.
    public let passwords: PasswordPolicy
    /// Which factors a login needs.
    public let factors: FactorPolicy
    /// How one-time codes are made and checked.
    public let totp: TOTPPolicy
    /// How a typed identity becomes an account.
    public let identities: [IdentityAttribute]
    /// Who may log in on hosts.
    public let hosts: HostPolicy
    /// How guesses are slowed down.
    public let throttle: ThrottlePolicy
    /// How long a completed factor counts.
    public let freshness: FreshnessPolicy
    /// Where the accounts are.
    public let database: DatabaseLocation
    /// Whether sign-ins are recorded in the account (SECURITY_TRACKABLE).
    public let isTrackable: Bool
    /// Whether users may change their passwords (SECURITY_CHANGEABLE).
    public let isChangeable: Bool
    /// Whether `securityctl` takes passwords as arguments (LIBSECURITY_CLI_PASSWORD_ARGUMENT).
    public let allowsPasswordArgument: Bool
    /// What usernames may be.
    public let usernames: UsernamePolicy

    /// Puts a policy together; ``PolicyReader`` is who does so.
    public init(
        secrets: PolicySecrets, passwords: PasswordPolicy, factors: FactorPolicy, totp: TOTPPolicy,
        identities: [IdentityAttribute], hosts: HostPolicy, throttle: ThrottlePolicy, freshness: FreshnessPolicy,
        database: DatabaseLocation, isTrackable: Bool, isChangeable: Bool, allowsPasswordArgument: Bool,
        usernames: UsernamePolicy = UsernamePolicy()
    ) {
        self.secrets = secrets
        self.passwords = passwords
        self.factors = factors
        self.totp = totp
        self.identities = identities
        self.hosts = hosts
        self.throttle = throttle
        self.freshness = freshness
        self.database = database
        self.isTrackable = isTrackable
        self.isChangeable = isChangeable
        self.allowsPasswordArgument = allowsPasswordArgument
        self.usernames = usernames
    }
}

/// The secrets of the configuration file, wiped with the policy.
public final class PolicySecrets {
    /// SECRET_KEY: signs; keys our own digests.
    public let secretKey: SharedSecret
    /// SECURITY_PASSWORD_SALT: the HMAC key of double hashes; nil when only single hashes are used.
    public let passwordSalt: SharedSecret?
    /// SECURITY_TOTP_SECRETS: opens and seals TOTP wallets.
    public let totpSecrets: TOTPSecrets

    /// Takes the three kinds of secrets.
    public init(secretKey: SharedSecret, passwordSalt: SharedSecret?, totpSecrets: TOTPSecrets) {
        self.secretKey = secretKey
        self.passwordSalt = passwordSalt
        self.totpSecrets = totpSecrets
    }
}

/// SECURITY_TOTP_SECRETS: secrets by tag. New wallets use the default tag, old ones whichever they name.
public final class TOTPSecrets {
    private let entries: [(tag: String, secret: SharedSecret)]
    /// The tag of new wallets (formats: if all tags are decimal digits the numerically greatest, else the greatest
    /// text); nil when there are no secrets.
    public let defaultTag: String?

    /// Takes secrets by tag, in any order.
    public init(_ entries: [(tag: String, secret: SharedSecret)]) {
        self.entries = entries
        defaultTag = TOTPSecrets.newest(entries.map { $0.tag })
    }

    /// Whether no secret is configured.
    public var isEmpty: Bool { entries.isEmpty }

    /// The secret of a tag, compared byte for byte.
    public func secret(tagged tag: String) -> SharedSecret? {
        for entry in entries where entry.tag.utf8.elementsEqual(tag.utf8) { return entry.secret }
        return nil
    }

    /// The default tag among `tags`, as passlib's AppWallet chooses it.
    static func newest(_ tags: [String]) -> String? {
        let numeric = tags.allSatisfy { tag in tag.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && !tag.isEmpty }
        return tags.max { left, right in
            numeric ? numericallyLess(left, right) : left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }

    /// Compares decimal texts of any length without converting them.
    private static func numericallyLess(_ left: String, _ right: String) -> Bool {
        let left = left.utf8.drop { $0 == 0x30 }
        let right = right.utf8.drop { $0 == 0x30 }
        let lengths = (left.count, right.count)
        return lengths.0 == lengths.1 ? left.lexicographicallyPrecedes(right) : lengths.0 < lengths.1
    }
}

/// How passwords are hashed and judged.
public struct PasswordPolicy: Sendable {
    /// SECURITY_PASSWORD_HASH: the scheme of new hashes.
    public var scheme: PasswordScheme = .bcrypt
    /// SECURITY_PASSWORD_SCHEMES, in order: the first that recognises a stored string owns it.
    public var schemes: [PasswordScheme] = PasswordScheme.defaultList
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
    /// argon2 `parallelism`, lanes.
    public var parallelism: Int?
    /// argon2 `digest_size` or `hash_len`, bytes.
    public var hashLength: Int?
    /// `salt_size` or `salt_len`, bytes.
    public var saltLength: Int?
    /// argon2 `type`: "id", "i" or "d".
    public var argon2Type: Argon2Type?
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

/// Which factors a login needs.
public struct FactorPolicy: Equatable, Sendable {
    /// SECURITY_TWO_FACTOR.
    public var twoFactor = false
    /// SECURITY_TWO_FACTOR_REQUIRED.
    public var twoFactorRequired = false
    /// SECURITY_TWO_FACTOR_ENABLED_METHODS: what an account may set up. A method that is set up is asked for in any case,
    /// as in Flask-Security.
    public var enabledMethods: FactorSet = [.email, .authenticator, .sms]
    /// SECURITY_WEBAUTHN.
    public var webAuthn = false
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES.
    public var recoveryCodes = false
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES_N.
    public var recoveryCodeCount = 5
    /// SECURITY_CONFIRMABLE.
    public var confirmable = false
    /// SECURITY_LOGIN_WITHOUT_CONFIRMATION.
    public var loginWithoutConfirmation = false

    /// Flask-Security's defaults.
    public init() {}

    /// Whether second factors exist at all here: TWO_FACTOR or WEBAUTHN.
    public var isActive: Bool { twoFactor || webAuthn }
    /// Whether everybody needs one.
    public var isRequired: Bool { isActive && twoFactorRequired }
}

/// How one-time codes are made and checked.
public struct TOTPPolicy: Sendable {
    /// SECURITY_TOTP_ISSUER.
    public var issuer = "service_name"
    /// SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY: seconds before and after now whose codes are accepted.
    public var authenticatorValidity: Int64 = 120
    /// LIBSECURITY_TOTP_SINGLE_USE: a code is accepted once.
    public var singleUse = true
    /// LIBSECURITY_TOTP_WALLET_COST: new wallets stretch their key 2^cost times.
    public var walletCost = 14

    /// Flask-Security's defaults, with single use.
    public init() {}
}

/// One entry of SECURITY_USER_IDENTITY_ATTRIBUTES.
public struct IdentityAttribute: Equatable, Sendable {
    /// The columns that may identify an account.
    public enum Column: String, Sendable {
        case email
        case username
        case phone = "us_phone_number"
    }

    /// Flask-Security's mapper functions by name.
    public enum Mapper: String, Sendable {
        case email = "uia_email_mapper"
        case phone = "uia_phone_mapper"
        case username = "uia_username_mapper"
        /// The text as it is.
        case identity = "uia_identity_mapper"
    }

    /// The column that is searched.
    public var column: Column
    /// Turns a typed text into what the column holds, or into nothing when it cannot be of this kind.
    public var mapper: Mapper
    /// Whether the search ignores case.
    public var caseInsensitive: Bool

    /// An entry of three parts.
    public init(column: Column, mapper: Mapper, caseInsensitive: Bool) {
        self.column = column
        self.mapper = mapper
        self.caseInsensitive = caseInsensitive
    }
}

/// What usernames may be (SECURITY_USERNAME_*).
public struct UsernamePolicy: Equatable, Sendable {
    /// SECURITY_USERNAME_ENABLE: accounts may have a username, and may be looked up by it.
    public var isEnabled = false
    /// SECURITY_USERNAME_REQUIRED: every new account needs one.
    public var isRequired = false
    /// SECURITY_USERNAME_MIN_LENGTH, in code points after normalisation; inclusive.
    public var minimumLength = 4
    /// SECURITY_USERNAME_MAX_LENGTH; inclusive.
    public var maximumLength = 32
    /// SECURITY_USERNAME_NORMALIZE_FORM, or SECURITY_INPUT_NORMALIZE_FORM since 5.9; nil = as typed.
    public var normalization: NormalizationForm? = .nfkd

    /// Flask-Security's defaults.
    public init() {}
}

/// Who may log in on hosts.
public struct HostPolicy: Sendable {
    /// What a Unix login name is compared with.
    public enum Identity: String, Sendable {
        /// The `username` column, byte for byte.
        case username
        /// The `email` column: the name, `@`, and ``HostPolicy/emailDomain``.
        case email
    }

    /// The grant that an account needs.
    public enum Admission: Equatable, Sendable {
        /// Every account.
        case everybody
        /// Nobody: anybody may register, and no role was named.
        case nobody
        /// Accounts with one of these roles.
        case roles([String])
    }

    /// LIBSECURITY_PAM_IDENTITY, in order.
    public var identities: [Identity] = [.username, .email]
    /// LIBSECURITY_PAM_EMAIL_DOMAIN; without it no e-mail address is looked up.
    public var emailDomain: String?
    /// LIBSECURITY_PAM_ROLES_ACCEPTED, or what its absence means.
    public var admission: Admission = .everybody
    /// LIBSECURITY_PAM_ALLOW_ROOT.
    public var allowsRoot = false

    /// The defaults of a closed site.
    public init() {}
}

/// How guesses are slowed down. Kinds of failures are counted apart: passwords and codes.
public struct ThrottlePolicy: Equatable, Sendable {
    /// LIBSECURITY_THROTTLE.
    public var isEnabled = true
    /// LIBSECURITY_THROTTLE_FREE: failures of an account before a delay begins.
    public var freeFailures = 4
    /// LIBSECURITY_THROTTLE_HOST_FREE: failures of a remote host, all accounts together, before a delay begins.
    public var hostFreeFailures = 20
    /// LIBSECURITY_THROTTLE_DELAY: the first delay in seconds; each further failure doubles it.
    public var firstDelay: Int64 = 1
    /// LIBSECURITY_THROTTLE_DELAY_MAX: the longest delay in seconds.
    public var longestDelay: Int64 = 3600
    /// LIBSECURITY_THROTTLE_LIMIT: failures at which strangers are refused until a reset.
    public var limit = 100
    /// LIBSECURITY_THROTTLE_TRUST: seconds for which an origin counts as the owner's after a success.
    public var trustSeconds: Int64 = 90 * 86400

    /// The defaults.
    public init() {}
}

/// How long a completed factor counts; microseconds.
public struct FreshnessPolicy: Equatable, Sendable {
    /// SECURITY_FRESHNESS or LIBSECURITY_FRESHNESS; negative = not checked, 0 = never fresh.
    public var within: Int64 = 86_400_000_000
    /// SECURITY_FRESHNESS_GRACE_PERIOD or LIBSECURITY_FRESHNESS_GRACE_PERIOD.
    public var grace: Int64 = 3_600_000_000

    /// Flask-Security's defaults.
    public init() {}
}

/// SQLALCHEMY_DATABASE_URI.
public enum DatabaseLocation {
    /// An SQLite file by its absolute path.
    case sqlite(path: String)
    /// A PostgreSQL server; the whole URI, which may hold a password.
    case postgresql(uri: SharedSecret)
}
