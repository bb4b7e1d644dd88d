import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// How a request says whose it is, once somebody has signed in.
enum Proof: CaseIterable {
    case session, rememberCookie, token, tokenInQuery, basic

    /// The request for a page of those who are signed in, with a proof that was made before.
    func ask(_ live: LiveSite, _ account: Account, _ page: String = "/private") throws -> () -> Int {
        let browser = live.browser(account)
        var (target, headers) = (page, [(String, String)]())
        switch self {
        case .session: break
        case .rememberCookie: browser.cookies = ["remember_token": live.rememberToken(account)]
        case .token:
            browser.cookies = [:]
            headers = [("authentication-token", try live.token(.authentication, account))]
        case .tokenInQuery:
            browser.cookies = [:]
            target += "?auth_token=" + (try live.token(.authentication, account))
        case .basic:
            browser.cookies = [:]
            let word = "\(account.email):\(LiveSite.password)"
            headers = [("authorization", "Basic " + Base64.standard.encode(Array(word.utf8).span).text)]
        }
        let cookies = browser.cookies
        return { [target, headers] in
            // A copy that was made before: what the service does to the browser's cookies does not count.
            browser.cookies = cookies
            return browser.get(target, headers: headers).status
        }
    }
}

/// Who was let in stays in only as long as the account lets them.
@Suite struct StandingTests {
    @Test(arguments: Proof.allCases) func `each proof is enough while the account stays as it was`(proof: Proof) throws
    {
        let live = try LiveSite()
        let ask = try proof.ask(live, live.account())
        for _ in 0..<2 { #expect(ask() == 200) }
    }

    @Test(arguments: Proof.allCases) func `a deactivated account is out at once`(proof: Proof) throws {
        let live = try LiveSite()
        let ann = try live.account()
        let ask = try proof.ask(live, ann)
        _ = try live.store.setActive(false, account: ann.id, now: live.now)
        #expect(ask() == 401)
        _ = try live.store.setActive(true, account: ann.id, now: live.now)
        #expect(ask() == 200)
    }

    @Test(arguments: Proof.allCases) func `a deleted account is out at once`(proof: Proof) throws {
        let live = try LiveSite()
        let ann = try live.account()
        let ask = try proof.ask(live, ann)
        try live.run("DELETE FROM user")
        #expect(ask() == 401)
    }

    @Test(arguments: Proof.allCases.filter { $0 != .basic })
    func `a new uniquifier ends every proof that names the old one`(proof: Proof) throws {
        let live = try LiveSite()
        let ask = try proof.ask(live, live.account())
        try live.run("UPDATE user SET fs_uniquifier = 'another'")
        #expect(ask() == 401)
    }

    @Test(arguments: Proof.allCases.filter { $0 != .basic })
    func `a proof of one account is none of another`(proof: Proof) throws {
        let live = try LiveSite()
        let ann = try live.account()
        try live.account("bob")
        let ask = try proof.ask(live, ann)
        try live.run("DELETE FROM user WHERE email = 'ann@example.org'")
        #expect(ask() == 401)
    }

    @Test(arguments: [Proof.session, .rememberCookie, .token])
    func `ending the other sessions ends each proof`(proof: Proof) throws {
        let live = try LiveSite()
        let ann = try live.account()
        let ask = try proof.ask(live, ann)
        let here = live.browser(ann)
        #expect(here.post("/end-sessions", []).status == 200)
        #expect(ask() == 401)
        #expect(here.isSignedIn)
    }

    @Test(arguments: [Proof.session, .rememberCookie, .token])
    func `a new password ends each proof`(proof: Proof) throws {
        let live = try LiveSite()
        let ann = try live.account()
        let ask = try proof.ask(live, ann)
        let (here, new) = (live.browser(ann), "battery staple number two")
        let form = [("password", LiveSite.password), ("new_password", new), ("new_password_confirm", new)]
        #expect(here.post("/change", form).status == 302)
        #expect(ask() == 401)
        #expect(here.isSignedIn)
    }

    @Test func `signing out ends the session and removes the remember cookie`() throws {
        let live = try LiveSite()
        try live.account()
        let browser = live.browser()
        browser.signIn(remember: true)
        #expect(browser.cookies["remember_token"] != nil)
        let copy = live.browser()
        copy.cookies["session"] = browser.cookies["session"]
        #expect(copy.isSignedIn)
        browser.get("/logout")
        #expect(browser.cookies["remember_token"] == nil)
        #expect(!browser.isSignedIn)
        copy.cookies["session"] = copy.cookies["session"] ?? browser.cookies["session"]
        #expect(!copy.isSignedIn)
    }

    @Test func `a remember cookie gives a session that is not fresh`() throws {
        let live = try LiveSite()
        let ann = try live.account()
        let browser = live.browser()
        browser.cookies = ["remember_token": live.rememberToken(ann)]
        #expect(browser.isSignedIn)
        #expect(browser.get("/end-sessions", headers: Browser.json).status == 401)
        #expect(browser.get("/change", headers: Browser.json).status == 200)
    }

    @Test func `a remember cookie with another signature or name is nobody's`() throws {
        let live = try LiveSite()
        let (ann, bob) = (try live.account(), try live.account("bob"))
        let token = live.rememberToken(ann)
        for other in [
            String(token.dropLast()), token + "0", bob.fsUniquifier + token.dropFirst(ann.fsUniquifier.count),
            ann.fsUniquifier, ann.fsUniquifier + "|", "|" + token,
        ] {
            let browser = live.browser()
            browser.cookies = ["remember_token": other]
            #expect(!browser.isSignedIn, "\(other)")
        }
    }

    @Test func `a session without an account, or for one that never was, is nobody's`() throws {
        let live = try LiveSite()
        let ann = try live.account()
        for name in ["", "nobody", ann.fsUniquifier.uppercased(), ann.fsUniquifier + "0"] {
            let browser = live.browser(ann) { $0["_user_id"] = .string(JSONString(name)) }
            #expect(!browser.isSignedIn, "\(name)")
        }
        #expect(!live.browser(ann) { $0["_user_id"] = nil }.isSignedIn)
        #expect(!live.browser(ann) { $0["_user_id"] = .integer(ann.id) }.isSignedIn)
    }

    @Test(arguments: [AccountTokenKind.confirmation, .reset, .login])
    func `a mailed link is no authentication token`(kind: AccountTokenKind) throws {
        let live = try LiveSite()
        let ann = try live.account(isConfirmed: kind != .confirmation)
        let token = try live.token(kind, ann)
        #expect(live.browser().get("/private", headers: [("authentication-token", token)]).status == 401)
    }

    @Test(arguments: [
        ("Basic ", true), ("basic ", true), ("BASIC ", true), ("Bearer ", false), ("Basic", false), ("", false),
    ]) func `basic authentication is known by its scheme`(scheme: String, isTaken: Bool) throws {
        let live = try LiveSite()
        let word = "\(try live.account().email):\(LiveSite.password)"
        let header = ("authorization", scheme + Base64.standard.encode(Array(word.utf8).span).text)
        #expect((live.browser().get("/private", headers: [header]).status == 200) == isTaken)
    }

    @Test(arguments: [
        "ann@example.org", "ann@example.org:", ":\(LiveSite.password)", "ann@example.org:wrong",
        "ann@example.org:\(LiveSite.password) ", "bob@example.org:\(LiveSite.password)",
    ]) func `basic authentication needs name and password`(word: String) throws {
        let live = try LiveSite()
        try live.account()
        let header = ("authorization", "Basic " + Base64.standard.encode(Array(word.utf8).span).text)
        let answer = live.browser().get("/private", headers: [header])
        #expect(answer.status == 401)
        #expect(answer.header("WWW-Authenticate") == "Basic realm=\"Login Required\"")
    }
}
