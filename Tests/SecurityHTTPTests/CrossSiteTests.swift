import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// Pages of other sites that make a browser send something here.
@Suite struct CrossSiteTests {
    /// What takes a form from a browser, whether its owner is signed in, and the fields without the token.
    struct Form: CustomTestStringConvertible {
        let path: String
        var isSignedIn = false
        var link: AccountTokenKind?
        var fields: [(String, String)] = []

        var testDescription: String { path }

        var settings: [String: String] { link == .login ? ["SECURITY_PASSWORDLESS": "true"] : [:] }
    }

    private static let new = "battery staple number two"

    static let forms = [
        Form(path: "/login", fields: [("email", "ann@example.org"), ("password", LiveSite.password)]),
        Form(path: "/register", fields: [("email", "bob@example.org"), ("password", new)]),
        Form(path: "/reset", fields: [("email", "ann@example.org")]),
        Form(path: "/confirm", fields: [("email", "ann@example.org")]),
        Form(
            path: "/change", isSignedIn: true,
            fields: [("password", LiveSite.password), ("new_password", new), ("new_password_confirm", new)]),
        Form(path: "/verify", isSignedIn: true, fields: [("password", LiveSite.password)]),
        Form(path: "/end-sessions", isSignedIn: true),
        Form(path: "/reset/", link: .reset, fields: [("password", new), ("password_confirm", new)]),
        Form(path: "/confirm/", link: .confirmation), Form(path: "/login/", link: .login),
    ]

    /// A browser whose session holds the CSRF token `mine`, and the path of the form.
    private func browser(_ live: LiveSite, _ form: Form) throws -> (Browser, String) {
        let ann = try live.account(isConfirmed: ![.confirmation].contains(form.link) && form.path != "/confirm")
        let browser = live.browser(ann) { session in
            session["csrf_token"] = .string(JSONString("mine"))
            guard !form.isSignedIn else { return }
            for key in ["_user_id", "_fresh", "_id", "fs_paa"] { session[key] = nil }
        }
        return (browser, try form.path + (form.link.map { try live.token($0, ann) } ?? ""))
    }

    /// A token of a session's value, signed some seconds ago.
    private func token(_ live: LiveSite, _ value: String, age: Int64 = 0) -> String {
        let moment = Instant(seconds: live.now.seconds - age)
        return live.site.csrfSerializer.dumps(.string(JSONString(value)), at: moment).text
    }

    /// Everything in the database that a form could change.
    private func state(_ live: LiveSite) throws -> String {
        let rows = try live.value(
            "SELECT group_concat(coalesce(password, '') || fs_uniquifier || coalesce(confirmed_at, '') || coalesce(login_count, 0))"
                + " FROM user")
        return "\(rows ?? "") \(try live.mails())"
    }

    // MARK: CSRF tokens

    @Test(arguments: forms) func `no form does anything without a good token`(form: Form) throws {
        let live = try LiveSite(form.settings.merging(["WTF_CSRF_ENABLED": "true"]) { $1 })
        let (browser, path) = try browser(live, form)
        let before = try state(live)
        let good = token(live, "mine")
        for (token, said) in [
            (nil, "The CSRF token is missing."), ("", "The CSRF token is missing."),
            (token(live, "other"), "The CSRF tokens do not match."),
            (token(live, "mine", age: 3610), "The CSRF token has expired."),
            (token(live, "mine", age: -60), "The CSRF token has expired."),
            (String(good.dropLast(3)) + "AAA", "The CSRF token is invalid."), ("mine", "The CSRF token is invalid."),
        ] {
            let fields = form.fields + (token.map { [("csrf_token", $0)] } ?? [])
            let cookies = browser.cookies
            for answer in [browser.post(path, fields), browser.postJSON(path, fields)] {
                #expect(answer.text.contains(said), "\(said) \(answer.status) \(answer.text)")
                #expect(answer.status == 200 || answer.status == 400)
                browser.cookies = cookies
            }
            #expect(try state(live) == before)
        }
        let answer = browser.post(path, form.fields + [("csrf_token", token(live, "mine", age: 3590))])
        #expect(!answer.text.contains("CSRF"), "\(answer.text)")
        #expect([200, 302].contains(answer.status))
    }

    @Test(arguments: forms.filter { $0.path != "/login/" && $0.path != "/confirm/" })
    func `a browser without a session has no token that is good`(form: Form) throws {
        let live = try LiveSite(form.settings.merging(["WTF_CSRF_ENABLED": "true"]) { $1 })
        let (browser, path) = try browser(live, form)
        guard !form.isSignedIn else { return }
        browser.cookies = [:]
        let answer = browser.post(path, form.fields + [("csrf_token", token(live, "mine"))])
        #expect(answer.text.contains("The CSRF session token is missing."), "\(answer.text)")
    }

    private static let protecting = ["WTF_CSRF_ENABLED": "true", "LIBSECURITY_CSRF_PROTECT": "true"]

    @Test(arguments: forms) func `CSRFProtect asks before any view, and takes headers`(form: Form) throws {
        let live = try LiveSite(form.settings.merging(Self.protecting) { $1 })
        let (browser, path) = try browser(live, form)
        let before = try state(live)
        for headers in [
            [], [("x-csrftoken", "mine")], [("x-csrf-token", token(live, "other"))],
            [("x-csrftoken", token(live, "mine", age: 3610))], [("x-other", token(live, "mine"))],
        ] {
            #expect(browser.postJSON(path, form.fields, headers: headers).status == 400, "\(headers)")
            #expect(browser.post(path, form.fields, headers: headers).status == 400, "\(headers)")
        }
        #expect(try state(live) == before)
        let name = form.isSignedIn ? "x-csrftoken" : "x-csrf-token"
        #expect(browser.postJSON(path, form.fields, headers: [(name, token(live, "mine"))]).status != 400)
    }

    @Test(arguments: [(#"["session"]"#, 400, 200), (#"["token"]"#, 200, 400), (#"["session", "token"]"#, 400, 400)])
    func `a token is asked after the mechanisms that are named`(names: String, session: Int, token: Int) throws {
        let settings = Self.protecting.merging([
            "WTF_CSRF_CHECK_DEFAULT": "false", "SECURITY_CSRF_PROTECT_MECHANISMS": names,
        ]) { $1 }
        let live = try LiveSite(settings)
        let ann = try live.account()
        let form = [("password", LiveSite.password)]
        #expect(live.browser(ann).postJSON("/verify", form).status == session)
        let header = [("authentication-token", try live.token(.authentication, ann))]
        #expect(live.browser().postJSON("/verify", form, headers: header).status == token)
    }

    @Test func `anonymous callers need no token where the policy says so, and others do`() throws {
        let settings = Self.protecting.merging([
            "WTF_CSRF_CHECK_DEFAULT": "false", "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": "true",
        ]) { $1 }
        let live = try LiveSite(settings)
        let ann = try live.account()
        let form = [("email", ann.email), ("password", LiveSite.password)]
        #expect(live.browser().postJSON("/login", form).status == 200)
        #expect(live.browser(ann).postJSON("/verify", form).status == 400)
        let strict = try LiveSite(settings.merging(["SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": "false"]) { $1 })
        try strict.account()
        #expect(strict.browser().postJSON("/login", form).status == 400)
    }

    @Test(arguments: [
        ("https://id.example.org/login", true), ("https://id.example.org", true), (nil, false), ("", false),
        ("http://id.example.org/login", false), ("https://id.example.org.evil.example/", false),
        ("https://evil.example/id.example.org", false), ("https://xid.example.org/", false),
        ("https://id.example.or", false), ("https://id.example.org:8443/", false), ("//id.example.org/", false),
        ("https://id.example.org@evil.example/", false), ("https://evil.example/?https://id.example.org/", false),
    ]) func `over HTTPS the referrer is a page of this host`(referrer: String?, isGood: Bool) throws {
        let live = try LiveSite(Self.protecting)
        let form = CrossSiteTests.forms[0]
        let (browser, path) = try browser(live, form)
        browser.isTLS = true
        let fields = form.fields + [("csrf_token", token(live, "mine"))]
        let headers = referrer.map { [("referer", $0)] } ?? []
        #expect((browser.post(path, fields, headers: headers).status == 302) == isGood)
    }

    @Test func `the referrer is not asked for over HTTP, nor without WTF_CSRF_SSL_STRICT`() throws {
        for (isTLS, strict) in [(false, "true"), (true, "false")] {
            let live = try LiveSite(Self.protecting.merging(["WTF_CSRF_SSL_STRICT": strict]) { $1 })
            let form = CrossSiteTests.forms[0]
            let (browser, path) = try browser(live, form)
            browser.isTLS = isTLS
            let headers = [("x-csrftoken", token(live, "mine")), ("referer", "https://evil.example/")]
            #expect(browser.post(path, form.fields, headers: headers).status == 302)
        }
    }

    // MARK: Origin and Sec-Fetch-Site

    @Test(arguments: [
        ([], true), ([("origin", "https://id.example.org")], true), ([("origin", "http://id.example.org")], true),
        ([("origin", "https://accounts.example.com")], true), ([("origin", "https://evil.example")], false),
        ([("origin", "https://id.example.org.evil.example")], false), ([("origin", "https://xid.example.org")], false),
        ([("origin", "https://id.example.or")], false), ([("origin", "https://example.org")], false),
        ([("origin", "https://id.example.org:8443")], false),
        ([("origin", "https://id.example.org@evil.example")], false),
        ([("origin", "https://evil.example/id.example.org")], false),
        ([("origin", "https://accounts.example.com.evil.example")], false),
        ([("origin", "https://accounts.example.com:8443")], false), ([("origin", "id.example.org")], false),
        ([("sec-fetch-site", "cross-site")], false), ([("sec-fetch-site", "same-origin")], true),
        ([("sec-fetch-site", "none")], true),
        ([("sec-fetch-site", "cross-site"), ("origin", "https://id.example.org")], false),
    ]) func `a request that a page of another site sent is refused`(headers: [(String, String)], isGood: Bool) throws {
        let live = try LiveSite(["LIBSECURITY_PUBLIC_URL": "\"https://accounts.example.com\""])
        try live.account()
        let browser = live.browser()
        #expect(browser.signIn(headers: headers).status == (isGood ? 302 : 403))
        #expect(browser.isSignedIn == isGood)
        // Links from elsewhere lead here.
        #expect(live.browser().get("/login", headers: headers).status == 200)
    }

    @Test(arguments: forms) func `no form of another site does anything`(form: Form) throws {
        let live = try LiveSite(form.settings)
        let (browser, path) = try browser(live, form)
        let before = try state(live)
        for headers in [[("origin", "https://evil.example")], [("sec-fetch-site", "cross-site")]] {
            #expect(browser.post(path, form.fields, headers: headers).status == 403)
            #expect(browser.postJSON(path, form.fields, headers: headers).status == 403)
        }
        #expect(try state(live) == before)
    }

    @Test func `another origin is taken where the check is off`() throws {
        let live = try LiveSite(["LIBSECURITY_ORIGIN_CHECK": "false"])
        try live.account()
        #expect(live.browser().signIn(headers: [("origin", "https://evil.example")]).status == 302)
    }
}
