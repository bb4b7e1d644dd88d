/// How tokens and cookies are signed and how long they are good.
extension PolicyDraft {
    /// Reads the salts and age limits.
    func tokenPolicy() -> TokenPolicy {
        var policy = TokenPolicy()
        read(&policy.confirmation, "SECURITY_CONFIRM_SALT", "SECURITY_CONFIRM_EMAIL_WITHIN")
        read(&policy.reset, "SECURITY_RESET_SALT", "SECURITY_RESET_PASSWORD_WITHIN")
        read(&policy.login, "SECURITY_LOGIN_SALT", "SECURITY_LOGIN_WITHIN")
        read(&policy.authentication, "SECURITY_REMEMBER_SALT", "SECURITY_TOKEN_MAX_AGE")
        policy.sessionMaxAgeSeconds = maxAge("PERMANENT_SESSION_LIFETIME") ?? policy.sessionMaxAgeSeconds
        policy.freshnessInTokens = bool("SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN")
        policy.linksAreSingleUse = bool("LIBSECURITY_LINK_SINGLE_USE") ?? policy.linksAreSingleUse
        return policy
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
