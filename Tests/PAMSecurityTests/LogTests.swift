import SecurityCore
import Testing

@testable import PAMSecurity

@Suite struct LogTests {
    private static let settings = [
        "SECURITY_TWO_FACTOR = true", "SECURITY_TWO_FACTOR_ENABLED_METHODS = [\"authenticator\"]",
    ]

    private func host() throws -> Host {
        let host = try Host(Self.settings)
        try host.account(withApp: true)
        host.texts = [.terminal: "pts/1", .remoteUser: "bob", .remoteHost: "192.0.2.7"]
        return host
    }

    @Test func `a login is one line`() throws {
        let host = try host()
        _ = host.call(.authenticate, answers: [Host.password, host.code()])
        #expect(
            host.lines.map { $0.text } == [
                "verdict=granted user=ann account=1 uid=1000 tty=pts/1 ruser=bob rhost=192.0.2.7 factor=all"
            ])
        #expect(host.lines.map { $0.level } == [.info])
    }

    @Test func `a refusal says why`() throws {
        let host = try host()
        _ = host.call(.authenticate, "factor=code", answers: ["000000"])
        #expect(
            host.lines.map { $0.text } == [
                "verdict=denied reason=wrong-code user=ann account=1 uid=1000 tty=pts/1 ruser=bob rhost=192.0.2.7"
                    + " factor=code"
            ])
        #expect(host.lines.map { $0.level } == [.notice])
    }

    @Test func `quiet hides what was granted and nothing else`() throws {
        let host = try host()
        _ = host.call(.authenticate, "quiet", answers: [Host.password, host.code()])
        #expect(host.lines.isEmpty)
        host.tokens = [:]
        _ = host.call(.authenticate, "quiet", answers: ["wrong"])
        #expect(host.lines.map { $0.level } == [.notice])
    }

    @Test func `an unknown name is written only for who debugs`() throws {
        let host = try host()
        host.name = "hunter2"
        _ = host.call(.authenticate, answers: ["wrong"])
        #expect(host.lines.map { $0.text }.allSatisfy { !$0.contains("hunter2") })
        #expect(host.lines.map { $0.text }.allSatisfy { $0.contains("user=? ") })
        host.tokens = [:]
        _ = host.call(.authenticate, "debug", answers: ["wrong"])
        #expect(host.lines.contains { $0.text.contains("user=hunter2 ") })
        #expect(
            host.lines.filter { $0.level == .debug }.map { $0.text } == [
                "asks for the password", "returns PAM_AUTH_ERR",
            ])
    }

    @Test func `nothing that was typed is ever written`() throws {
        let host = try host()
        var seen: [String] = []
        for (password, code) in [
            (Host.password, host.code()), ("wr0ng-pass", "000000"), (Host.password, "dead-beef-0001"),
        ] {
            host.tokens = [:]
            _ = host.call(.authenticate, "debug", answers: [password, code])
            seen += host.lines.map { $0.text }
            host.tokens = [:]
            _ = host.change("debug", answers: [password, "n3w-secret-text"])
            seen += host.lines.map { $0.text }
            let secrets = [password, code, "n3w-secret-text", "secret key", "$6$", Host.key]
            #expect(seen.allSatisfy { line in secrets.allSatisfy { !line.contains($0) } })
        }
        #expect(seen.count > 12)
    }

    @Test func `a host cannot forge a line`() throws {
        let host = try host()
        host.texts[.remoteHost] = "x\nverdict=granted user=root"
        _ = host.call(.authenticate, answers: ["wrong"])
        #expect(host.lines.count == 1)
        #expect(host.lines.allSatisfy { $0.text.contains("rhost=x\\x0averdict\\x3dgranted\\x20user\\x3droot") })
    }
}
