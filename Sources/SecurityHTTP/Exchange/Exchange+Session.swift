import SecurityCore
import SecurityStore
import SecurityTokens

/// Sessions, as Flask-Login and Flask-Security keep them in Flask's cookie.
extension Exchange {
    /// The mark of this browser.
    private var browser: String {
        SessionIdentifier.hex(
            remoteAddress: clientAddress.map { Array($0.utf8) },
            forwardedFor: request.header("x-forwarded-for").map { Array($0.utf8) },
            userAgent: request.header("user-agent").map { Array($0.utf8) })
    }

    func sessionCaller() throws(StoreError) -> Account? {
        if !protectSession() { return nil }
        if let name = session.userID?.string, !name.isEmpty {
            guard let account = try store().account(bearing: name, in: .session), account.isActive else { return nil }
            switch try records().obstacle(to: session, signedAt: sessionSignedAt ?? now.seconds, isUse: true) {
            case nil: return account
            case .expired:
                forgetOwner()
                for key in ["fs_paa", "fs_gexp"] { session[key] = nil }
            default: return nil
            }
        }
        return try rememberedCaller()
    }

    /// SESSION_PROTECTION: false when the session is given up.
    private func protectSession() -> Bool {
        guard let mode = site.web.sessionProtection, !session.members.isEmpty else { return true }
        guard session.identifier?.equals(browser) != true else { return true }
        if mode == "basic" {
            if session["_fresh"] != .bool(false) { session["_fresh"] = .bool(false) }
            return true
        }
        forgetOwner()
        setCookies.append(.removal(of: site.web.remember.name, site.web.remember.attributes))
        return false
    }

    /// Flask-Login: the remember cookie gives a session that was not freshly authenticated.
    private func rememberedCaller() throws(StoreError) -> Account? {
        guard let cookie = cookies[site.web.remember.name], let reader = site.rememberCookies else { return nil }
        let bytes = Array(cookie.utf8)
        guard let name = reader.read(bytes.span), let text = name.string,
            let account = try store().account(bearing: text, in: .session), account.isActive,
            try isRemembered(account)
        else { return nil }
        session["_user_id"] = .string(name)
        session["_fresh"] = .bool(false)
        session["_id"] = .string(JSONString(browser))
        nameSession()
        return account
    }

    /// What is recorded of sessions.
    private func records() throws(StoreError) -> SessionRecords {
        SessionRecords(policy: site.policy, store: try store(), now: now)
    }

    private func nameSession() {
        SessionRecords.begin(&session, policy: site.policy.tokens, random: site.environment.random)
    }

    /// Flask-Login's part of a session that is over, as if the browser had forgotten it.
    private func forgetOwner() {
        for key in ["_user_id", "_fresh", "_id", "_remember", "_remember_seconds"] { session[key] = nil }
    }

    /// Signs an account in. `remember` nil = SECURITY_DEFAULT_REMEMBER_ME. False, and nobody is signed in, for an account
    /// that is not active.
    @discardableResult
    func signIn(_ account: Account, remember: Bool?) throws -> Bool {
        guard account.isActive else { return false }
        session["_user_id"] = .string(JSONString(account.fsUniquifier))
        session["_fresh"] = .bool(true)
        session["_id"] = .string(JSONString(browser))
        session["fs_cc"] = .string(JSONString("set"))
        session["fs_paa"] = .real(Double(now.microseconds) / 1_000_000)
        nameSession()
        if remember ?? site.web.features.remembersByDefault { try setRememberCookie(account) }
        setCaller(account)
        return true
    }

    /// The remember cookie of an account.
    func setRememberCookie(_ account: Account) throws {
        guard let writer = site.rememberCookies else { return }
        if site.web.bindsRemembered { try bindBrowser(to: account) }
        let value = writer.write(JSONString(account.fsUniquifier)).text
        setCookies.append(
            SetCookie(
                name: site.web.remember.name, value: value, expires: now.seconds + site.web.rememberSeconds,
                maxAge: nil, attributes: site.web.remember.attributes))
    }

    /// Signs whoever it is out, here and, with LIBSECURITY_SESSION_REVOCATION, everywhere the cookie may have been copied to.
    func signOut() throws(StoreError) {
        try records().end(session)
        SessionRecords.forget(&session)
        let ended = ["identity.name", "identity.auth_type", "fs_paa", "fs_gexp", "_user_id", "_fresh", "_id"]
        for key in ended + Exchange.secondFactorKeys { session[key] = nil }
        dropCSRFToken()
        session["fs_cc"] = .string(JSONString("clear"))
        if cookies[site.web.remember.name] != nil {
            setCookies.append(.removal(of: site.web.remember.name, site.web.remember.attributes))
        }
        try forgetCompanion()
        setCaller(nil)
    }

    // MARK: The companion of the remember cookie (LIBSECURITY_REMEMBER = "bound")

    private var companionName: String { site.web.remember.name + "_bound" }

    private func companionDigest(_ value: String) -> String {
        let bytes = Array(value.utf8)
        return KeyedDigest(.rememberedBrowser, secretKey: site.policy.secrets.secretKey).hex(of: bytes.span)
    }

    /// Whether a remember cookie of an account counts: a bound one only beside the companion of a browser that is recorded.
    private func isRemembered(_ account: Account) throws(StoreError) -> Bool {
        guard site.web.bindsRemembered else { return true }
        guard let companion = cookies[companionName] else { return false }
        return try store().isBrowserRemembered(digest: companionDigest(companion), account: account.id, now: now)
    }

    /// Gives this browser a companion cookie, in place of one that it had.
    private func bindBrowser(to account: Account) throws {
        if let companion = cookies[companionName] { try store().forgetBrowser(digest: companionDigest(companion)) }
        guard let random = site.environment.random(32) else { throw SiteError.noRandomness }
        let companion = random.withBytes { Hex.text($0) }
        try store().rememberBrowser(
            digest: companionDigest(companion), account: account.id,
            expires: Instant(seconds: now.seconds + site.web.rememberSeconds), now: now)
        setCookies.append(
            SetCookie(
                name: companionName, value: companion, expires: now.seconds + site.web.rememberSeconds, maxAge: nil,
                attributes: site.web.remember.attributes))
    }

    /// Ends what this browser's companion cookie is good for.
    private func forgetCompanion() throws(StoreError) {
        guard let companion = cookies[companionName] else { return }
        try store().forgetBrowser(digest: companionDigest(companion))
        setCookies.append(.removal(of: companionName, site.web.remember.attributes))
    }

    /// What a second factor that was begun leaves behind.
    static let secondFactorKeys = [
        "tf_state", "tf_user_id", "tf_primary_method", "tf_confirmed", "tf_remember_login", "tf_totp_secret",
        "tf_select",
    ]

    /// Forgets a second factor that was begun.
    func forgetSecondFactor() {
        for key in Exchange.secondFactorKeys { session[key] = nil }
    }

    /// The freshness rule for this session, which may open or extend the grace period.
    func isFresh(within: Int64, grace: Int64, by mechanism: Mechanism) -> Bool {
        let state = Freshness.Session(
            authenticatedAt: session.authenticatedAt.flatMap { seconds in
                Int64(exactly: (seconds * 1_000_000).rounded()).map { Instant(microseconds: $0) }
            }, graceEndSeconds: session.graceEndSeconds)
        let verdict = Freshness.check(
            state, policy: FreshnessPolicy(within: within, grace: grace), now: now, isBasic: mechanism == .basic)
        if let end = verdict.newGraceEndSeconds { session["fs_gexp"] = .integer(end) }
        return verdict.isFresh
    }
}
