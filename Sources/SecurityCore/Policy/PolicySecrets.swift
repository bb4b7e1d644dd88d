/// The secrets of the configuration file, wiped with the policy.
public final class PolicySecrets {
    /// SECRET_KEY: signs; keys our own digests.
    public let secretKey: SharedSecret
    /// SECRET_KEY_FALLBACKS: older keys, whose signatures still count; they never sign.
    public let fallbackKeys: [SharedSecret]
    /// WTF_CSRF_SECRET_KEY: signs CSRF tokens; nil = SECRET_KEY does.
    public let csrfKey: SharedSecret?
    /// SECURITY_PASSWORD_SALT: the HMAC key of double hashes; nil when only single hashes are used.
    public let passwordSalt: SharedSecret?
    /// SECURITY_TOTP_SECRETS: opens and seals TOTP wallets.
    public let totpSecrets: TOTPSecrets
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS and _CODE_TTL: how recovery codes are kept.
    public let recoveryCodes: RecoveryCodeVault

    /// Takes the kinds of secrets.
    public init(
        secretKey: SharedSecret, fallbackKeys: [SharedSecret] = [], csrfKey: SharedSecret? = nil,
        passwordSalt: SharedSecret?, totpSecrets: TOTPSecrets, recoveryCodes: RecoveryCodeVault = .plain
    ) {
        self.secretKey = secretKey
        self.fallbackKeys = fallbackKeys
        self.csrfKey = csrfKey
        self.recoveryCodes = recoveryCodes
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
