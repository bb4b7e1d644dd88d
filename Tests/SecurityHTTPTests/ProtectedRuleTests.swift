import SecurityCore
import Testing

@testable import SecurityHTTP

@Suite struct ProtectedRuleTests {
    private static func flaws(_ lines: String) throws -> String {
        let site = try SiteFixture(lines)
        do {
            _ = try site.web()
            return ""
        } catch let error as InvalidConfiguration {
            return error.description
        }
    }

    /// What a table may hold, and what is said of one that would let in whom it should not.
    private static let tables: [(table: String, said: String)] = [
        (#"{ path = "/a", mechanisms = ["session"], fresh_within = "5 minutes", roles_required = ["a"] }"#, ""),
        (#"{ prefix = "/a", methods = ["GET", "POST"], permissions_accepted = ["a"], json = { a = 1 } }"#, ""),
        (#"{ path = "/a", mechanism = ["session"] }"#, "mechanism is no entry of it: did you mean mechanisms?"),
        (#"{ path = "/a", colour = "red" }"#, "colour is no entry of it; there are path, prefix"),
        (#"{ path = "/a", mechanisms = ["cookie"] }"#, #"mechanisms must be a list of "session", "token" and "basic""#),
        (#"{ path = "/a", mechanisms = "session" }"#, "mechanisms must be a list"),
        (#"{ path = "/a", roles_required = ["a", 1] }"#, "roles_required must be a list of strings"),
        (#"{ path = "/a", methods = ["get"] }"#, "methods must be a list of methods"),
        (
            #"{ path = "/a", mechanisms = ["session"], fresh_within = "soon" }"#,
            "fresh_within must be a number of seconds"
        ),
        (#"{ path = "/a", fresh_within = 5 }"#, "no mechanisms say how"),
        (#"{ path = "a" }"#, "path must be a path that begins with /"),
        (#"{ path = "/a", prefix = "/b" }"#, "a path or a prefix, and not both"),
        (#"{ content = "a" }"#, "a path or a prefix, and not both"),
        (#"{ prefix = "/a/../b" }"#, "prefix must be a path that begins with /, decoded"),
        (#"{ path = "/a;b" }"#, "path must be a path that begins with /, decoded"),
        (#"{ path = "/a%2Fb" }"#, "path must be a path that begins with /, decoded"),
        (#"{ prefix = "/a." }"#, "prefix must be a path that begins with /, decoded"),
    ]

    @Test(arguments: tables)
    func `a table is taken as a whole or not at all`(row: (table: String, said: String)) throws {
        let said = try Self.flaws("LIBSECURITY_PROTECTED = [{ path = \"/first\" }, \(row.table)]")
        #expect(
            row.said.isEmpty
                ? said.isEmpty : said.contains("table 2 of LIBSECURITY_PROTECTED: ") && said.contains(row.said),
            "\(said)")
    }

    @Test func `a rule that another one shadows is an error`() throws {
        for rule in [#"{ path = "/a" }"#, #"{ prefix = "/a" }"#] {
            let said = try Self.flaws("LIBSECURITY_PROTECTED = [\(rule), { path = \"/b\" }, \(rule)]")
            #expect(said.contains("table 3 is never asked: table 1 has the same path or prefix"), "\(said)")
        }
        #expect(try Self.flaws(#"LIBSECURITY_PROTECTED = [{ path = "/a" }, { prefix = "/a" }]"#).isEmpty)
    }

    @Test(arguments: [
        ("/a", "open"), ("/admin", "closed"), ("/admin/x", "closed"), ("/one", "closed"), ("/Upper/x", "closed"),
        ("/administrator", "open"), ("/ones", "open"), ("/ADMIN/x", nil), ("/Admin", nil), ("/admin/", "closed"),
        ("/ADMIN/", nil), ("/one/", nil), ("/ONE", nil), ("/upper/x", nil), ("/dir/x", "closed"), ("/dir", nil),
        ("/DIR/", nil), ("/slash/", "closed"), ("/slash", "open"),
    ])
    func `case and a slash at the end choose no laxer rule`(path: String, realm: String?) throws {
        let rules = ProtectedRules(
            try SiteFixture(
                """
                LIBSECURITY_PROTECTED = [
                    { prefix = "/", realm = "open" }, { prefix = "/admin", realm = "closed" },
                    { path = "/one", realm = "closed" }, { prefix = "/Upper", realm = "closed" },
                    { prefix = "/dir/", realm = "closed" }, { prefix = "/slash/", realm = "closed" },
                    { path = "/slash", realm = "open" },
                ]
                """
            ).web().protected)
        #expect(rules.rule(for: RequestPath(path))?.realm == realm)
    }

    @Test(arguments: [
        ("{ x_for = 1, x_proto = 1, trusted = [\"10.0.0.0/8\", \"::1\"] }", ""),
        ("{ x_fro = 1 }", "did you mean x_for?"),
        ("{ x_for = \"1\" }", "x_for must be a number of proxies"),
        ("{ x_for = -1 }", "x_for must be a number of proxies"),
        ("{ trusted = [\"proxy.example\"] }", "trusted must be a list of addresses"),
        ("{ trusted = [\"10.1.0.0/8\"] }", "trusted must be a list of addresses"),
    ])
    func `proxies are named so that nobody else is meant`(table: String, said: String) throws {
        let found = try Self.flaws("LIBSECURITY_PROXY_FIX = \(table)")
        #expect(said.isEmpty ? found.isEmpty : found.contains(said), "\(found)")
    }
}

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.7", "::ffff:192.0.2.7", true),
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::1", "2001:db8::2", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "0:0:0:0:0:0:0:1", true),
        ("fe80::1", "fe80::1%eth0", true),
        ("::/0", "not an address", false),
    ])
    func `an address is in a block or is not`(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isInside)
    }

    @Test(arguments: [
        "", "a", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.1/8", "::1/64", "10.0.0.0/8/8",
        "1.2.3",
    ])
    func `other texts are no block`(text: String) { #expect(AddressRange(text) == nil) }
}
