import Foundation
import SecurityCore
import SecurityNetwork
import Testing

/// `dns_server.py` in a process of its own, which ends with this object.
private final class NameServer {
    let port: UInt16
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("dns_server.py")
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// A real server, the system's resolver, and what email_validator says of the same records.
@Suite struct DeliverabilityTests {
    private let server: NameServer

    init() throws {
        server = try NameServer()
    }

    private func flaw(of domain: String, change: (inout EmailPolicy) -> Void = { _ in }) throws -> EmailFlaw? {
        let resolver = SystemMailResolver(server: .init(address: "127.0.0.1", port: server.port))
        var policy = EmailPolicy()
        policy.checksDeliverability = true
        policy.timeoutSeconds = 2
        policy.allowsDomainLiteral = true
        change(&policy)
        let check = EmailDeliverability(resolver: resolver, now: Environment.system.now)
        return check.flaw(of: try EmailAddress("ann@" + domain, policy), policy)
    }

    @Test(
        arguments: [
            ("mail.example", nil), ("nullmx.example", .acceptsNoMail("nullmx.example")), ("address.example", nil),
            ("private.example", .acceptsNoMail("private.example")), ("six.example", nil),
            ("silent.example", .sendsNoMail("silent.example")), ("spf.example", nil),
            ("b\u{fc}cher.example", nil), ("text.example", .acceptsNoMail("text.example")),
            ("nobody.example", .unknownDomain("nobody.example")), ("broken.example", nil), ("damaged.example", nil),
            ("[127.0.0.1]", nil),
        ] as [(String, EmailFlaw?)])
    func `a domain is asked for what takes mail`(domain: String, expected: EmailFlaw?) throws {
        #expect(try flaw(of: domain) == expected)
    }

    @Test func `a server that does not answer keeps nobody out`() throws {
        #expect(try flaw(of: "slow.example") { $0.timeoutSeconds = 1 } == nil)
    }

    @Test func `nothing is asked unless the policy says so`() throws {
        #expect(try flaw(of: "nobody.example") { $0.checksDeliverability = false } == nil)
        #expect(try flaw(of: "nobody.example") { $0.isTestEnvironment = true } == nil)
    }
}
