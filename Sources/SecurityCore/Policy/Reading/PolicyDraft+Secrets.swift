/// SECRET_KEY, SECURITY_PASSWORD_SALT and SECURITY_TOTP_SECRETS.
extension PolicyDraft {
    /// Fewer bytes than this can be guessed, whatever they are made of.
    private static let shortestSecret = 32
    private static let remedy = "`openssl rand -hex 32` makes a good one"

    /// SECRET_KEY, without which there is no policy.
    func secretKey() -> SharedSecret? {
        let key = "SECRET_KEY"
        if lacks(key) {
            report(.error, key, "is missing; write SECRET_KEY = \"...\" (\(PolicyDraft.remedy))")
            return nil
        }
        guard let secret = self[key]?.secret() else { return nil }
        guard !secret.isEmpty else {
            report(.error, key, "is empty, and anybody could sign with it; \(PolicyDraft.remedy)")
            return nil
        }
        warnIfShort(secret, of: key)
        return secret
    }

    /// SECRET_KEY_FALLBACKS: whoever knows one of them can sign, so they are judged as SECRET_KEY is.
    func fallbackKeys() -> [SharedSecret] {
        let key = "SECRET_KEY_FALLBACKS"
        var keys: [SharedSecret] = []
        for node in self[key]?.children ?? [] {
            guard let secret = node.secret(), !secret.isEmpty else {
                report(.error, node, "\(key) has an empty key, and anybody could sign with it; take it out", key: key)
                continue
            }
            if secret.count < PolicyDraft.shortestSecret {
                report(
                    .warning, node,
                    "\(key) has a key of \(secret.count) bytes; take it out as soon as nothing signed with it is needed",
                    key: key)
            }
            keys.append(secret)
        }
        return keys
    }

    /// WTF_CSRF_SECRET_KEY: whoever knows it makes requests of other people, so it is judged as SECRET_KEY is.
    func csrfKey() -> SharedSecret? {
        let key = "WTF_CSRF_SECRET_KEY"
        guard let secret = secret(key) else { return nil }
        warnIfShort(secret, of: key)
        return secret
    }

    /// SECURITY_PASSWORD_SALT: the HMAC key of double hashes.
    func passwordSalt(for passwords: PasswordPolicy) -> SharedSecret? {
        let key = "SECURITY_PASSWORD_SALT"
        if let salt = secret(key) { return salt }
        guard lacks(key) || self[key] != nil else { return nil }
        let needing = passwords.schemes.first { !passwords.singleHash.contains($0) }
        if !passwords.singleHash.contains(passwords.scheme) {
            report(
                .error, key,
                "is missing, and \(passwords.scheme.rawValue) hashes are made with it; write it as a string, or name"
                    + " \(passwords.scheme.rawValue) in SECURITY_PASSWORD_SINGLE_HASH")
        } else if let needing, has("SECURITY_PASSWORD_SCHEMES") {
            report(
                .warning, key,
                "is missing: \(needing.rawValue) is in SECURITY_PASSWORD_SCHEMES, and its hashes cannot be checked"
                    + " without it")
        }
        return nil
    }

    /// SECURITY_TOTP_SECRETS, or its old name SECURITY_TWO_FACTOR_SECRET.
    func totpSecrets() -> TOTPSecrets {
        let current = "SECURITY_TOTP_SECRETS"
        let old = "SECURITY_TWO_FACTOR_SECRET"
        let key = has(current) && self[current]?.children.isEmpty == false ? current : has(old) ? old : current
        var entries: [(tag: String, secret: SharedSecret)] = []
        for node in self[key]?.children ?? [] {
            if let secret = totpSecret(node, of: key) { entries.append((node.key, secret)) }
        }
        if entries.isEmpty { requireTOTPSecrets(key) }
        return TOTPSecrets(entries)
    }

    private func totpSecret(_ node: TOMLNode, of key: String) -> SharedSecret? {
        let tag = node.key
        guard PolicyDraft.isTag(tag) else {
            report(
                .error, node,
                "\(key) has the tag \"\(tag)\"; a tag is made of letters, digits, `_`, `.` and `-`, and begins with a"
                    + " letter or a digit", key: key)
            return nil
        }
        guard let secret = node.secret(), !secret.isEmpty else {
            report(.error, node, "\(key) has an empty secret for the tag \"\(tag)\"; \(PolicyDraft.remedy)", key: key)
            return nil
        }
        if secret.count < PolicyDraft.shortestSecret {
            report(
                .warning, node,
                "\(key) has a secret of \(secret.count) bytes for the tag \"\(tag)\"; add a tag with a longer one"
                    + " (\(PolicyDraft.remedy))", key: key)
        }
        return secret
    }

    /// passlib's `_tag_re`.
    private static func isTag(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
    }

    /// Flask-Security does not start without them when one of these features is on.
    private func requireTOTPSecrets(_ key: String) {
        guard lacks(key) || self[key] != nil else { return }
        let features = ["SECURITY_TWO_FACTOR", "SECURITY_UNIFIED_SIGNIN", "SECURITY_MULTI_FACTOR_RECOVERY_CODES"]
        for feature in features where bool(feature) == true {
            guard !diagnostics.contains(where: { $0.key == key && $0.severity == .error }) else { return }
            report(
                .error, key,
                "is missing, and \(feature) needs it; write SECURITY_TOTP_SECRETS = { 1 = \"...\" }"
                    + " (\(PolicyDraft.remedy))")
            return
        }
    }

    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS and SECURITY_MULTI_FACTOR_RECOVERY_CODE_TTL.
    func recoveryCodeVault(_ factors: FactorPolicy) -> RecoveryCodeVault {
        let (list, ttl) = ("SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS", "SECURITY_MULTI_FACTOR_RECOVERY_CODE_TTL")
        var keys: [Fernet] = []
        for (index, node) in (has(list) ? self[list]?.children ?? [] : []).enumerated() {
            if let key = node.secret().flatMap({ text in text.withBytes { Fernet(key: $0) } }) {
                keys.append(key)
            } else {
                report(
                    .error, node,
                    "\(list): key \(index + 1) is no Fernet key, which is 32 bytes in base64url, padded;"
                        + " `openssl rand -base64 32 | tr '+/' '-_'` makes one", key: list)
            }
        }
        let maxAge = has(ttl) ? self[ttl]?.integer : nil
        if maxAge != nil, keys.isEmpty, factors.recoveryCodes {
            report(.warning, ttl, "has no effect without \(list): plain codes do not say how old they are")
        }
        return RecoveryCodeVault(keys: keys, maxAge: maxAge)
    }

    private func warnIfShort(_ secret: SharedSecret, of key: String) {
        guard secret.count < PolicyDraft.shortestSecret else { return }
        report(
            .warning, key,
            "has \(secret.count) bytes; use at least \(PolicyDraft.shortestSecret) random ones (\(PolicyDraft.remedy))")
    }
}
