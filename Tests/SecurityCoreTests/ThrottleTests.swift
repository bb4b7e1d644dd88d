import Testing

@testable import SecurityCore

@Suite struct ThrottleTests {
    private let policy = ThrottlePolicy()
    private let start = Instant(seconds: 1_700_000_000)

    private func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_700_000_000 + seconds) }

    private func strangers(_ failures: Int, pending: Int = 0) -> ThrottleTallies {
        ThrottleTallies(strangers: Tally(failures: failures, pending: pending, latest: start))
    }

    @Test(arguments: [
        (4, 1), (5, 2), (6, 4), (10, 64), (15, 2048), (16, 3600), (60, 3600), (99, 3600),
    ])
    func `the delay doubles from one second to one hour`(failures: Int, seconds: Int64) {
        let tallies = strangers(failures)
        let before = Throttle.verdict(tallies, factor: .password, policy: policy, now: at(seconds - 1))
        #expect(before == .delayed(until: at(seconds)))
        #expect(Throttle.verdict(tallies, factor: .password, policy: policy, now: at(seconds)) == .admitted)
    }

    @Test(arguments: 0..<4)
    func `the first failures are free`(failures: Int) {
        #expect(Throttle.verdict(strangers(failures), factor: .password, policy: policy, now: start) == .admitted)
    }

    @Test func `strangers are refused at the limit for good`() {
        let verdict = Throttle.verdict(strangers(100), factor: .password, policy: policy, now: at(1_000_000_000))
        #expect(verdict == .exhausted)
    }

    @Test func `attempts in progress count towards the limit`() {
        let verdict = Throttle.verdict(strangers(0, pending: 100), factor: .password, policy: policy, now: start)
        #expect(verdict == .exhausted)
        #expect(
            Throttle.verdict(strangers(0, pending: 99), factor: .password, policy: policy, now: start) == .admitted)
    }

    @Test func `an attempt in progress pushes the next one further`() {
        let verdict = Throttle.verdict(strangers(4, pending: 1), factor: .password, policy: policy, now: at(1))
        #expect(verdict == .delayed(until: at(2)))
    }

    @Test func `a known origin is not touched by strangers`() {
        var tallies = strangers(100)
        tallies.isTrusted = true
        tallies.host = Tally(failures: 1000, latest: start)
        tallies.all = Tally(failures: 100, latest: start)
        #expect(Throttle.verdict(tallies, factor: .password, policy: policy, now: start) == .admitted)
    }

    @Test func `a known origin is delayed by its own failures and never refused for good`() {
        let tallies = ThrottleTallies(isTrusted: true, own: Tally(failures: 500, latest: start))
        let early = Throttle.verdict(tallies, factor: .password, policy: policy, now: at(3599))
        #expect(early == .delayed(until: at(3600)))
        #expect(Throttle.verdict(tallies, factor: .password, policy: policy, now: at(3600)) == .admitted)
    }

    @Test func `a host is delayed over all accounts`() {
        let tallies = ThrottleTallies(host: Tally(failures: 20, latest: start))
        #expect(
            Throttle.verdict(tallies, factor: .password, policy: policy, now: start) == .delayed(until: at(1)))
        let fewer = ThrottleTallies(host: Tally(failures: 19, latest: start))
        #expect(Throttle.verdict(fewer, factor: .password, policy: policy, now: start) == .admitted)
    }

    @Test func `the longer of two delays counts`() {
        let tallies = ThrottleTallies(
            strangers: Tally(failures: 6, latest: start), host: Tally(failures: 20, latest: start))
        #expect(
            Throttle.verdict(tallies, factor: .password, policy: policy, now: start) == .delayed(until: at(4)))
    }

    @Test func `codes are exhausted from everywhere`() {
        let tallies = ThrottleTallies(isTrusted: true, all: Tally(failures: 100, latest: start))
        #expect(Throttle.verdict(tallies, factor: .code, policy: policy, now: at(1_000_000)) == .exhausted)
        #expect(Throttle.verdict(tallies, factor: .password, policy: policy, now: at(1_000_000)) == .admitted)
    }

    @Test func `codes alone are refused strangers and never the owner`() {
        var tallies = strangers(100)
        #expect(Throttle.verdict(tallies, factor: .codeAlone, policy: policy, now: at(1_000_000)) == .exhausted)
        tallies.isTrusted = true
        #expect(Throttle.verdict(tallies, factor: .codeAlone, policy: policy, now: at(1_000_000)) == .admitted)
        tallies.all = Tally(failures: 100, latest: start)
        #expect(Throttle.verdict(tallies, factor: .codeAlone, policy: policy, now: at(1_000_000)) == .exhausted)
    }

    @Test(arguments: Attempt.Factor.allCases)
    func `an origin that cannot be seen is not trusted and has no host`(_ factor: Attempt.Factor) {
        var tallies = ThrottleTallies(isPlace: false, isTrusted: true, host: Tally(failures: 1000, latest: start))
        #expect(Throttle.verdict(tallies, factor: factor, policy: policy, now: start) == .admitted)
        tallies.strangers = Tally(failures: 4, latest: start)
        #expect(Throttle.verdict(tallies, factor: factor, policy: policy, now: start) == .delayed(until: at(1)))
        tallies.strangers = Tally(failures: 100, latest: start)
        #expect(Throttle.verdict(tallies, factor: factor, policy: policy, now: at(1_000_000)) == .exhausted)
    }

    @Test func `a throttle that is switched off admits everything`() {
        var policy = policy
        policy.isEnabled = false
        #expect(Throttle.verdict(strangers(1_000_000), factor: .password, policy: policy, now: start) == .admitted)
    }

    @Test(arguments: [Int.max, Int.max - 1, 1 << 40])
    func `absurd counts do not trap`(count: Int) {
        let tally = Tally(failures: count, pending: count, latest: Instant(microseconds: .max))
        let tallies = ThrottleTallies(isTrusted: true, own: tally, strangers: tally, host: tally, all: tally)
        for factor in Attempt.Factor.allCases {
            _ = Throttle.verdict(tallies, factor: factor, policy: policy, now: Instant(microseconds: .min))
        }
    }
}

@Suite struct OriginTests {
    @Test(arguments: [
        ("192.0.2.7", "ip:192.0.2.7"),
        ("::ffff:192.0.2.7", "ip:192.0.2.7"),
        ("::FFFF:c000:0207", "ip:192.0.2.7"),
        ("2001:db8::7", "ip:2001:db8:0:0::/64"),
        ("2001:DB8:0:0:ffff::1", "ip:2001:db8:0:0::/64"),
        ("2001:0db8:0000:0001:0000:0000:0000:0001", "ip:2001:db8:0:1::/64"),
        ("fe80::1%eth0", "ip:fe80:0:0:0::/64"),
        ("Host.Example.ORG", "host:host.example.org"),
        ("192.0.2.7.example", "host:192.0.2.7.example"),
        ("0300.0.2.7", "host:0300.0.2.7"),
    ])
    func `a remote host has one spelling`(given: String, canonical: String) {
        #expect(Origin(remoteHost: given).text == canonical)
    }

    @Test func `a local login is known by the real uid`() {
        #expect(Origin(localUser: 1000).text == "uid:1000")
        #expect(Origin(localUser: 1000).address == nil)
    }

    @Test(arguments: Origin.Unseen.allCases)
    func `an origin that cannot be seen is one fixed text`(_ kind: Origin.Unseen) {
        let origin = Origin.unseen(kind, address: "127.0.0.1")
        #expect(origin.text == "unseen:" + kind.rawValue)
        #expect(origin.address == "127.0.0.1")
        #expect(!origin.isPlace)
        // No remote host can be spelt so that it is one.
        for spelling in ["unseen:proxy", "UNSEEN:service", "unseen:", "uid:0"] {
            #expect(Origin(remoteHost: spelling).isPlace)
            #expect(Origin(remoteHost: spelling).text == "host:" + spelling.lowercased())
        }
    }

    @Test func `an absurdly long name is cut`() {
        let name = String(repeating: "a", count: 100_000)
        #expect(Origin(remoteHost: name).text.utf8.count < 300)
        #expect(Origin(remoteHost: name).address == nil || Origin(remoteHost: name).address!.utf8.count <= 64)
    }
}

@Suite struct AuditRecordTests {
    @Test func `fields from outside cannot forge a line`() {
        var record = AuditRecord(verdict: "denied")
        record.reason = "wrong-password"
        record.user = "ann\nverdict=granted user=root"
        record.remoteHost = "a b\"c\\d=e\u{1b}[2J"
        #expect(
            record.line == """
                verdict=denied reason=wrong-password user=ann\\x0averdict\\x3dgranted\\x20user\\x3droot \
                rhost=a\\x20b\\x22c\\x5cd\\x3de\\x1b[2J
                """)
    }

    @Test func `an unknown name is not written`() {
        #expect(AuditRecord(verdict: "denied").line == "verdict=denied user=?")
    }
}
