import Foundation
import Testing

@testable import SecurityCore

/// The configuration with which Flask-Security 5.0.2 made the reference's sample database.
@Suite struct PolicySampleTests {
    private func sample() throws -> PolicyReading {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/sample.toml")
        return PolicyReader.read(
            Secret(utf8: try String(contentsOf: file, encoding: .utf8)), path: "/srv/app/security.toml")
    }

    @Test func `it is read without an error`() throws {
        #expect(try sample().errors.isEmpty)
    }

    @Test func `its password rules are those that it states`() throws {
        let passwords = try #require(try sample().policy).passwords
        #expect(passwords.scheme == .bcrypt)
        #expect(
            passwords.schemes == [
                .bcrypt, .argon2, .desCrypt, .pbkdf2SHA256, .pbkdf2SHA512, .sha256Crypt, .sha512Crypt, .plaintext,
            ])
        #expect(passwords.allowsPlaintext)
        #expect(passwords.deprecated == .auto)
        #expect(passwords.options[.bcrypt]?.rounds == 5)
        #expect(passwords.options[.argon2]?.rounds == 2)
        #expect(passwords.options[.argon2]?.memoryCost == 1024)
        #expect(passwords.options[.argon2]?.parallelism == 1)
        #expect(passwords.options[.sha512Crypt]?.rounds == 5000)
    }

    @Test func `its secrets keep every byte`() throws {
        let secrets = try #require(try sample().policy).secrets
        let salt = try #require(secrets.passwordSalt)
        #expect(secrets.secretKey.equals("sample-secret-key-0123456789abcdef"))
        #expect(salt.equals("146585145368132386173505678016728509634"))
        #expect(secrets.totpSecrets.defaultTag == "2")
        #expect(secrets.totpSecrets.secret(tagged: "1")?.equals("TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B") == true)
    }

    @Test func `its features are on`() throws {
        let policy = try #require(try sample().policy)
        #expect(policy.factors.twoFactor && policy.factors.webAuthn && policy.factors.recoveryCodes)
        #expect(policy.factors.confirmable && policy.isChangeable && policy.isTrackable)
        #expect(policy.totp.issuer == "sample.example.org")
        #expect(policy.identities.map(\.column) == [.email, .username])
        #expect(policy.usernames.isEnabled)
        #expect(policy.hosts.admission == .nobody)
    }

    @Test func `its relative database lies beside it`() throws {
        guard case .sqlite("/srv/app/sample.db") = try #require(try sample().policy).database else {
            Issue.record("not beside the file")
            return
        }
    }
}

extension SharedSecret {
    /// Whether the bytes are those of a text.
    fileprivate func equals(_ text: String) -> Bool {
        withBytes { bytes in
            bytes.count == text.utf8.count && zip(bytes.indices, text.utf8).allSatisfy { bytes[$0] == $1 }
        }
    }
}
