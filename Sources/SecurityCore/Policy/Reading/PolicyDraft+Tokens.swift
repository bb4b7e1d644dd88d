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
        policy.sessionMaxAgeSeconds = maxAge("PERMANENT_SESSION_LIFETIME") ?? policy.sessionMaxAgeSeconds
        policy.hashingSchemes = hashingSchemes() ?? policy.hashingSchemes
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

    private func read(_ rule: inout TokenPolicy.Rule, _ saltKey: String, _ ageKey: String) {
        rule.salt = text(saltKey) ?? rule.salt
        rule.maxAgeSeconds = maxAge(ageKey) ?? rule.maxAgeSeconds
    }

    /// Whole seconds: an age is whole, so what is beyond them never makes a difference. Less than none: nothing is good.
    private func maxAge(_ key: String) -> Int64? {
        duration(key).map { Instant(microseconds: $0).seconds }
    }
}
