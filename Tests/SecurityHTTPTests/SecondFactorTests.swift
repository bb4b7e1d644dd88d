import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// A way to be signed in.
enum WayIn: CaseIterable {
    case form, json, basic, reset, confirmation, signInLink, registration

    /// What the way needs of the configuration.
    var settings: [String: String] {
        switch self {
        case .signInLink: ["SECURITY_PASSWORDLESS": "true"]
        case .registration: ["SECURITY_CONFIRMABLE": "false"]
        default: [:]
        }
    }

    /// Goes this way with a browser; whether it is signed in then.
    func isOpen(_ live: LiveSite, _ account: Account, _ browser: Browser) throws -> Bool {
        let (email, password) = (account.email, LiveSite.password)
        switch self {
        case .form: browser.post("/login", [("email", email), ("password", password)])
        case .json: browser.postJSON("/login", [("email", email), ("password", password)])
        case .basic:
            let word = Base64.standard.encode(Array("\(email):\(password)".utf8).span).text
            return browser.get("/private", headers: [("authorization", "Basic " + word)]).status == 200
        case .reset:
            let new = "battery staple number two"
            browser.post(
                "/reset/" + (try live.token(.reset, account)), [("password", new), ("password_confirm", new)])
        case .confirmation:
            try live.run("UPDATE user SET confirmed_at = NULL")
            browser.post("/confirm/" + (try live.token(.confirmation, account)), [])
        case .signInLink: browser.post("/login/" + (try live.token(.login, account)), [])
        case .registration:
            browser.post(
                "/register",
                [("email", "bob@example.org"), ("password", password), ("password_confirm", password)])
        }
        return browser.isSignedIn
    }
}

/// The browser cannot be asked for a second factor yet, so no way in may leave one out.
@Suite struct SecondFactorTests {
    private static let required = LiveSite.factors.merging(["SECURITY_TWO_FACTOR_REQUIRED": "true"]) { $1 }

    private func isOpen(_ way: WayIn, _ settings: [String: String], hasFactor: Bool) throws -> (Bool, LiveSite) {
        let live = try LiveSite(settings.merging(way.settings) { $1 })
        let isOpen = try way.isOpen(live, live.account(hasFactor: hasFactor), live.browser())
        return (isOpen, live)
    }

    @Test(arguments: WayIn.allCases) func `each way signs in where no second factor is due`(way: WayIn) throws {
        #expect(try isOpen(way, [:], hasFactor: false).0)
        #expect(try isOpen(way, LiveSite.factors, hasFactor: false).0)
    }

    @Test(arguments: WayIn.allCases.filter { $0 != .registration })
    func `no way signs an account in that has a second factor`(way: WayIn) throws {
        let (isOpen, live) = try isOpen(way, LiveSite.factors, hasFactor: true)
        #expect(!isOpen)
        #expect(try live.signIns() == 0)
    }

    @Test(arguments: WayIn.allCases)
    func `no way signs an account in that needs a second factor and has none`(way: WayIn) throws {
        let (isOpen, live) = try isOpen(way, Self.required, hasFactor: false)
        #expect(!isOpen)
        #expect(try live.value("SELECT max(coalesce(login_count, 0)) FROM user") == "0")
    }

    @Test func `a link that cannot sign in is not used up`() throws {
        let live = try LiveSite(LiveSite.factors.merging(WayIn.signInLink.settings) { $1 })
        let ann = try live.account(hasFactor: true)
        let link = "/login/" + (try live.token(.login, ann))
        live.browser().post(link, [])
        try live.store.setTOTPWallet(nil, account: ann.id, now: live.now)
        let browser = live.browser()
        browser.post(link, [])
        #expect(browser.isSignedIn)
    }

    @Test func `scripts get no authentication token without the second factor`() throws {
        for way in [WayIn.form, .reset, .registration] {
            let live = try LiveSite(Self.required.merging(way.settings) { $1 })
            let ann = try live.account()
            let (new, browser) = ("battery staple number two", live.browser())
            let answer =
                switch way {
                case .form:
                    browser.postJSON(
                        "/login?include_auth_token", [("email", ann.email), ("password", LiveSite.password)])
                case .reset:
                    browser.postJSON(
                        "/reset/" + (try live.token(.reset, ann)) + "?include_auth_token",
                        [("password", new), ("password_confirm", new)])
                default:
                    browser.postJSON(
                        "/register?include_auth_token", [("email", "bob@example.org"), ("password", new)])
                }
            #expect(!answer.text.contains("authentication_token"), "\(way): \(answer.text)")
        }
    }
}
