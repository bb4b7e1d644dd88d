/// What a login needs of one row of the `user` table, read in one statement.
public struct Account {
    /// `id`.
    public let id: Int64
    /// `email`.
    public let email: String
    /// `username`.
    public let username: String?
    /// `active`.
    public let isActive: Bool
    /// Whether `confirmed_at` is set.
    public let isConfirmed: Bool
    /// `fs_uniquifier`: new at every password change; whatever is bound to the old one ends.
    public let fsUniquifier: String
    /// `password`, a modular crypt string; nil = NULL or empty, no usable password.
    public let password: SharedSecret?
    /// `tf_primary_method`; nil = NULL or empty.
    public let primaryMethod: String?
    /// `tf_totp_secret`, a wallet's JSON; nil = NULL or empty.
    public let totpWallet: SharedSecret?
    /// `mf_recovery_codes` as stored; nil = NULL or empty.
    public let recoveryCodes: SharedSecret?
    /// Whether a `web_authn` row of usage `secondary` belongs to the account.
    public let hasSecondaryKey: Bool
    /// `us_totp_secrets`, the wallets of unified sign-in; nil = NULL or empty.
    public let unifiedSecrets: SharedSecret?

    /// An account of its columns.
    public init(
        id: Int64, email: String, username: String?, isActive: Bool, isConfirmed: Bool, fsUniquifier: String,
        password: SharedSecret?, primaryMethod: String?, totpWallet: SharedSecret?, recoveryCodes: SharedSecret?,
        hasSecondaryKey: Bool, unifiedSecrets: SharedSecret? = nil
    ) {
        self.id = id
        self.email = email
        self.username = username
        self.isActive = isActive
        self.isConfirmed = isConfirmed
        self.fsUniquifier = fsUniquifier
        self.password = password
        self.primaryMethod = primaryMethod
        self.totpWallet = totpWallet
        self.recoveryCodes = recoveryCodes
        self.hasSecondaryKey = hasSecondaryKey
        self.unifiedSecrets = unifiedSecrets
    }

    /// The same account with other secrets, after they were hashed or sealed anew.
    func replacing(
        password: SharedSecret? = nil, totpWallet: SharedSecret? = nil, unifiedSecrets: SharedSecret? = nil
    ) -> Account {
        Account(
            id: id, email: email, username: username, isActive: isActive, isConfirmed: isConfirmed,
            fsUniquifier: fsUniquifier, password: password ?? self.password, primaryMethod: primaryMethod,
            totpWallet: totpWallet ?? self.totpWallet, recoveryCodes: recoveryCodes, hasSecondaryKey: hasSecondaryKey,
            unifiedSecrets: unifiedSecrets ?? self.unifiedSecrets)
    }

    /// The second factors that are set up (Flask-Security: both tf_ columns filled; a key of usage secondary).
    /// Whether a method is still enabled is not asked again, as there.
    public var factors: FactorSet {
        var factors: FactorSet = hasSecondaryKey ? [.webAuthn] : []
        guard let method = primaryMethod, totpWallet != nil else { return factors }
        switch method {
        case "authenticator", "google_authenticator": factors.insert(.authenticator)
        case "email", "mail": factors.insert(.email)
        case "sms": factors.insert(.sms)
        // A method that a later version or the application itself added: there is a factor, and we cannot ask it.
        default: factors.insert(.other)
        }
        return factors
    }
}

/// Second factors of an account.
public struct FactorSet: OptionSet, Hashable, Sendable {
    /// One bit for each factor.
    public let rawValue: UInt8

    /// The set of some bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A TOTP app.
    public static let authenticator = FactorSet(rawValue: 1)
    /// Codes by mail.
    public static let email = FactorSet(rawValue: 2)
    /// Codes by SMS.
    public static let sms = FactorSet(rawValue: 4)
    /// A security key of usage `secondary`.
    public static let webAuthn = FactorSet(rawValue: 8)
    /// A method that this version does not know.
    public static let other = FactorSet(rawValue: 16)

    /// How many there are.
    var count: Int { rawValue.nonzeroBitCount }
}
