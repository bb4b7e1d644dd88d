import Foundation
import SecurityCore
import SecurityTokens
import Testing

@testable import SecurityHTTP
@testable import SecurityStore

/// A site with a database of its own, which is asked without sockets.
final class LiveSite {
    static let host = "id.example.org"
    static let password = "a plain battery staple"
    static let totpKey = "12345678901234567890"

    let path: String
    let site: Site
    let store: SQLiteStore
    private let folder: String

    /// Every flow, no CSRF token, and costs that a test can pay.
    private static let settings = [
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": "{ bcrypt__rounds = 4 }",
        "SECURITY_EMAIL_VALIDATOR_ARGS": "{ check_deliverability = false }", "SECURITY_REGISTERABLE": "true",
        "SECURITY_CONFIRMABLE": "true", "SECURITY_RECOVERABLE": "true", "SECURITY_CHANGEABLE": "true",
        "SECURITY_TRACKABLE": "true", "LIBSECURITY_PUBLIC_URL": "\"https://id.example.org\"",
        "WTF_CSRF_ENABLED": "false",
    ]

    /// What switches the second factor on.
    static let factors = [
        "SECURITY_TWO_FACTOR": "true", "SECURITY_TOTP_ISSUER": "\"Test\"",
        "SECURITY_TOTP_SECRETS": "{ 1 = \"TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B\" }",
    ]

    /// A rule that lets whoever is signed in see a page.
    static let privatePage = """
        [[LIBSECURITY_PROTECTED]]
        path = "/private"
        mechanisms = ["session", "token", "basic"]
        content = "secret"

        """

    /// `settings` are values in TOML, beside those of every such site or instead of them; `rules` are tables of
    /// LIBSECURITY_PROTECTED beside that of /private.
    init(_ settings: [String: String] = [:], rules: String = "") throws {
        folder = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        path = folder + "/users.db"
        try SQLiteStore.create(path: path)
        let all = LiveSite.settings.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
        let fixture = try SiteFixture(lines + LiveSite.privatePage + rules, database: path)
        site = try Site(policy: fixture.policy, settings: fixture.settings, log: SiteLog { _, _, _ in })
        store = try SQLiteStore(path: path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Accounts

    /// An account `<name>@example.org` with ``password``.
    @discardableResult
    func account(
        _ name: String = "ann", isConfirmed: Bool = true, hasPassword: Bool = true, hasFactor: Bool = false
    ) throws -> Account {
        let hash = hasPassword ? SharedSecret(try site.hasher.hash(Secret(utf8: LiveSite.password))) : nil
        let id = try store.createAccount(
            NewAccount(
                email: name + "@example.org", username: nil, password: hash, isActive: true,
                isConfirmed: isConfirmed, fsUniquifier: name + String(repeating: "0", count: 20),
                webAuthnHandle: name + String(repeating: "f", count: 20)), now: now)
        if hasFactor {
            let wallet = TOTPWallet(secrets: site.policy.secrets.totpSecrets, cost: 4)
            let key = TOTP(key: SharedSecret(utf8: LiveSite.totpKey))
            try store.setTOTPWallet(
                SharedSecret(try wallet.seal(key, random: SystemRandom.bytes)), account: id, now: now)
        }
        return try #require(try store.account(id: id))
    }

    /// Runs SQL behind the service's back, as another program would.
    func run(_ sql: String) throws { try SQLiteConnection(path: path).run(sql) }

    /// The first column of the first row, as text.
    func value(_ sql: String) throws -> String? {
        try SQLiteConnection(path: path).first(sql) { (row) throws(StoreError) in try row.optionalText(0) } ?? nil
    }

    /// How many mails were written.
    func mails() throws -> Int {
        let hasTable = try value("SELECT 1 FROM sqlite_master WHERE name = 'lsec_outbox'") != nil
        return hasTable ? Int(try value("SELECT count(*) FROM lsec_outbox") ?? "") ?? 0 : 0
    }

    /// How often somebody signed in to the only account.
    func signIns() throws -> Int { Int(try value("SELECT coalesce(login_count, 0) FROM user") ?? "") ?? 0 }

    // MARK: Cookies and tokens of another age

    var now: Instant { site.environment.now() }

    /// A token that was made some seconds ago.
    func token(_ kind: AccountTokenKind, _ account: Account, age: Int64 = 0) throws -> String {
        let moment = Instant(seconds: now.seconds - age)
        let environment = Environment(now: { moment }, random: SystemRandom.bytes)
        return try AccountTokens(policy: site.policy, store: store, environment: environment)
            .make(kind, for: account).text
    }

    /// A browser that signed in `authenticated` seconds ago, and whose cookie was signed `age` seconds ago.
    func browser(
        _ account: Account, age: Int64 = 0, authenticated: Int64 = 0,
        change: (inout FlaskSession) -> Void = { _ in }
    ) -> Browser {
        let browser = Browser(site)
        let exchange = Exchange(site: site, request: browser.request("GET", "/"))
        _ = try? exchange.signIn(account, remember: false)
        exchange.session["fs_paa"] = .real(Double(now.seconds - authenticated))
        change(&exchange.session)
        let moment = Instant(seconds: now.seconds - age)
        browser.cookies["session"] = site.sessionCookies.write(exchange.session, at: moment).text
        return browser
    }

    /// A browser that knows nobody.
    func browser() -> Browser { Browser(site) }

    /// The value of a remember cookie.
    func rememberToken(_ account: Account) -> String {
        site.rememberCookies?.write(JSONString(account.fsUniquifier)).text ?? ""
    }
}

/// A browser as far as these tests need one: it keeps cookies.
final class Browser {
    private let site: Site
    var cookies: [String: String] = [:]
    var userAgent = "Browser/1"
    var peer: String? = "192.0.2.1"
    var isTLS = false

    init(_ site: Site) {
        self.site = site
    }

    /// A request without its cookies.
    func request(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) -> WebRequest {
        var fields = headers.map { HeaderField($0.0, $0.1) }
        if !fields.contains(where: { $0.name == "host" }) { fields.append(HeaderField("host", LiveSite.host)) }
        if !fields.contains(where: { $0.name == "user-agent" }) {
            fields.append(HeaderField("user-agent", userAgent))
        }
        return WebRequest(
            method: method, target: target, headers: fields, body: SharedSecret(utf8: body), peer: peer, isTLS: isTLS,
            id: "1")
    }

    /// The answer to a request with its cookies; those of the answer are kept.
    @discardableResult
    func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) -> WebResponse {
        var request = request(method, target, headers: headers, body: body)
        let pairs = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !pairs.isEmpty { request.headers.append(HeaderField("cookie", pairs.joined(separator: "; "))) }
        let response = site.respond(to: request)
        for field in response.cookies {
            cookies[field.name] = field.value.isEmpty ? nil : field.value
        }
        return response
    }

    @discardableResult
    func get(_ target: String, headers: [(String, String)] = []) -> WebResponse {
        send("GET", target, headers: headers)
    }

    /// Sends a form.
    @discardableResult
    func post(_ target: String, _ form: [(String, String)], headers: [(String, String)] = []) -> WebResponse {
        let body = form.map { PercentCoding.encode($0.0) + "=" + PercentCoding.encode($0.1) }.joined(separator: "&")
        return send(
            "POST", target, headers: headers + [("content-type", "application/x-www-form-urlencoded")], body: body)
    }

    /// Sends JSON, whose values are texts, and asks for JSON.
    @discardableResult
    func postJSON(_ target: String, _ fields: [(String, String)], headers: [(String, String)] = []) -> WebResponse {
        let body = "{" + fields.map { "\"\($0.0)\": \"\($0.1)\"" }.joined(separator: ", ") + "}"
        let types = Browser.json + [("content-type", "application/json")]
        return send("POST", target, headers: headers + types, body: body)
    }

    static let json = [("accept", "application/json")]

    /// Signs in by password.
    @discardableResult
    func signIn(_ name: String = "ann", remember: Bool = false, headers: [(String, String)] = []) -> WebResponse {
        let word = remember ? [("remember", "y")] : []
        return post(
            "/login", [("email", name + "@example.org"), ("password", LiveSite.password)] + word, headers: headers)
    }

    /// Whether it sees what is for those who are signed in.
    var isSignedIn: Bool { self.get("/private").status == 200 }
}

extension WebResponse {
    /// A cookie that is set, and its attributes by their names; one without a value is "".
    struct Cookie {
        let name: String
        let value: String
        let attributes: [String: String]
    }

    var cookies: [Cookie] {
        headers.filter { $0.name == "Set-Cookie" }.map { field in
            var parts = field.value.split(separator: ";").map { part in
                let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
            }
            let first = parts.removeFirst()
            return Cookie(
                name: first.0, value: first.1, attributes: Dictionary(parts, uniquingKeysWith: { $1 }))
        }
    }

    func cookie(_ name: String) -> Cookie? { cookies.first { $0.name == name } }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The CSRF token of a page or of JSON.
    var csrfToken: String? {
        for mark in ["name=\"csrf_token\" value=\"", "\"csrf_token\": \"", "\"csrf_token\":\""] {
            if let range = text.range(of: mark) { return String(text[range.upperBound...].prefix { $0 != "\"" }) }
        }
        return nil
    }
}
