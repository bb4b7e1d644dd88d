import Foundation
import Testing

@testable import SecurityCore

/// The fuzzers' corpus and past failures, run as ordinary tests.
@Suite struct FuzzCorpusTests {
    private static func files(_ target: String) throws -> [URL] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Fuzz")
        return try ["Corpus", "FailCases"].flatMap { kind in
            try FileManager.default.contentsOfDirectory(
                at: root.appendingPathComponent("\(kind)/\(target)"), includingPropertiesForKeys: nil)
        }
    }

    private static func inputs(_ target: String) throws -> [[UInt8]] {
        try files(target).map { Array(try Data(contentsOf: $0)) }
    }

    @Test func `configuration files are read or refused`() throws {
        let inputs = try Self.inputs("policy")
        #expect(inputs.count > 3)
        for input in inputs {
            let reading = PolicyReader.read(Secret(copying: input.span), path: "corpus.toml")
            #expect((reading.policy == nil) == !reading.errors.isEmpty)
        }
    }

    @Test func `stored strings are read or refused`() throws {
        var policy = PasswordPolicy()
        policy.schemes = PasswordScheme.allCases
        policy.singleHash = .all
        let hasher = PasswordHasher(policy: policy, salt: nil, random: SystemRandom.bytes)
        let inputs = try Self.inputs("hash")
        #expect(inputs.count > 3)
        for input in inputs {
            let bytes = Array(input.dropFirst())
            let stored = SharedSecret(Secret(copying: bytes.span))
            let verdict = try? hasher.verify(Secret(utf8: "a password that no corpus holds"), against: stored)
            #expect(verdict == nil || verdict == .mismatch)
        }
    }

    @Test func `wallets are opened or refused`() throws {
        let wallet = TOTPWallet(secrets: TOTPSecrets([(tag: "1", secret: SharedSecret(utf8: "secret"))]), cost: 1)
        let inputs = try Self.inputs("wallet")
        #expect(inputs.count > 3)
        for input in inputs { _ = try? wallet.open(input.span) }
    }

    @Test func `breached passwords are looked up in anything`() throws {
        let inputs = try Self.inputs("breached")
        #expect(inputs.count > 3)
        let fixture = try BreachedFixture()
        for input in inputs {
            let bytes = Array(input.dropFirst())
            _ = try? RangeAnswer.count(of: PasswordHash(of: bytes.span), in: bytes)
            let path = try fixture.write(bytes)
            for password in ["password 0", "password 1"] {
                #expect((try? BreachedSource.open(path, count: 1).count(of: password)) ?? 0 >= 0)
            }
        }
    }

    @Test func `addresses and names are taken or refused`() throws {
        let inputs = try Self.inputs("address")
        #expect(inputs.count > 3)
        for input in inputs {
            let text = String(decoding: input, as: UTF8.self)
            // What is stored is taken again, and stays as it is.
            if let stored = EmailAddress.normalized(text) {
                #expect(EmailAddress.normalized(stored).map { Array($0.utf8) } == Array(stored.utf8))
            }
            if case .success(let name) = Username.judge(text, UsernamePolicy()) { #expect(!name.isEmpty) }
        }
    }
}
