import SecurityCore
import Testing

@testable import SecurityHTTP

/// Whose place a request comes from.
@Suite struct ClientPlaceTests {
    struct Row: CustomTestStringConvertible {
        let fix: String
        let peer: String?
        let header: String?
        /// Nil = it cannot be seen.
        let origin: String?

        init(_ fix: String, _ peer: String?, _ header: String?, _ origin: String?) {
            self.fix = fix
            self.peer = peer
            self.header = header
            self.origin = origin
        }

        var testDescription: String { "\(fix) \(peer ?? "unix") \(header ?? "-")" }
    }

    static let rows: [Row] = [
        // Nobody is listed.
        Row("", "127.0.0.1", nil, "ip:127.0.0.1"),
        Row("", "127.0.0.1", "x-forwarded-for", nil),
        Row("", "127.0.0.1", "forwarded", nil),
        Row("", "127.0.0.1", "x-real-ip", nil),
        Row("", "127.0.0.1", "x-forwarded-host", nil),
        Row("", "127.8.9.10", "x-forwarded-for", nil),
        Row("", "::1", "x-forwarded-for", nil),
        Row("", "::ffff:10.1.2.3", "x-forwarded-for", nil),
        Row("", "10.1.2.3", "x-forwarded-for", nil),
        Row("", "172.16.0.1", "x-forwarded-for", nil),
        Row("", "172.32.0.1", "x-forwarded-for", "ip:172.32.0.1"),
        Row("", "192.168.1.1", "x-forwarded-for", nil),
        Row("", "100.64.0.1", "x-forwarded-for", nil),
        Row("", "169.254.1.1", "x-forwarded-for", nil),
        Row("", "fd00::1", "x-forwarded-for", nil),
        Row("", "fe80::1", "x-forwarded-for", nil),
        Row("", "203.0.113.5", "x-forwarded-for", "ip:203.0.113.5"),
        Row("", "203.0.113.5", "x-real-ip", "ip:203.0.113.5"),
        Row("", "2001:db8::1", "forwarded", "ip:2001:db8:0:0::/64"),
        Row("", nil, nil, nil),
        Row("", nil, "x-forwarded-for", nil),
        // Listed.
        Row("x_for = 1, trusted = [\"127.0.0.1\"]", "127.0.0.1", "x-forwarded-for", "ip:192.0.2.7"),
        Row("x_for = 1, trusted = [\"127.0.0.1\"]", "10.1.2.3", "x-forwarded-for", nil),
        Row("x_for = 1, trusted = [\"127.0.0.1\"]", "127.0.0.1", nil, "ip:127.0.0.1"),
        Row("x_for = 1, trusted = [\"127.0.0.1\"]", "127.0.0.1", "x-real-ip", nil),
        Row("x_for = 1, trusted = [\"127.0.0.1\"]", nil, "x-forwarded-for", "ip:192.0.2.7"),
        Row("x_for = 1, trusted = [\"203.0.113.5\"]", "203.0.113.5", "x-forwarded-for", "ip:192.0.2.7"),
        Row("trusted = [\"203.0.113.5\"]", "203.0.113.5", "x-forwarded-for", nil),
        Row("trusted = [\"127.0.0.1\"]", "127.0.0.1", nil, "ip:127.0.0.1"),
        Row("trusted = [\"127.0.0.1\"]", "127.0.0.1", "x-original-uri", "ip:127.0.0.1"),
    ]

    @Test(arguments: rows)
    func `a proxy that hides its clients is no place of theirs`(_ row: Row) throws {
        let line = row.fix.isEmpty ? "" : "LIBSECURITY_PROXY_FIX = { \(row.fix) }"
        let proxies = try SiteFixture(line).web().proxies
        let request = WebRequest(
            method: "POST", target: "/login", headers: row.header.map { [HeaderField($0, "192.0.2.7")] } ?? [],
            body: SharedSecret(utf8: ""), peer: row.peer, isTLS: false, id: "1")
        let place = ClientPlace(request, proxies)
        #expect(place.isSeen == (row.origin != nil))
        #expect(place.origin.isPlace == (row.origin != nil))
        if let origin = row.origin { #expect(place.text == origin) }
    }
}
