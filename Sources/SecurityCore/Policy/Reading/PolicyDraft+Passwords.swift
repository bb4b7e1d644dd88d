/// How passwords are hashed and judged.
extension PolicyDraft {
    /// Reads the SECURITY_PASSWORD_* keys that concern hashes and lengths.
    func passwordPolicy() -> PasswordPolicy {
        var policy = PasswordPolicy()
        readSchemes(into: &policy)
        readOwnSchemes(into: &policy)
        readDeprecated(into: &policy)
        readSingleHash(into: &policy)
        policy.options = schemeOptions()
        policy.normalization = normalization("SECURITY_PASSWORD_NORMALIZE_FORM", policy.normalization)
        readLengths(into: &policy)
        policy.breached = breachedPolicy()
        policy.strength = strengthPolicy()
        warnOfPlaintext(policy)
        return policy
    }

    /// A Unicode form; `absent` where the file does not say.
    func normalization(_ key: String, _ absent: NormalizationForm?) -> NormalizationForm? {
        guard let node = self[key] else { return absent }
        return node.string.flatMap { NormalizationForm(rawValue: $0) }
    }

    private func readSchemes(into policy: inout PasswordPolicy) {
        let list = "SECURITY_PASSWORD_SCHEMES"
        let hash = "SECURITY_PASSWORD_HASH"
        if let names = texts(list), names.isEmpty {
            report(.error, list, "is empty; leave it out for Flask-Security's own list")
        } else if let names = texts(list) {
            policy.schemes = schemes(names, of: list)
            policy.allowsPlaintext = policy.schemes.contains(.plaintext)
        }
        guard let name = text(hash) else {
            if self[hash] != nil { report(.error, hash, "is empty; write \(hash) = \"argon2\"") }
            return requireListed(policy)
        }
        guard let scheme = schemes([name], of: hash).first else {
            if PasslibNames.isForeign(name) {
                report(.error, hash, "is \"\(name)\", which this version cannot make; write \"argon2\" or \"bcrypt\"")
            }
            return
        }
        policy.scheme = scheme
        requireListed(policy)
    }

    /// LIBSECURITY_PASSWORD_SCHEMES; the table of keys bounds the names.
    private func readOwnSchemes(into policy: inout PasswordPolicy) {
        let names = texts("LIBSECURITY_PASSWORD_SCHEMES") ?? []
        policy.ownSchemes = PasswordScheme.ours.filter { scheme in names.contains(where: scheme.rawValue.equals) }
    }

    private func requireListed(_ policy: PasswordPolicy) {
        let hash = "SECURITY_PASSWORD_HASH"
        let name = policy.scheme.rawValue
        if !policy.schemes.contains(policy.scheme) {
            report(.error, hash, "is \"\(name)\", which is not in SECURITY_PASSWORD_SCHEMES; add it there")
        } else if policy.scheme == .plaintext, !policy.allowsPlaintext {
            report(.error, hash, "is \"plaintext\"; that needs SECURITY_PASSWORD_SCHEMES in this file to name it")
        }
    }

    /// The schemes of a list of names; says what is wrong with the others.
    private func schemes(_ names: [String], of key: String) -> [PasswordScheme] {
        var schemes: [PasswordScheme] = []
        for name in names {
            if let scheme = PasslibNames.scheme(name) {
                if schemes.contains(scheme) { report(.error, key, "names \"\(name)\" twice; keep one") }
                schemes.append(scheme)
            } else if PasslibNames.isForeign(name) {
                report(.warning, key, "names \"\(name)\", whose hashes this version does not recognise")
            } else if PasswordScheme.ours.contains(where: { $0.rawValue.equals(name) }) {
                report(
                    .error, key,
                    "names \"\(name)\", with which Flask-Security does not start; write it in"
                        + " LIBSECURITY_PASSWORD_SCHEMES")
            } else {
                let mend = PasslibNames.nearest(to: name).map { "did you mean \"\($0)\"?" }
                report(.error, key, "names \"\(name)\", which is no scheme of passlib; \(mend ?? "write \"argon2\"")")
            }
        }
        return schemes
    }

    private func readDeprecated(into policy: inout PasswordPolicy) {
        let key = "SECURITY_DEPRECATED_PASSWORD_SCHEMES"
        guard let names = texts(key) else {
            if self[key] != nil { policy.deprecated = .named([]) }
            return
        }
        if names.contains(where: { $0.equals("auto") }) {
            if names.count > 1 {
                report(
                    .error, key,
                    "mixes \"auto\" with names; write [\"auto\"] alone, or only names")
            }
            return
        }
        let deprecated = schemes(names, of: key)
        for scheme in deprecated where !policy.schemes.contains(scheme) {
            report(.error, key, "names \"\(scheme.rawValue)\", which is not in SECURITY_PASSWORD_SCHEMES; take it out")
        }
        if deprecated.contains(policy.scheme) {
            report(
                .error, key,
                "names \"\(policy.scheme.rawValue)\", which is SECURITY_PASSWORD_HASH; take it out or choose another"
                    + " hash")
        }
        policy.deprecated = .named(Set(deprecated))
    }

    private func readSingleHash(into policy: inout PasswordPolicy) {
        let key = "SECURITY_PASSWORD_SINGLE_HASH"
        guard let node = self[key] else { return }
        if node.boolean == true {
            policy.singleHash = .all
        } else {
            // Python: `config_value("PASSWORD_SINGLE_HASH") or {"plaintext"}`.
            let names = texts(key) ?? []
            policy.singleHash = .named(names.isEmpty ? [.plaintext] : Set(schemes(names, of: key)))
        }
    }

    private func readLengths(into policy: inout PasswordPolicy) {
        let least = "SECURITY_PASSWORD_LENGTH_MIN"
        policy.minimumLength = integer(least) ?? policy.minimumLength
        policy.maximumLength = integer("LIBSECURITY_PASSWORD_LENGTH_MAX") ?? policy.maximumLength
        if policy.minimumLength > policy.maximumLength {
            report(
                .error, least,
                "is \(policy.minimumLength), more than LIBSECURITY_PASSWORD_LENGTH_MAX, which is"
                    + " \(policy.maximumLength); lower the one or raise the other")
        } else if policy.minimumLength < 8 {
            report(.warning, least, "is \(policy.minimumLength); fewer than 8 characters can be tried out")
        }
        if policy.maximumLength < 64 {
            report(
                .warning, "LIBSECURITY_PASSWORD_LENGTH_MAX",
                "is \(policy.maximumLength); allow at least 64 characters")
        }
    }

    private func warnOfPlaintext(_ policy: PasswordPolicy) {
        if policy.scheme == .plaintext, policy.allowsPlaintext {
            report(.warning, "SECURITY_PASSWORD_HASH", "is \"plaintext\": new passwords are stored readable")
        } else if policy.allowsPlaintext {
            report(
                .warning, "SECURITY_PASSWORD_SCHEMES",
                "names \"plaintext\": a stored text that is no hash is a password; take it out when no account needs"
                    + " it")
        } else if policy.scheme == .desCrypt {
            report(.warning, "SECURITY_PASSWORD_HASH", "is \"des_crypt\", which is broken; write \"argon2\"")
        }
    }
}
