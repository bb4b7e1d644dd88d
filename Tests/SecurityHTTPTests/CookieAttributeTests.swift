import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// Whom cookies are sent to and who may read them, by the configuration; a cookie is removed under the attributes under which it
/// was set, or browsers keep it.
@Suite struct CookieAttributeTests {
    private struct Row: CustomTestStringConvertible {
        let settings: [String: String]
        let attributes: [String: String]

        var testDescription: String { settings.keys.sorted().joined(separator: " ") }
    }

    /// The same keys under another prefix.
    private static func rows(_ prefix: String) -> [Row] {
        let plain = ["HttpOnly": "", "Path": "/"]
        return [
            Row(settings: [:], attributes: plain),
            Row(settings: [prefix + "SECURE": "true"], attributes: plain.merging(["Secure": ""]) { $1 }),
            Row(settings: [prefix + "HTTPONLY": "false"], attributes: ["Path": "/"]),
            Row(settings: [prefix + "SAMESITE": "\"Lax\""], attributes: plain.merging(["SameSite": "Lax"]) { $1 }),
            Row(
                settings: [prefix + "SAMESITE": "\"Strict\""], attributes: plain.merging(["SameSite": "Strict"]) { $1 }),
            Row(
                settings: [prefix + "DOMAIN": "\"example.org\""],
                attributes: plain.merging(["Domain": "example.org"]) { $1 }),
            Row(settings: [prefix + "PATH": "\"/id\""], attributes: ["HttpOnly": "", "Path": "/id"]),
        ]
    }

    private func expect(_ cookie: WebResponse.Cookie?, _ attributes: [String: String], _ settings: [String: String]) {
        var found = cookie?.attributes ?? [:]
        found["Expires"] = nil
        found["Max-Age"] = nil
        #expect(found == attributes, "\(settings)")
        #expect(cookie != nil)
    }

    @Test(arguments: rows("SESSION_COOKIE_")) private func `the session cookie has the attributes of its keys`(row: Row)
        throws
    {
        let live = try LiveSite(row.settings.merging(["SESSION_PROTECTION": "\"\""]) { $1 })
        try live.account()
        let set = live.browser().signIn(remember: true).cookie("session")
        expect(set, row.attributes, row.settings)
        #expect(set?.attributes["Expires"] == nil && set?.attributes["Max-Age"] == nil)
        let emptied = Browser(live.site)
        let flashes: SessionValue = .list([.tuple([.string(JSONString("info")), .string(JSONString("Hello"))])])
        let session = FlaskSession([SessionMember("_flashes", flashes)])
        emptied.cookies["session"] = live.site.sessionCookies.write(session, at: live.now).text
        let removal = emptied.get("/login").cookie("session")
        expect(removal, row.attributes, row.settings)
        expectRemoval(removal)
    }

    @Test(arguments: rows("REMEMBER_COOKIE_")) private func `the remember cookie has the attributes of its keys`(
        row: Row
    ) throws {
        let live = try LiveSite(row.settings)
        try live.account()
        let browser = live.browser()
        expect(browser.signIn(remember: true).cookie("remember_token"), row.attributes, row.settings)
        let removal = browser.get("/logout").cookie("remember_token")
        expect(removal, row.attributes, row.settings)
        expectRemoval(removal)
    }

    @Test(arguments: [
        Row(settings: [:], attributes: ["Path": "/", "SameSite": "Strict"]),
        Row(
            settings: [
                "SECURITY_CSRF_COOKIE":
                    #"{ samesite = "Lax", httponly = true, secure = true, path = "/id", domain = "example.org" }"#
            ],
            attributes: ["Path": "/id", "SameSite": "Lax", "HttpOnly": "", "Secure": "", "Domain": "example.org"]),
    ]) private func `the CSRF cookie has the attributes of its table`(row: Row) throws {
        let live = try LiveSite(row.settings.merging(["SECURITY_CSRF_COOKIE_NAME": "\"csrf\""]) { $1 })
        try live.account()
        let browser = live.browser()
        let set = browser.signIn().cookie("csrf")
        expect(set, row.attributes, row.settings)
        #expect(set?.value.isEmpty == false)
        let removal = browser.get("/logout").cookie("csrf")
        expect(removal, row.attributes, row.settings)
        expectRemoval(removal)
    }

    private func expectRemoval(_ cookie: WebResponse.Cookie?) {
        #expect(cookie?.value == "")
        #expect(cookie?.attributes["Max-Age"] == "0")
        #expect(cookie?.attributes["Expires"] == "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    /// The dates of a second and of those beside it.
    private func dates(_ seconds: Int64) -> [String] { (-2...2).map { HTTPDate.text(of: seconds + $0) } }

    @Test func `a remember cookie ends with REMEMBER_COOKIE_DURATION`() throws {
        for (settings, seconds) in [([:], Int64(365 * 86_400)), (["REMEMBER_COOKIE_DURATION": "3600"], 3600)] {
            let live = try LiveSite(settings)
            try live.account()
            let cookie = live.browser().signIn(remember: true).cookie("remember_token")
            #expect(dates(live.now.seconds + seconds).contains(cookie?.attributes["Expires"] ?? ""))
        }
    }

    @Test func `a permanent session ends with PERMANENT_SESSION_LIFETIME`() throws {
        let live = try LiveSite(["PERMANENT_SESSION_LIFETIME": "3600"])
        let browser = live.browser(try live.account()) { $0["_permanent"] = .bool(true) }
        let cookie = browser.get("/private").cookie("session")
        #expect(dates(live.now.seconds + 3600).contains(cookie?.attributes["Expires"] ?? ""))
    }

    @Test(arguments: [("false", false, false), ("false", true, true), ("true", false, false), ("true", true, true)])
    func `a form gives a remember cookie to whoever asks for it`(standard: String, asks: Bool, isSet: Bool) throws {
        let live = try LiveSite(["SECURITY_DEFAULT_REMEMBER_ME": standard])
        try live.account()
        #expect((live.browser().signIn(remember: asks).cookie("remember_token") != nil) == isSet)
    }

    @Test(arguments: [("false", false), ("true", true)])
    func `a link gives a remember cookie where SECURITY_DEFAULT_REMEMBER_ME says so`(standard: String, isSet: Bool)
        throws
    {
        let live = try LiveSite(["SECURITY_DEFAULT_REMEMBER_ME": standard, "SECURITY_PASSWORDLESS": "true"])
        let answer = live.browser().post("/login/" + (try live.token(.login, live.account())), [])
        #expect((answer.cookie("remember_token") != nil) == isSet)
    }

    @Test func `what is for one reader is not kept by caches`() throws {
        let live = try LiveSite()
        let browser = live.browser(try live.account())
        for path in ["/private", "/login", "/none", "/change"] {
            let answer = browser.get(path)
            #expect(answer.header("Cache-Control") == "private, no-store", "\(path)")
            #expect(answer.header("Vary") == "Cookie", "\(path)")
        }
    }

    @Test func `every page carries the headers that confine it`() throws {
        let live = try LiveSite()
        let expected = [
            "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        ]
        for path in ["/login", "/none", "/reset/abc"] {
            let answer = live.browser().get(path)
            for (name, value) in expected { #expect(answer.header(name) == value, "\(path) \(name)") }
            let policy = answer.header("Content-Security-Policy") ?? ""
            for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                #expect(policy.contains(rule), "\(path)")
            }
        }
    }
}
