import Foundation
import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// What is answered on an event loop, and what is left to a thread that may wait.
@Suite final class PromptAnswerTests {
    private let folder = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
    private let site: Site
    private let store: SQLiteStore
    private let token: String

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/users.db"
        try SQLiteStore.create(path: path)
        let fixture = try SiteFixture(
            """
            SECURITY_RECOVERABLE = true
            SERVER_NAME = "id.example.org"
            WTF_CSRF_ENABLED = false
            [[LIBSECURITY_PROTECTED]]
            path = "/private"
            mechanisms = ["session", "token", "basic"]
            content = "secret"
            """, database: path)
        site = try Site(policy: fixture.policy, settings: fixture.settings, log: SiteLog { _, _, _ in })
        store = try SQLiteStore(path: path)
        let ann = try store.createAccount(
            NewAccount(
                email: "ann@example.org", username: nil, password: SharedSecret(utf8: "$2b$04$hash"), isActive: true,
                isConfirmed: true, fsUniquifier: String(repeating: "a", count: 32),
                webAuthnHandle: String(repeating: "b", count: 32)), now: Environment.system.now())
        let account = try #require(try store.account(id: ann))
        token = try AccountTokens(policy: fixture.policy, store: store, environment: .system)
            .make(.authentication, for: account).text
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func request(_ method: String, _ target: String, _ headers: [HeaderField] = []) -> WebRequest {
        WebRequest(
            method: method, target: target, headers: [HeaderField("host", "id.example.org")] + headers,
            body: SharedSecret(utf8: ""), peer: "192.0.2.1", isTLS: false, id: "1")
    }

    /// Without cookies, which hold the second in which they were signed.
    private func lasting(_ response: WebResponse) -> [HeaderField] {
        response.headers.filter { $0.name != "Set-Cookie" }
    }

    private var withToken: [HeaderField] { [HeaderField("authentication-token", token)] }

    @Test func `what only reads is answered at once, and as it is otherwise`() throws {
        let requests = [
            request("GET", "/login"), request("HEAD", "/reset"), request("GET", "/none"), request("GET", "/private"),
            request("GET", "/private", withToken), request("GET", "/private?auth_token=\(token)"),
            request("GET", "/static/style.css"),
        ]
        for request in requests {
            let prompt = try #require(site.respondAtOnce(to: request), "\(request.target)")
            let patient = site.respond(to: request)
            #expect(prompt.status == patient.status && prompt.body == patient.body)
            #expect(lasting(prompt) == lasting(patient))
        }
        #expect(site.respondAtOnce(to: requests[4])?.status == 200)
        #expect(site.respondAtOnce(to: requests[3])?.status != 200)
    }

    @Test func `what writes, hashes or may have to wait is not`() throws {
        let basic = [HeaderField("authorization", "Basic YW5uOnNlY3JldA==")]
        #expect(site.respondAtOnce(to: request("POST", "/login")) == nil)
        #expect(site.respondAtOnce(to: request("GET", "/private", basic)) == nil)
        #expect(site.respondAtOnce(to: request("GET", "/reset/abc")) == nil)
        #expect(site.respondAtOnce(to: request("GET", "/healthz")) == nil)
    }

    @Test func `signing out writes, so it is not answered at once`() throws {
        let account = try #require(try store.account(id: 1))
        let exchange = Exchange(site: site, request: request("GET", "/"))
        try exchange.signIn(account, remember: false)
        let cookie = HeaderField(
            "cookie", "session=" + site.sessionCookies.write(exchange.session, at: exchange.now).text)
        #expect(site.respondAtOnce(to: request("GET", "/private", [cookie]))?.status == 200)
        #expect(site.respondAtOnce(to: request("GET", "/logout", [cookie])) == nil)
        #expect(site.respondAtOnce(to: request("GET", "/private", [cookie]))?.status == 200)
        #expect(site.respond(to: request("GET", "/logout", [cookie])).status == 302)
        #expect(site.respondAtOnce(to: request("GET", "/private", [cookie]))?.status != 200)
    }

    @Test func `a database that cannot be read is left to others, not taken for a refusal`() throws {
        #expect(site.respondAtOnce(to: request("GET", "/private", withToken))?.status == 200)
        try FileManager.default.removeItem(atPath: folder + "/users.db")
        #expect(site.respondAtOnce(to: request("GET", "/private", withToken)) == nil)
        #expect(site.respond(to: request("GET", "/private", withToken)).status == 503)
    }
}
