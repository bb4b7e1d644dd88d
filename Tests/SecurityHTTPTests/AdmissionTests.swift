import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// Whom a rule of LIBSECURITY_PROTECTED lets in.
@Suite struct AdmissionTests {
    /// A rule, the roles that somebody has, and whether the rule lets them in. The roles p and q have the permissions x and y,
    /// r has both, z has another.
    private struct Row: CustomTestStringConvertible {
        let rule: String
        let roles: String
        let isLetIn: Bool

        init(_ rule: String, _ roles: String, _ isLetIn: Bool) {
            self.rule = rule
            self.roles = roles
            self.isLetIn = isLetIn
        }

        var testDescription: String { "\(rule) for \(roles)" }
    }

    private static func rows(_ rule: String, in ins: [String], out outs: [String]) -> [Row] {
        ins.map { Row(rule, $0, true) } + outs.map { Row(rule, $0, false) }
    }

    private static let rows =
        rows("", in: ["", "p", "p q"], out: [])
        + rows(#"roles_required = ["p"]"#, in: ["p", "p q"], out: ["", "q", "P", "r z"])
        + rows(#"roles_required = ["p", "q"]"#, in: ["p q", "p q r"], out: ["", "p", "q", "p r", "r z"])
        + rows(#"roles_accepted = ["p", "q"]"#, in: ["p", "q", "p q", "q z"], out: ["", "r", "z", "r z"])
        + rows(#"permissions_required = ["x"]"#, in: ["p", "r", "p q"], out: ["", "q", "z", "x"])
        + rows(#"permissions_required = ["x", "y"]"#, in: ["r", "p q", "r z"], out: ["", "p", "q", "p z", "z"])
        + rows(#"permissions_accepted = ["x", "y"]"#, in: ["p", "q", "r", "p q"], out: ["", "z", "x"])
        + rows(
            #"roles_required = ["p"], permissions_required = ["y"]"#, in: ["p q", "p r"],
            out: ["", "p", "q", "r", "p z"])
        + rows(
            #"roles_accepted = ["p", "z"], permissions_accepted = ["y"]"#, in: ["p q", "z r"],
            out: ["p", "z", "q", "r"])
        + rows(
            #"roles_required = ["p"], roles_accepted = ["q", "z"]"#, in: ["p q", "p z"], out: ["p", "q", "q z", "p r"])
        + rows(
            #"permissions_required = ["x"], permissions_accepted = ["y"]"#, in: ["r", "p q"], out: ["p", "q", "p z"])

    private func roles(_ live: LiveSite, _ names: String) throws {
        for (id, name, permissions) in [(1, "p", "x"), (2, "q", "y"), (3, "r", "x,y"), (4, "z", "other"), (5, "P", "")]
        {
            try live.run(
                "INSERT INTO role (id, name, permissions, update_datetime)"
                    + " VALUES (\(id), '\(name)', '\(permissions)', '2020-01-01')")
            guard names.split(separator: " ").contains(Substring(name)) else { continue }
            try live.run("INSERT INTO roles_users (user_id, role_id) VALUES (1, \(id))")
        }
    }

    private static func table(_ rule: String) -> String {
        "[[LIBSECURITY_PROTECTED]]\npath = \"/page\"\ncontent = \"seen\"\n" + lines(rule)
    }

    /// The entries of an inline table as lines.
    private static func lines(_ rule: String) -> String {
        var (text, depth) = ("", 0)
        for character in rule {
            if character == "[" { depth += 1 } else if character == "]" { depth -= 1 }
            text.append(character == "," && depth == 0 ? "\n" : character)
        }
        return text + "\n"
    }

    @Test(arguments: rows) private func `a rule lets in who has all that it requires and one of what it accepts`(
        row: Row
    ) throws {
        let live = try LiveSite(
            rules: Self.table(#"mechanisms = ["session"]"# + (row.rule.isEmpty ? "" : ", " + row.rule)))
        let ann = try live.account()
        try live.account("bob")
        try roles(live, row.roles)
        let answer = live.browser(ann).get("/page")
        #expect(answer.status == (row.isLetIn ? 200 : 403))
        #expect(answer.text.contains("seen") == row.isLetIn)
    }

    @Test(arguments: [
        ("", 200, 200), (#"roles_required = ["p"]"#, 403, 403), (#"permissions_accepted = ["x"]"#, 403, 403),
    ]) func `a rule without mechanisms still asks for its roles`(rule: String, anonymous: Int, signedIn: Int) throws {
        let live = try LiveSite(rules: Self.table(rule))
        let ann = try live.account()
        #expect(live.browser().get("/page").status == anonymous)
        #expect(live.browser(ann).get("/page").status == signedIn)
        try roles(live, "p")
        #expect(live.browser().get("/page").status == anonymous)
        #expect(live.browser(ann).get("/page").status == 200)
    }

    @Test(arguments: Proof.allCases) func `a rule takes its own mechanisms alone`(proof: Proof) throws {
        let mechanism =
            switch proof {
            case .session, .rememberCookie: "session"
            case .token, .tokenInQuery: "token"
            case .basic: "basic"
            }
        for name in ["session", "token", "basic"] {
            let live = try LiveSite(rules: Self.table("mechanisms = [\"\(name)\"]"))
            let status = try proof.ask(live, live.account(), "/page")()
            #expect((status == 200) == (name == mechanism), "\(name) \(status)")
        }
    }

    @Test(arguments: [
        (#"mechanisms = ["session"]"#, "GET", 200), (#"mechanisms = ["session"]"#, "HEAD", 200),
        (#"mechanisms = ["session"]"#, "POST", 405), (#"mechanisms = ["session"], methods = ["POST"]"#, "POST", 200),
        (#"mechanisms = ["session"], methods = ["POST"]"#, "GET", 405),
    ]) func `a rule has the methods that it names`(rule: String, method: String, status: Int) throws {
        let live = try LiveSite(rules: Self.table(rule))
        #expect(live.browser(try live.account()).send(method, "/page").status == status)
    }

    // MARK: /authz

    private static let zones = """
        [[LIBSECURITY_PROTECTED]]
        prefix = "/app"
        mechanisms = ["session", "basic"]
        [[LIBSECURITY_PROTECTED]]
        prefix = "/app/admin"
        mechanisms = ["session"]
        roles_required = ["p"]
        [[LIBSECURITY_PROTECTED]]
        path = "/app/admin/help"
        mechanisms = ["session"]
        [[LIBSECURITY_PROTECTED]]
        prefix = "/dir/"
        mechanisms = ["session"]
        methods = ["POST"]

        """
    private static let listed = ["LIBSECURITY_PROXY_FIX": #"{ trusted = ["192.0.2.1"] }"#]

    @Test(arguments: [
        ("/app", "GET", 200), ("/app/", "GET", 200), ("/app/x", "GET", 200), ("/app/x", "POST", 403),
        ("/application", "GET", 403), ("/ap", "GET", 403), ("/App", "GET", 403), ("/", "GET", 403),
        ("/app/admin", "GET", 403), ("/app/admin/x", "GET", 403), ("/app/admin/help", "GET", 200),
        ("/app/admin/help/x", "GET", 403), ("/app/administrator", "GET", 200), ("/dir/x", "POST", 200),
        ("/dir/x", "GET", 403), ("/dir", "POST", 403), ("/app/x?next=/app/admin", "GET", 200),
    ]) func `the longest rule decides by whole segments, and no rule lets nobody in`(
        target: String, method: String, status: Int
    ) throws {
        let live = try LiveSite(Self.listed, rules: Self.zones)
        let browser = live.browser(try live.account())
        for set in ["x-forwarded", "x-original"] {
            let headers = [(set + "-method", method), (set + "-uri", target)]
            #expect(browser.get("/authz", headers: headers).status == status)
        }
    }

    @Test(arguments: [("x-forwarded", 302), ("x-original", 401)])
    func `nginx gets its redirects as 401`(set: String, status: Int) throws {
        let live = try LiveSite(Self.listed, rules: Self.zones)
        let headers = [(set + "-method", "GET"), (set + "-uri", "/app/admin/x")]
        let answer = live.browser().get("/authz", headers: headers)
        #expect(answer.status == status)
        #expect(answer.header("Location") == "/login?next=%2Fapp%2Fadmin%2Fx")
        #expect(answer.header("X-Auth-User") == nil)
    }

    @Test(arguments: [
        (nil, "192.0.2.1", 400), ("192.0.2.1", "192.0.2.1", 200), ("192.0.2.1", "192.0.2.2", 400),
        ("192.0.2.0/24", "192.0.2.9", 200), ("192.0.2.0/24", "192.0.3.9", 400), ("192.0.2.1", "::ffff:192.0.2.1", 200),
    ]) func `only listed proxies may ask`(trusted: String?, peer: String, status: Int) throws {
        let settings = trusted.map { ["LIBSECURITY_PROXY_FIX": "{ trusted = [\"\($0)\"] }"] } ?? [:]
        let live = try LiveSite(settings, rules: Self.zones)
        let ann = try live.account()
        let browser = live.browser(ann)
        browser.peer = peer
        let headers = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/app/x")]
        let answer = browser.get("/authz", headers: headers)
        #expect(answer.status == status)
        #expect(answer.header("X-Auth-Email") == (status == 200 ? ann.email : nil))
    }

    @Test func `who is let in is told to the application`() throws {
        let live = try LiveSite(Self.listed, rules: Self.zones)
        let ann = try live.account()
        try roles(live, "q p")
        let headers = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/app/admin"), ("x-auth-user", "root")]
        let answer = live.browser(ann).get("/authz", headers: headers)
        #expect(answer.header("X-Auth-User") == ann.email)
        #expect(answer.header("X-Auth-Email") == ann.email)
        #expect(answer.header("X-Auth-Roles") == "p,q")
    }

    @Test func `a comma in the name of a role makes no second role`() throws {
        let live = try LiveSite(Self.listed, rules: Self.zones)
        let ann = try live.account()
        try live.run("INSERT INTO role (id, name, update_datetime) VALUES (1, 'a,p', '2020-01-01')")
        try live.run("INSERT INTO roles_users (user_id, role_id) VALUES (1, 1)")
        let headers = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/app/x")]
        #expect(live.browser(ann).get("/authz", headers: headers).header("X-Auth-Roles") == "a%2Cp")
        let asked = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/app/admin")]
        #expect(live.browser(ann).get("/authz", headers: asked).status == 403)
    }
}
