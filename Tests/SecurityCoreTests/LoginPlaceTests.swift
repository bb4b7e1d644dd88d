import Testing

@testable import SecurityCore

/// A row of the table in ``LoginPlace``.
struct PlaceCase: Sendable, CustomTestStringConvertible {
    var host: String?
    var terminal: String?
    var caller: UInt32
    var account: UInt32? = 1000
    var origin: String
    var testDescription: String { "\(host ?? "-") \(terminal ?? "-") \(caller) \(account.map { String($0) } ?? "-")" }

    static let all =
        [
            // The host that the service names.
            PlaceCase(host: "192.0.2.7", terminal: "ssh", caller: 0, origin: "ip:192.0.2.7"),
            PlaceCase(host: "192.0.2.7", terminal: "/dev/tty1", caller: 1000, origin: "ip:192.0.2.7"),
            PlaceCase(host: "", terminal: "tty1", caller: 0, origin: "uid:0"),
            // A screen locker, and `sudo -S` without a terminal: the user's own process.
            PlaceCase(caller: 1000, origin: "uid:1000"),
            PlaceCase(terminal: "", caller: 1000, origin: "uid:1000"),
            PlaceCase(terminal: "wayland-0", caller: 1000, origin: "uid:1000"),
            // Another person's process, a service's, cron's, root's.
            PlaceCase(caller: 1001, origin: "unseen:service"),
            PlaceCase(caller: 0, origin: "unseen:service"),
            PlaceCase(caller: 0, account: 0, origin: "unseen:service"),
            PlaceCase(caller: 33, account: 33, origin: "unseen:service"),
            PlaceCase(caller: 999, account: 999, origin: "unseen:service"),
            PlaceCase(caller: 1000, account: nil, origin: "unseen:service"),
        ]
        // Devices and displays of this machine.
        + [
            "/dev/tty1", "tty7", "ttyS0", "/dev/ttyAMA0", "pts/0", "/dev/pts/12", "console", "/dev/console", "hvc0",
            "hvsi1", "xvc0", ":0", ":1.0",
        ].map { PlaceCase(terminal: $0, caller: 0, origin: "uid:0") }
        // Words of services, and what only looks like a device.
        + [
            "ssh", "cron", "openvpn", "dovecot", "radius", "ftp", "tty", "ttyd", "tty1x", "pts", "pts/", "pts/x",
            "/dev/pts/1/2", "consolexyz", "/dev/null", "hvc", ":", ":x", ":0.", "localhost:10.0", "192.0.2.1:0", "x",
            "tty\u{301}1", "\u{600}tty1", "/dev/\u{600}pts/1", "pts/1\u{301}", ":0\u{fe0f}", "tty1 ", "-", "?",
        ].map { PlaceCase(terminal: $0, caller: 0, origin: "unseen:service") }
}

@Suite struct LoginPlaceTests {
    @Test(arguments: PlaceCase.all) func `a login without a remote host is at a place, or unseen`(_ row: PlaceCase) {
        let place = LoginPlace(
            remoteHost: row.host, terminal: row.terminal, caller: row.caller, account: row.account)
        #expect(place.origin.text == row.origin)
    }
}
