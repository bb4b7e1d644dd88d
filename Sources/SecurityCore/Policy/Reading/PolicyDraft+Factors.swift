/// Which factors a login needs, and how one-time codes are made and checked.
extension PolicyDraft {
    /// Reads the keys of two-factor sign-in, security keys, recovery codes and confirmation.
    func factorPolicy() -> FactorPolicy {
        var policy = FactorPolicy()
        policy.twoFactor = bool("SECURITY_TWO_FACTOR") ?? policy.twoFactor
        policy.twoFactorRequired = bool("SECURITY_TWO_FACTOR_REQUIRED") ?? policy.twoFactorRequired
        policy.enabledMethods = enabledMethods() ?? policy.enabledMethods
        policy.unifiedStandIns = unifiedStandIns()
        policy.webAuthn = bool("SECURITY_WEBAUTHN") ?? policy.webAuthn
        policy.recoveryCodes = bool("SECURITY_MULTI_FACTOR_RECOVERY_CODES") ?? policy.recoveryCodes
        policy.recoveryCodeCount = integer("SECURITY_MULTI_FACTOR_RECOVERY_CODES_N") ?? policy.recoveryCodeCount
        policy.confirmable = bool("SECURITY_CONFIRMABLE") ?? policy.confirmable
        policy.loginWithoutConfirmation =
            bool("SECURITY_LOGIN_WITHOUT_CONFIRMATION") ?? policy.loginWithoutConfirmation
        requireMethods(policy)
        return policy
    }

    private func enabledMethods() -> FactorSet? { methods("SECURITY_TWO_FACTOR_ENABLED_METHODS") }

    private func unifiedStandIns() -> FactorSet {
        guard bool("SECURITY_UNIFIED_SIGNIN") == true else { return [] }
        let enabled = methods("SECURITY_US_ENABLED_METHODS") ?? [.email, .authenticator, .sms]
        let needMore = "SECURITY_US_MFA_REQUIRED"
        return enabled.subtracting(methods(needMore) ?? (lacks(needMore) ? [.email] : []))
    }

    private func methods(_ key: String) -> FactorSet? {
        texts(key)?.reduce(into: FactorSet()) { methods, name in
            switch name {
            case "authenticator": methods.insert(.authenticator)
            case "email", "mail": methods.insert(.email)
            case "sms": methods.insert(.sms)
            default: break
            }
        }
    }

    private func requireMethods(_ policy: FactorPolicy) {
        if policy.twoFactorRequired, !policy.isActive {
            report(
                .error, "SECURITY_TWO_FACTOR_REQUIRED",
                "is true, and no second factor is on; write SECURITY_TWO_FACTOR = true")
        }
        if policy.twoFactor, texts("SECURITY_TWO_FACTOR_ENABLED_METHODS")?.isEmpty == true {
            report(
                .error, "SECURITY_TWO_FACTOR_ENABLED_METHODS",
                "is empty while SECURITY_TWO_FACTOR is true; write [\"authenticator\"]")
        }
        if bool("SECURITY_UNIFIED_SIGNIN") == true, texts("SECURITY_US_ENABLED_METHODS")?.isEmpty == true {
            report(
                .error, "SECURITY_US_ENABLED_METHODS",
                "is empty while SECURITY_UNIFIED_SIGNIN is true; write [\"password\", \"authenticator\"]")
        }
    }

    /// Reads the keys of authenticator codes.
    func totpPolicy(_ factors: FactorPolicy) -> TOTPPolicy {
        var policy = TOTPPolicy()
        policy.issuer = issuer(factors) ?? policy.issuer
        policy.singleUse = bool("LIBSECURITY_TOTP_SINGLE_USE") ?? policy.singleUse
        policy.walletCost = integer("LIBSECURITY_TOTP_WALLET_COST") ?? policy.walletCost
        policy.mailValidity = self["SECURITY_TWO_FACTOR_MAIL_VALIDITY"]?.integer ?? policy.mailValidity
        policy.smsValidity = self["SECURITY_TWO_FACTOR_SMS_VALIDITY"]?.integer ?? policy.smsValidity
        policy.unifiedValidity = self["SECURITY_US_TOKEN_VALIDITY"]?.integer ?? policy.unifiedValidity
        policy.sentSingleUse = bool("LIBSECURITY_CODE_SINGLE_USE") ?? policy.sentSingleUse
        policy.reseals = bool("LIBSECURITY_TOTP_RESEAL") ?? policy.reseals
        let window = "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"
        policy.authenticatorValidity = self[window]?.integer ?? policy.authenticatorValidity
        if policy.authenticatorValidity > 30, factors.twoFactor {
            let codes = 2 * (policy.authenticatorValidity / 30) + 1
            report(
                has(window) ? .warning : .hint, window,
                "is \(policy.authenticatorValidity)"
                    + (has(window) ? "" : " by default") + ": \(codes) codes are right at any moment; write 30")
        }
        if !policy.singleUse {
            report(.warning, "LIBSECURITY_TOTP_SINGLE_USE", "is false: whoever sees a code can use it again")
        }
        if !policy.sentSingleUse {
            report(
                .warning, "LIBSECURITY_CODE_SINGLE_USE",
                "is false: whoever sees a mailed or texted code can use it again")
        }
        return policy
    }

    /// SECURITY_TOTP_ISSUER, or its old name.
    private func issuer(_ factors: FactorPolicy) -> String? {
        let names = ["SECURITY_TOTP_ISSUER", "SECURITY_TWO_FACTOR_URI_SERVICE_NAME"]
        for name in names {
            guard let issuer = text(name) else { continue }
            if issuer.utf8.contains(0x3A) {
                report(.error, name, "contains \":\", which ends the issuer in an otpauth URI; leave it out")
            }
            return issuer
        }
        if let empty = names.last, self[empty] != nil, factors.twoFactor {
            report(
                .error, empty,
                "is empty, and authenticator apps need a name; write SECURITY_TOTP_ISSUER = \"example.org\"")
        } else if factors.twoFactor {
            report(
                .warning, "SECURITY_TOTP_ISSUER",
                "is missing: authenticator apps show \"service_name\", and Flask-Security 5.6 does not start; write"
                    + " the site's name"
            )
        }
        return nil
    }
}
