import Foundation
import SecurityCore
import SecurityNetwork
import Testing

@Suite struct SMTPTransportTests {
    @Test(arguments: ["a@example.com>\r\nRCPT TO:<eve@example.com", "a@example.com\n", "a\u{0}@example.com"])
    func `no address begins a command of its own`(address: String) {
        let transport = SMTPTransport(host: "127.0.0.1", port: 1, security: .none, username: nil, password: nil)
        for (sender, recipient) in [("b@example.com", address), (address, "b@example.com")] {
            let failure = #expect(throws: DeliveryFailure.self) {
                try transport.send([], from: sender, to: recipient)
            }
            #expect(failure?.reason == "a control character in an address")
            #expect(failure?.isFinal == true)
        }
    }
}

/// What a mail server hears before it has shown who it is.
@Suite struct SMTPSecurityTests {
    /// The commands that a server hears from one attempt, and whether the attempt succeeded.
    private func attempt(
        _ mode: String, _ security: SMTPTransport.Security, _ certificates: TestCertificates?, trusts: Bool = true
    ) throws -> (heard: [String], isSent: Bool) {
        let server = try MailServer(mode, certificates)
        var transport = SMTPTransport(
            host: "127.0.0.1", port: server.port, security: security, username: "securityd",
            password: SharedSecret(utf8: "password"))
        transport.authorities = trusts ? certificates?.path("authority.pem") : nil
        do throws(DeliveryFailure) {
            try transport.send(Array("Subject: a\r\n\r\nb\r\n".utf8), from: "a@example.com", to: "b@example.com")
        } catch {
            #expect(!error.isFinal)
            return (server.heard(), false)
        }
        return (server.heard(), true)
    }

    private static let afterTLS = [
        "secure EHLO", "secure AUTH", "secure MAIL", "secure RCPT", "secure DATA", "secure QUIT",
    ]

    @Test func `a password and a message follow only after TLS`() throws {
        let certificates = try TestCertificates(name: "IP:127.0.0.1")
        let started = try attempt("starttls", .startTLS, certificates)
        #expect(started.isSent)
        #expect(started.heard == ["clear EHLO", "clear STARTTLS"] + Self.afterTLS)
        let atOnce = try attempt("tls", .tls, certificates)
        #expect(atOnce.isSent)
        #expect(atOnce.heard == Self.afterTLS)
    }

    @Test func `a server without STARTTLS hears nothing`() throws {
        let (heard, isSent) = try attempt("plain", .startTLS, nil)
        #expect(!isSent)
        #expect(heard.allSatisfy { ["clear EHLO", "clear HELO", "clear QUIT"].contains($0) }, "\(heard)")
    }

    @Test(arguments: [("starttls", SMTPTransport.Security.startTLS), ("tls", .tls)])
    func `a server with a certificate of another name, or of an unknown authority, hears nothing`(
        mode: String, security: SMTPTransport.Security
    ) throws {
        let other = try attempt(mode, security, TestCertificates(name: "DNS:mail.example"))
        #expect(!other.isSent)
        #expect(other.heard.allSatisfy { $0.hasPrefix("clear ") }, "\(other.heard)")
        let unknown = try attempt(mode, security, TestCertificates(name: "IP:127.0.0.1"), trusts: false)
        #expect(!unknown.isSent)
        #expect(unknown.heard.allSatisfy { $0.hasPrefix("clear ") }, "\(unknown.heard)")
    }
}

/// `smtp_server.py` in a process of its own.
private final class MailServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ mode: String, _ certificates: TestCertificates?) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "smtp_server.py")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let files = certificates.map { [$0.path("server.pem"), $0.path("server.key")] } ?? []
        process.arguments = ["python3", script.path, mode] + files
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// Ends the server; the commands that it heard.
    func heard() -> [String] {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return text.split(separator: "\n").map { String($0) }
    }
}
