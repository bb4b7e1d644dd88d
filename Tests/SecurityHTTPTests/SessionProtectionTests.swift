import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// SESSION_PROTECTION: what becomes of a session that another browser shows.
@Suite struct SessionProtectionTests {
    /// What the browser shows otherwise than when it signed in.
    enum Change: CaseIterable {
        case nothing, userAgent, address, forwardedFor
    }

    private func show(_ change: Change, _ browser: Browser, _ path: String) -> WebResponse {
        var headers: [(String, String)] = []
        switch change {
        case .nothing: break
        case .userAgent: browser.userAgent = "Browser/2"
        case .address: browser.peer = "192.0.2.2"
        case .forwardedFor: headers = [("x-forwarded-for", "198.51.100.1")]
        }
        return browser.get(path, headers: headers)
    }

    @Test(arguments: Change.allCases) func `strong gives up a session of another browser`(change: Change) throws {
        let live = try LiveSite(["SESSION_PROTECTION": "\"strong\""])
        try live.account()
        let browser = live.browser()
        browser.signIn(remember: true)
        let answer = show(change, browser, "/private")
        #expect((answer.status == 200) == (change == .nothing))
        // The remember cookie would bring the session back.
        #expect((browser.cookies["remember_token"] != nil) == (change == .nothing))
        browser.userAgent = "Browser/1"
        browser.peer = "192.0.2.1"
        #expect(browser.isSignedIn == (change == .nothing))
    }

    @Test(arguments: Change.allCases) func `basic takes freshness from a session of another browser`(change: Change)
        throws
    {
        let live = try LiveSite(["SESSION_PROTECTION": "\"basic\""])
        let browser = live.browser(try live.account())
        #expect(show(change, browser, "/private").status == 200)
        let bytes = Array((browser.cookies["session"] ?? "").utf8)
        guard
            case .valid(let session, _, _) = live.site.sessionCookies.read(bytes.span, maxAge: 3600, now: live.now)
        else {
            Issue.record("no session")
            return
        }
        #expect(session["_fresh"] == .bool(change == .nothing))
    }

    @Test(arguments: Change.allCases) func `without protection every browser is taken`(change: Change) throws {
        let live = try LiveSite(["SESSION_PROTECTION": "\"\""])
        let browser = live.browser(try live.account())
        #expect(show(change, browser, "/private").status == 200)
    }
}

/// What belongs to those who are not signed in, and the methods of each route.
@Suite struct RouteRuleTests {
    @Test func `who is signed in is sent away from the pages of those who are not`() throws {
        for passwordless in ["false", "true"] {
            let live = try LiveSite(["SECURITY_PASSWORDLESS": passwordless, "SECURITY_POST_LOGIN_VIEW": "\"/home\""])
            let (ann, bob) = (try live.account(), try live.account("bob"))
            var paths = ["/register", "/reset", "/reset/" + (try live.token(.reset, bob))]
            paths += passwordless == "true" ? ["/login/" + (try live.token(.login, bob))] : ["/login"]
            for path in paths {
                let browser = live.browser(ann)
                let form = [("email", "new@example.org"), ("password", "battery staple two")]
                #expect(browser.get(path).header("Location") == "/home", "\(path)")
                #expect(browser.post(path, form).header("Location") == "/home", "\(path)")
                #expect(browser.postJSON(path, form).status == 400, "\(path)")
                #expect(browser.isSignedIn)
            }
            #expect(try live.value("SELECT count(*) FROM user") == "2")
            #expect(try live.mails() == 0)
        }
    }

    @Test func `a confirmation link of another account signs its reader out`() throws {
        let live = try LiveSite(["SECURITY_AUTO_LOGIN_AFTER_CONFIRM": "false"])
        let (ann, bob) = (try live.account(), try live.account("bob", isConfirmed: false))
        let browser = live.browser(ann)
        browser.post("/confirm/" + (try live.token(.confirmation, bob)), [])
        #expect(!browser.isSignedIn)
        #expect(try live.store.account(id: bob.id)?.isConfirmed == true)
    }

    @Test func `a route has its methods alone`() throws {
        let live = try LiveSite(["SECURITY_LOGOUT_METHODS": #"["POST"]"#])
        let ann = try live.account()
        let flows = ["/login", "/register", "/confirm", "/reset", "/change", "/verify", "/end-sessions", "/reset/abc"]
        for path in flows {
            for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
                let answer = live.browser(ann).send(method, path)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.header("Allow") == "GET, POST", "\(method) \(path)")
            }
            #expect(live.browser(ann).send("HEAD", path).body.isEmpty)
        }
        let browser = live.browser(ann)
        #expect(browser.get("/logout").status == 405)
        #expect(browser.isSignedIn)
        #expect(browser.post("/logout", []).status == 302)
        #expect(!browser.isSignedIn)
    }

    @Test(arguments: [
        ("SECURITY_REGISTERABLE", "/register"), ("SECURITY_RECOVERABLE", "/reset"), ("SECURITY_CHANGEABLE", "/change"),
        ("SECURITY_CONFIRMABLE", "/confirm"),
    ]) func `a flow that is switched off is not there`(key: String, path: String) throws {
        let live = try LiveSite([key: "false"])
        let ann = try live.account()
        for browser in [live.browser(), live.browser(ann)] {
            #expect(browser.get(path).status == 404)
            #expect(browser.post(path, []).status == 404)
            #expect(path == "/change" || browser.get(path + "/abc").status == 404)
        }
    }

    @Test(arguments: [[], ["a.example", "b.example"]]) func `a request has one Host`(hosts: [String]) throws {
        let live = try LiveSite()
        let request = WebRequest(
            method: "GET", target: "/login", headers: hosts.map { HeaderField("host", $0) },
            body: SharedSecret(utf8: ""), peer: nil, isTLS: false, id: "1")
        #expect(live.site.respond(to: request).status == 400)
    }

    @Test func `opening a mailed link changes nothing until its button is pressed`() throws {
        let live = try LiveSite(["SECURITY_PASSWORDLESS": "true"])
        let ann = try live.account(isConfirmed: false)
        for (kind, path) in [(AccountTokenKind.login, "/login/"), (.confirmation, "/confirm/"), (.reset, "/reset/")] {
            let browser = live.browser()
            #expect(browser.get(path + (try live.token(kind, ann))).status == 200)
            #expect(!browser.isSignedIn)
            #expect(browser.send("HEAD", path + (try live.token(kind, ann))).status == 200)
        }
        #expect(try live.signIns() == 0)
        #expect(try live.store.account(id: ann.id)?.isConfirmed == false)
        // An old link sends another one, which is something done as well.
        live.browser().get("/reset/" + (try live.token(.reset, ann, age: 100 * 86_400)))
        live.browser().get("/login/" + (try live.token(.login, ann, age: 100 * 86_400)))
        live.browser().get("/confirm/" + (try live.token(.confirmation, ann, age: 100 * 86_400)))
        #expect(try live.mails() == 0)
    }
}

/// Where a request may send its reader.
@Suite struct RedirectTargetTests {
    private static let host = "id.example.org:8000"

    @Test(arguments: [
        ("/a", true), ("a", true), ("/a?b=//c", true), ("//id.example.org:8000/a", true),
        ("http://id.example.org:8000/a", true),
        ("https://id.example.org:8000", true), ("HTTPS://ID.example.org:8000/a", true), ("", false), (" ", false),
        ("http://id.example.org/a", false), ("http://id.example.org:80000/a", false), ("http://evil.example/", false),
        ("http://id.example.org:8000.evil.example/", false), ("http://xid.example.org:8000/", false),
        ("http://id.example.org:8000@evil.example/", false), ("http://ann@id.example.org:8000/", false),
        ("http://sub.id.example.org:8000/", false), ("//evil.example", false), ("///evil.example", false),
        ("////evil.example", false), (#"\\evil.example"#, false), (#"/\evil.example"#, false),
        (#"\/evil.example"#, false),
        (#"http://evil.example\@id.example.org:8000/"#, false), (#"http:\\evil.example"#, false),
        (" //evil.example", false), ("/\t/evil.example", false),
        ("\t//evil.example", false), ("javascript:alert(1)", false),
        ("javascript://id.example.org:8000/%0aalert(1)", false),
        ("data://id.example.org:8000/", false), ("ftp://id.example.org:8000/", false), ("mailto:a@b", false),
        ("http:evil.example", false), ("http:/evil.example", false), ("/a\u{7F}", false), ("/a\nb", false),
    ]) func `a request names targets of its own host alone`(target: String, isAllowed: Bool) throws {
        let live = try LiveSite()
        let request = live.browser().request("GET", "/", headers: [("host", Self.host)])
        #expect(Exchange(site: live.site, request: request).isAllowed(target: target) == isAllowed)
    }

    @Test(arguments: [
        ("http://example.org:8000/", true), ("http://sub.example.org:8000/", true),
        ("http://a.b.EXAMPLE.org:8000/", true),
        ("http://sub.example.org/", false), ("http://sub.example.org:8001/", false),
        ("http://notexample.org:8000/", false),
        ("http://example.org:8000.evil.example/", false), ("http://evil.example/.example.org:8000", false),
        ("javascript://sub.example.org:8000/", false),
    ]) func `subdomains of SERVER_NAME are taken where the policy says so`(target: String, isAllowed: Bool) throws {
        for allows in ["true", "false"] {
            let live = try LiveSite([
                "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": allows, "SERVER_NAME": "\"example.org:8000\"",
            ])
            let request = live.browser().request("GET", "/", headers: [("host", Self.host)])
            let exchange = Exchange(site: live.site, request: request)
            #expect(exchange.isAllowed(target: target) == (isAllowed && allows == "true"))
        }
    }

    @Test func `a sign-in leads to the first target that is allowed`() throws {
        let live = try LiveSite(["SECURITY_POST_LOGIN_VIEW": "\"/home\""])
        let ann = try live.account()
        let word = [("email", ann.email), ("password", LiveSite.password)]
        for (query, field, location) in [
            ("", "", "/home"), ("?next=%2Fa", "/b", "/a"), ("", "/b", "/b"),
            ("?next=http%3A%2F%2Fevil.example", "/b", "/b"), ("?next=http%3A%2F%2Fevil.example", "", nil),
            ("?next=javascript%3A%2F%2Fid.example.org", "", nil),
        ] as [(String, String, String?)] {
            let answer = live.browser().post("/login" + query, word + (field.isEmpty ? [] : [("next", field)]))
            #expect(answer.header("Location") == location, "\(query) \(field)")
        }
        let refused = live.browser().post("/login", word + [("next", "//evil.example")])
        #expect(refused.status == 200)
    }
}
