import SecurityCore
import SecurityTokens

/// LIBSECURITY_END_SESSIONS_URL: ends every other session of whoever is signed in, with the authentication tokens, remember
/// cookies and mailed links of the account, by a new `fs_uniquifier`. This session goes on. Flask-Security has no such page.
struct EndSessionsFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    func respond() throws -> WebResponse {
        try exchange.authenticated(by: [.session], freshness: freshness) { caller in
            guard exchange.method == "POST" else {
                return exchange.wantsJSON ? try exchange.success(user: caller.account) : try page(FormErrors())
            }
            return try end(caller.account)
        }
    }

    /// Whoever found a browser open must not lock its owner out everywhere else.
    private var freshness: FreshnessPolicy? { site.policy.freshness.within >= 0 ? site.policy.freshness : nil }

    private func end(_ account: Account) throws -> WebResponse {
        var errors = FormErrors()
        try exchange.checkCSRF(&errors)
        guard errors.isEmpty else { return exchange.wantsJSON ? exchange.failure(errors) : try page(errors) }
        guard let uniquifier = Uniquifier.make(random: site.environment.random) else { throw SiteError.noRandomness }
        let store = try exchange.store()
        try store.endSessions(account: account.id, fsUniquifier: uniquifier, now: exchange.now)
        guard let changed = try store.account(id: account.id) else { throw SiteError.accountGone }
        let authenticatedAt = exchange.session["fs_paa"]
        try exchange.signIn(changed, remember: exchange.cookies[site.web.remember.name] != nil)
        exchange.session["fs_paa"] = authenticatedAt
        if exchange.wantsJSON { return try exchange.success(user: changed, mayCarryToken: true) }
        return try PageBuilder(exchange).sessionsEnded()
    }

    private func page(_ errors: FormErrors) throws -> WebResponse {
        try PageBuilder(exchange).endSessions(errors)
    }
}
