import SecurityCore
import SecurityStore
import Testing

@testable import SecurityHTTP

/// Whose address a request has: the peer's, or the one that the proxies in front of us name.
@Suite struct ForwardingTests {
    private struct Row: CustomTestStringConvertible {
        let table: String
        let peer: String?
        let header: [String]
        let client: String?

        var testDescription: String { "\(table) peer \(peer ?? "unix"): \(header)" }
    }

    private static let one = #"x_for = 1, trusted = ["192.0.2.1"]"#
    private static let two = #"x_for = 2, trusted = ["192.0.2.1"]"#

    private static let rows = [
        // Nothing counts by default, and not for a listed proxy without x_for.
        Row(table: "", peer: "192.0.2.1", header: ["198.51.100.1"], client: "192.0.2.1"),
        Row(table: #"trusted = ["192.0.2.1"]"#, peer: "192.0.2.1", header: ["198.51.100.1"], client: "192.0.2.1"),
        Row(
            table: #"x_for = 0, trusted = ["192.0.2.1"]"#, peer: "192.0.2.1", header: ["198.51.100.1"],
            client: "192.0.2.1"),
        // One proxy: what it appended, whatever the client wrote before.
        Row(table: one, peer: "192.0.2.1", header: ["198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: "192.0.2.1", header: ["203.0.113.9, 198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: "192.0.2.1", header: ["203.0.113.9", "198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: "192.0.2.1", header: ["203.0.113.9,203.0.113.8,198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: "192.0.2.1", header: ["2001:db8::1"], client: "2001:db8::1"),
        Row(table: one, peer: "192.0.2.1", header: [], client: "192.0.2.1"),
        Row(table: one, peer: "192.0.2.1", header: ["198.51.100.1, unknown"], client: "192.0.2.1"),
        Row(table: one, peer: "192.0.2.1", header: ["198.51.100.1,"], client: "192.0.2.1"),
        // Two proxies: the last but one, and none that is not there.
        Row(table: two, peer: "192.0.2.1", header: ["203.0.113.9, 198.51.100.1, 10.0.0.1"], client: "198.51.100.1"),
        Row(table: two, peer: "192.0.2.1", header: ["198.51.100.1, 10.0.0.1"], client: "198.51.100.1"),
        Row(table: two, peer: "192.0.2.1", header: ["198.51.100.1"], client: "192.0.2.1"),
        // Whoever is not listed is believed nothing.
        Row(table: one, peer: "192.0.2.2", header: ["198.51.100.1"], client: "192.0.2.2"),
        Row(table: one, peer: "192.0.2.10", header: ["198.51.100.1"], client: "192.0.2.10"),
        Row(table: one, peer: "::ffff:192.0.2.1", header: ["198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: "::ffff:192.0.2.2", header: ["198.51.100.1"], client: "::ffff:192.0.2.2"),
        Row(
            table: #"x_for = 1, trusted = ["10.0.0.0/30", "::1"]"#, peer: "10.0.0.3", header: ["198.51.100.1"],
            client: "198.51.100.1"),
        Row(
            table: #"x_for = 1, trusted = ["10.0.0.0/30", "::1"]"#, peer: "10.0.0.4", header: ["198.51.100.1"],
            client: "10.0.0.4"),
        Row(
            table: #"x_for = 1, trusted = ["10.0.0.0/30", "::1"]"#, peer: "::1", header: ["198.51.100.1"],
            client: "198.51.100.1"),
        Row(
            table: #"x_for = 1, trusted = ["10.0.0.0/30", "::1"]"#, peer: "::2", header: ["198.51.100.1"], client: "::2"
        ),
        // Only our own proxy reaches a socket in the file system.
        Row(table: one, peer: nil, header: ["198.51.100.1"], client: "198.51.100.1"),
        Row(table: one, peer: nil, header: [], client: nil),
    ]

    private static func request(
        _ headers: [(String, String)], peer: String?, isTLS: Bool = false
    ) -> WebRequest {
        WebRequest(
            method: "GET", target: "/", headers: headers.map { HeaderField($0.0, $0.1) }, body: SharedSecret(utf8: ""),
            peer: peer, isTLS: isTLS, id: "1")
    }

    @Test(arguments: rows) private func `the client is whom the farthest of our proxies saw`(row: Row) throws {
        let proxies = try ProxyPolicy(SiteFixture("LIBSECURITY_PROXY_FIX = { \(row.table) }").settings)
        let request = Self.request(row.header.map { ("x-forwarded-for", $0) }, peer: row.peer)
        #expect(proxies.client(of: request) == row.client)
    }

    @Test func `guesses are counted where the client is`() throws {
        for (table, origin) in [
            ("", "ip:192.0.2.1"), (Self.one, "ip:198.51.100.1"), (Self.two, "ip:203.0.113.9"),
            (#"x_for = 1, trusted = ["192.0.2.2"]"#, "ip:192.0.2.1"),
        ] {
            let live = try LiveSite(table.isEmpty ? [:] : ["LIBSECURITY_PROXY_FIX": "{ \(table) }"])
            try live.account()
            live.browser().post(
                "/login", [("email", "ann@example.org"), ("password", "wrong")],
                headers: [("x-forwarded-for", "203.0.113.9, 198.51.100.1")])
            #expect(try live.value("SELECT group_concat(DISTINCT origin) FROM lsec_throttle") == origin, "\(table)")
        }
    }

    @Test func `an address that a client writes itself buys no guesses`() throws {
        let live = try LiveSite(["LIBSECURITY_PROXY_FIX": "{ \(Self.one) }"])
        try live.account()
        for number in 0..<5 {
            live.browser().post(
                "/login", [("email", "ann@example.org"), ("password", "wrong")],
                headers: [("x-forwarded-for", "203.0.113.\(number), 198.51.100.1")])
        }
        let browser = live.browser()
        browser.signIn(headers: [("x-forwarded-for", "203.0.113.77, 198.51.100.1")])
        #expect(!browser.isSignedIn)
        #expect(try live.value("SELECT count(DISTINCT origin) FROM lsec_throttle") == "1")
    }

    @Test(arguments: [
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.1", "https", false, true),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.1", "HTTPS", false, true),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.1", "http", false, false),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.1", "httpsx", false, false),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.2", "https", false, false),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.2", "http", true, true),
        (#"x_proto = 1, trusted = ["192.0.2.1"]"#, "192.0.2.1", "http", true, true),
    ]) func `the scheme is that of the connection, or of a listed proxy`(
        table: String, peer: String, header: String, isTLS: Bool, isSecure: Bool
    ) throws {
        let live = try LiveSite(["LIBSECURITY_PROXY_FIX": "{ \(table) }"])
        let request = Self.request([("x-forwarded-proto", header)], peer: peer, isTLS: isTLS)
        #expect(Exchange(site: live.site, request: request).isSecure == isSecure)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.255.255", true), ("128.0.0.1", false), ("::1", true), ("::2", false),
        ("10.0.0.1", true), ("11.0.0.1", false), ("172.15.255.255", false), ("172.16.0.1", true),
        ("172.31.255.255", true), ("172.32.0.1", false), ("192.168.0.1", true), ("192.169.0.1", false),
        ("100.63.255.255", false), ("100.64.0.1", true), ("100.127.255.255", true), ("100.128.0.1", false),
        ("169.254.0.1", true), ("169.255.0.1", false), ("fc00::1", true), ("fdff::1", true), ("fe00::1", false),
        ("fe80::1", true), ("fec0::1", false), ("192.0.2.1", false), ("2001:db8::1", false),
        ("::ffff:127.0.0.1", true),
    ]) func `a neighbour that forwards is an unlisted proxy, and any other peer is a client`(
        peer: String, isHidden: Bool
    ) throws {
        let proxies = try ProxyPolicy(SiteFixture("").settings)
        for name in [
            "x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto",
            "x-forwarded-server", "x-forwarded-port", "x-client-ip", "x-cluster-client-ip", "true-client-ip",
            "cf-connecting-ip", "via",
        ] {
            let place = ClientPlace(Self.request([(name, "198.51.100.1")], peer: peer), proxies)
            #expect(place.isSeen != isHidden, "\(name)")
            #expect(place.text == (isHidden ? Origin.unseen(.proxy).text : Origin(remoteHost: peer).text), "\(name)")
        }
        #expect(ClientPlace(Self.request([("accept", "a")], peer: peer), proxies).isSeen)
    }

    @Test func `a listed proxy that does not say for whom it asks hides its clients`() throws {
        let proxies = try ProxyPolicy(SiteFixture(#"LIBSECURITY_PROXY_FIX = { trusted = ["192.0.2.1"] }"#).settings)
        let headers = [("x-forwarded-for", "198.51.100.1")]
        #expect(!ClientPlace(Self.request(headers, peer: "192.0.2.1"), proxies).isSeen)
        #expect(ClientPlace(Self.request(headers, peer: "192.0.2.2"), proxies).isSeen)
        #expect(!ClientPlace(Self.request([], peer: nil), proxies).isSeen)
    }

    @Test func `a session keeps the address of its proxy's client`() throws {
        let live = try LiveSite(["SECURITY_TRACKABLE": "true", "LIBSECURITY_PROXY_FIX": "{ \(Self.one) }"])
        try live.account()
        live.browser().signIn(headers: [("x-forwarded-for", "203.0.113.9, 198.51.100.1")])
        #expect(try live.value("SELECT current_login_ip FROM user") == "198.51.100.1")
    }
}
