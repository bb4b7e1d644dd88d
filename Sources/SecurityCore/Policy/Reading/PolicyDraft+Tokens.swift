/// How tokens and cookies are signed and how long they are good.
extension PolicyDraft {
    /// Reads the salts and age limits.
    func tokenPolicy() -> TokenPolicy {
        var policy = TokenPolicy()
        read(&policy.confirmation, "SECURITY_CONFIRM_SALT", "SECURITY_CONFIRM_EMAIL_WITHIN")
        read(&policy.reset, "SECURITY_RESET_SALT", "SECURITY_RESET_PASSWORD_WITHIN")
        read(&policy.login, "SECURITY_LOGIN_SALT", "SECURITY_LOGIN_WITHIN")
        read(&policy.authentication, "SECURITY_REMEMBER_SALT", "SECURITY_TOKEN_MAX_AGE")
        read(&policy.changeEmail, "SECURITY_CHANGE_EMAIL_SALT", "SECURITY_CHANGE_EMAIL_WITHIN")
        read(&policy.twoFactorValidity, "SECURITY_TWO_FACTOR_VALIDITY_SALT", "SECURITY_TWO_FACTOR_LOGIN_VALIDITY")
        read(&policy.twoFactorSetup, "SECURITY_TWO_FACTOR_SETUP_SALT", "SECURITY_TWO_FACTOR_SETUP_WITHIN")
        read(&policy.unifiedSetup, "SECURITY_US_SETUP_SALT", "SECURITY_US_SETUP_WITHIN")
        read(&policy.webAuthnRegistration, "SECURITY_WAN_SALT", "SECURITY_WAN_REGISTER_WITHIN")
        read(&policy.webAuthnSignIn, "SECURITY_WAN_SALT", "SECURITY_WAN_SIGNIN_WITHIN")
        policy.refresh.salt = text("SECURITY_REFRESH_TOKEN_SALT") ?? policy.refresh.salt
        if let limit = self["WTF_CSRF_TIME_LIMIT"] { policy.csrf.maxAgeSeconds = limit.integer }
        policy.sessionMaxAgeSeconds = maxAge("PERMANENT_SESSION_LIFETIME") ?? policy.sessionMaxAgeSeconds
        policy.sessionsAreRevocable = bool("LIBSECURITY_SESSION_REVOCATION") ?? policy.sessionsAreRevocable
        policy.sessionIdleSeconds = max(0, maxAge("LIBSECURITY_SESSION_IDLE") ?? policy.sessionIdleSeconds)
        policy.hashingSchemes = newestFirst(hashingSchemes() ?? policy.hashingSchemes)
        policy.freshnessInTokens = bool("SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN")
        policy.linksAreSingleUse = bool("LIBSECURITY_LINK_SINGLE_USE") ?? policy.linksAreSingleUse
        return policy
    }

    /// SECURITY_HASHING_SCHEMES. Names of passlib's that this version has not are left out: what they made is not recognised.
    private func hashingSchemes() -> [DataHasher.Scheme]? {
        let key = "SECURITY_HASHING_SCHEMES"
        guard let names = texts(key), !names.isEmpty else { return nil }
        for name in names where DataHasher.Scheme(name: name) == nil {
            let isFirst = name == names.first
            guard isFirst || !PasslibNames.isForeign(name) else {
                report(.warning, key, "names \(name), which this version does not know; links made with it are refused")
                continue
            }
            let mend = PasslibNames.nearest(to: name).map { "; did you mean \($0)?" } ?? ""
            report(.error, key, "names \(name), which this version does not know\(mend)")
        }
        return names.compactMap { DataHasher.Scheme(name: $0) }
    }

    /// SECURITY_DEPRECATED_HASHING_SCHEMES: the first scheme that it does not name makes new hashes, as in passlib; every one
    /// is still read. Where the file does not say, 5.0 and 5.9 differ: what 5.0 would not start with is taken as 5.9 does.
    private func newestFirst(_ schemes: [DataHasher.Scheme]) -> [DataHasher.Scheme] {
        let key = "SECURITY_DEPRECATED_HASHING_SCHEMES"
        guard let names = texts(key) else { return PolicyDraft.newestFirst(schemes, [.hexMD5]) ?? schemes }
        guard !names.contains(where: { $0.equals("auto") }) else {
            if names.count > 1 { report(.error, key, "names auto and other schemes; auto stands alone") }
            return schemes
        }
        for name in names where !PasslibNames.isForeign(name) {
            guard let scheme = DataHasher.Scheme(name: name), schemes.contains(scheme) else {
                report(.error, key, "names \(name), which is not in SECURITY_HASHING_SCHEMES")
                continue
            }
        }
        guard let ordered = PolicyDraft.newestFirst(schemes, names.compactMap { DataHasher.Scheme(name: $0) }) else {
            report(.error, key, "names every scheme of SECURITY_HASHING_SCHEMES; leave one for new links")
            return schemes
        }
        return ordered
    }

    /// The schemes with the first that is not deprecated in front; nil when all are.
    private static func newestFirst(
        _ schemes: [DataHasher.Scheme], _ deprecated: [DataHasher.Scheme]
    ) -> [DataHasher.Scheme]? {
        guard let newest = schemes.first(where: { !deprecated.contains($0) }) else { return nil }
        return [newest] + schemes.filter { $0 != newest }
    }

    private func read(_ rule: inout TokenPolicy.Rule, _ saltKey: String, _ ageKey: String) {
        rule.salt = text(saltKey) ?? rule.salt
        rule.maxAgeSeconds = maxAge(ageKey) ?? rule.maxAgeSeconds
    }

    /// Whole seconds: an age is whole, so what is beyond them never makes a difference. Less than none: nothing is good.
    private func maxAge(_ key: String) -> Int64? {
        duration(key).map { Instant(microseconds: $0).seconds }
    }
}
