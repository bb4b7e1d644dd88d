import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// How old what a browser shows may be. Limits are an hour here; the exact second is tested where ages are compared.
@Suite struct AgeTests {
    /// Ages in seconds, and whether a limit of an hour takes them.
    static let ages: [(age: Int64, isGood: Bool)] = [(0, true), (3590, true), (3610, false), (86_400, false)]

    @Test(arguments: ages) func `a session cookie is taken until PERMANENT_SESSION_LIFETIME`(
        row: (age: Int64, isGood: Bool)
    ) throws {
        let live = try LiveSite(["PERMANENT_SESSION_LIFETIME": "3600"])
        #expect(live.browser(try live.account(), age: row.age).isSignedIn == row.isGood)
    }

    @Test func `a session cookie from the future is not taken`() throws {
        let live = try LiveSite()
        #expect(!live.browser(try live.account(), age: -60).isSignedIn)
    }

    @Test(arguments: ages) func `an authentication token is taken until SECURITY_TOKEN_MAX_AGE`(
        row: (age: Int64, isGood: Bool)
    ) throws {
        let live = try LiveSite(["SECURITY_TOKEN_MAX_AGE": "3600"])
        let token = try live.token(.authentication, live.account(), age: row.age)
        for (target, headers) in [
            ("/private", [("authentication-token", token)]), ("/private?auth_token=" + token, []),
        ] {
            #expect((live.browser().get(target, headers: headers).status == 200) == row.isGood)
        }
    }

    @Test func `an authentication token is taken for ever where no age is set`() throws {
        let live = try LiveSite()
        let token = try live.token(.authentication, live.account(), age: 10 * 365 * 86_400)
        #expect(live.browser().get("/private", headers: [("authentication-token", token)]).status == 200)
    }

    @Test(arguments: ages) func `a reset link sets a password until SECURITY_RESET_PASSWORD_WITHIN`(
        row: (age: Int64, isGood: Bool)
    ) throws {
        let live = try LiveSite(["SECURITY_RESET_PASSWORD_WITHIN": "\"1 hours\""])
        let ann = try live.account()
        let link = "/reset/" + (try live.token(.reset, ann, age: row.age))
        #expect(live.browser().get(link).text.contains("name=\"password_confirm\"") == row.isGood)
        let (browser, new) = (live.browser(), "battery staple number two")
        browser.post(link, [("password", new), ("password_confirm", new)])
        #expect(browser.isSignedIn == row.isGood)
        #expect((try live.store.account(id: ann.id)?.fsUniquifier != ann.fsUniquifier) == row.isGood)
    }

    @Test(arguments: ages) func `a confirmation link confirms until SECURITY_CONFIRM_EMAIL_WITHIN`(
        row: (age: Int64, isGood: Bool)
    ) throws {
        let live = try LiveSite(["SECURITY_CONFIRM_EMAIL_WITHIN": "\"1 hours\""])
        let ann = try live.account(isConfirmed: false)
        let browser = live.browser()
        browser.post("/confirm/" + (try live.token(.confirmation, ann, age: row.age)), [])
        #expect(try live.store.account(id: ann.id)?.isConfirmed == row.isGood)
        #expect(browser.isSignedIn == row.isGood)
        // Whoever comes too late gets another link.
        #expect(try live.mails() == (row.isGood ? 0 : 1))
    }

    @Test(arguments: ages) func `a sign-in link signs in until SECURITY_LOGIN_WITHIN`(
        row: (age: Int64, isGood: Bool)
    ) throws {
        let live = try LiveSite(["SECURITY_PASSWORDLESS": "true", "SECURITY_LOGIN_WITHIN": "\"1 hours\""])
        let browser = live.browser()
        browser.post("/login/" + (try live.token(.login, live.account(), age: row.age)), [])
        #expect(browser.isSignedIn == row.isGood)
        #expect(try live.mails() == (row.isGood ? 0 : 1))
    }

    @Test func `each link is good once`() throws {
        let live = try LiveSite(["SECURITY_PASSWORDLESS": "true"])
        let ann = try live.account()
        let (signIn, reset) = (
            "/login/" + (try live.token(.login, ann)), "/reset/" + (try live.token(.reset, ann))
        )
        for isFirst in [true, false] {
            let browser = live.browser()
            browser.post(signIn, [])
            #expect(browser.isSignedIn == isFirst)
        }
        for (isFirst, new) in [(true, "battery staple number two"), (false, "battery staple number three")] {
            let browser = live.browser()
            browser.post(reset, [("password", new), ("password_confirm", new)])
            #expect(browser.isSignedIn == isFirst)
        }
    }

    @Test func `a session that nobody uses is over after LIBSECURITY_SESSION_IDLE`() throws {
        let live = try LiveSite(["LIBSECURITY_SESSION_IDLE": "3600"])
        let ann = try live.account()
        for (age, isGood) in Self.ages { #expect(live.browser(ann, age: age).isSignedIn == isGood) }
    }
}

/// What asks for a session that is fresh, and what is fresh.
@Suite struct FreshSessionTests {
    private static let settings = [
        "SECURITY_FRESHNESS": "3600", "SECURITY_FRESHNESS_GRACE_PERIOD": "0", "SECURITY_POST_VERIFY_VIEW": "\"/done\"",
    ]
    private static let rule = """
        [[LIBSECURITY_PROTECTED]]
        path = "/vault"
        mechanisms = ["session", "token", "basic"]
        fresh_within = 3600
        fresh_grace = 0
        content = "gold"

        """

    /// A page, and whether its owner must have no password for it to ask.
    static let pages: [(path: String, hasPassword: Bool)] = [
        ("/end-sessions", true), ("/change", false), ("/vault", true),
    ]

    private func live(_ settings: [String: String] = [:]) throws -> LiveSite {
        try LiveSite(Self.settings.merging(settings) { $1 }, rules: Self.rule)
    }

    @Test(arguments: pages) func `a page is there for a fresh session alone`(page: (path: String, hasPassword: Bool))
        throws
    {
        let live = try live()
        let ann = try live.account(hasPassword: page.hasPassword)
        for (age, isFresh) in AgeTests.ages {
            let browser = live.browser(ann, authenticated: age)
            let answer = browser.get(page.path)
            #expect(answer.status == (isFresh ? 200 : 302), "\(age)")
            #expect(answer.header("Location")?.hasPrefix("/verify?next=") ?? isFresh)
            #expect(browser.get(page.path, headers: Browser.json).status == (isFresh ? 200 : 401))
            #expect(browser.isSignedIn)
        }
        #expect(live.browser(ann) { $0["fs_paa"] = nil }.get(page.path).status == 302)
    }

    @Test func `a session that is not fresh ends no others`() throws {
        let live = try live()
        let ann = try live.account()
        let (old, other) = (live.browser(ann, authenticated: 3610), live.browser(ann))
        #expect(old.post("/end-sessions", []).status == 302)
        #expect(old.postJSON("/end-sessions", []).status == 401)
        #expect(other.isSignedIn)
        #expect(try live.store.account(id: ann.id)?.fsUniquifier == ann.fsUniquifier)
    }

    @Test func `a session that is not fresh gives an account without a password none`() throws {
        let live = try live()
        let ann = try live.account(hasPassword: false)
        let new = "battery staple number two"
        let form = [("new_password", new), ("new_password_confirm", new)]
        #expect(live.browser(ann, authenticated: 3610).postJSON("/change", form).status == 401)
        #expect(try live.store.account(id: ann.id)?.password == nil)
        #expect(live.browser(ann).postJSON("/change", form).status == 200)
        #expect(try live.store.account(id: ann.id)?.password != nil)
    }

    @Test func `the old password stands in for a fresh session`() throws {
        let live = try live()
        let ann = try live.account()
        let new = "battery staple number two"
        for (old, status) in [("", 400), ("wrong", 400), (LiveSite.password, 200)] {
            let form = [("password", old), ("new_password", new), ("new_password_confirm", new)]
            #expect(live.browser(ann, authenticated: 3610).postJSON("/change", form).status == status)
        }
    }

    @Test(arguments: [(Int64(-60), false), (60, true)])
    func `the grace period lasts until its end`(offset: Int64, isFresh: Bool) throws {
        let live = try live()
        let ann = try live.account()
        let end = live.now.seconds + offset
        let browser = live.browser(ann, authenticated: 3610) { $0["fs_gexp"] = .integer(end) }
        #expect(browser.get("/end-sessions").status == (isFresh ? 200 : 302))
    }

    @Test(arguments: [("0", Int64(0)), ("600", 600)])
    func `a fresh session begins the grace period of the policy`(grace: String, seconds: Int64) throws {
        let live = try live(["SECURITY_FRESHNESS_GRACE_PERIOD": grace])
        let ann = try live.account()
        let exchange = Exchange(site: live.site, request: live.browser().request("GET", "/"))
        try exchange.signIn(ann, remember: false)
        let rule = live.site.policy.freshness
        #expect(exchange.isFresh(within: rule.within, grace: rule.grace, by: .session))
        #expect(exchange.session.graceEndSeconds == exchange.now.seconds + seconds)
    }

    @Test func `the right password makes a session fresh, and a wrong one does not`() throws {
        let live = try live()
        let ann = try live.account()
        try live.account("bob")
        let browser = live.browser(ann, authenticated: 3610)
        #expect(browser.post("/verify", [("password", "wrong")]).status == 200)
        #expect(browser.get("/vault").status == 302)
        #expect(browser.post("/verify", [("password", LiveSite.password)]).header("Location") == "/done")
        #expect(browser.get("/vault").status == 200)
        #expect(live.browser().post("/verify", [("password", LiveSite.password)]).status == 302)
    }

    @Test func `a token is not fresh, and a password with each request is`() throws {
        let live = try live()
        let ann = try live.account()
        let token = [("authentication-token", try live.token(.authentication, ann))]
        #expect(live.browser().get("/vault", headers: token + Browser.json).status == 401)
        #expect(live.browser().get("/private", headers: token).status == 200)
        let word = Base64.standard.encode(Array("\(ann.email):\(LiveSite.password)".utf8).span).text
        #expect(live.browser().get("/vault", headers: [("authorization", "Basic " + word)]).status == 200)
        for headers in [token, [("authorization", "Basic " + word)]] {
            #expect(live.browser().get("/end-sessions", headers: headers + Browser.json).status == 401)
        }
    }

    @Test func `a negative limit asks nobody`() throws {
        let live = try live(["SECURITY_FRESHNESS": "-1"])
        let browser = live.browser(try live.account(), authenticated: 86_400)
        #expect(browser.get("/end-sessions").status == 200)
        #expect(browser.get("/vault").status == 302)
        #expect(browser.get("/verify").status == 404)
    }
}
