import Foundation
import Testing

@testable import SecurityCore

/// Tests/Vectors/password-schemes.json: published vectors of the schemes and of what they are made of.
struct SchemeVectors: Decodable {
    struct Hash: Decodable, CustomTestStringConvertible {
        var testDescription: String { "\(stored), \(source)" }
        let source: String
        let scheme: String
        let passwordHex: String
        let stored: String
    }

    struct HMAC: Decodable, CustomTestStringConvertible {
        var testDescription: String { "\(digest) of \(messageHex)" }
        let digest: String
        let keyHex: String
        let messageHex: String
        let codeHex: String
    }

    struct PBKDF2: Decodable, CustomTestStringConvertible {
        var testDescription: String { "\(digest), \(rounds) rounds, \(source)" }
        let source: String
        let digest: String
        let passwordHex: String
        let saltHex: String
        let rounds: Int32
        let keyHex: String
    }

    let hashes: [Hash]
    let hmac: [HMAC]
    let pbkdf2: [PBKDF2]

    static let all: SchemeVectors = .read("password-schemes.json")
}

@Suite struct PasswordSchemeTests {
    static let digests: [String: LibCrypto.Digest] = ["sha1": .sha1, "sha256": .sha256, "sha512": .sha512]

    /// Hashes bytes as they are.
    static func raw(_ change: (inout PasswordPolicy) -> Void = { _ in }) -> PasswordHasher {
        PasswordHasher.vectors { policy in
            policy.normalization = nil
            policy.singleHash = .all
            change(&policy)
        }
    }

    @Test(arguments: SchemeVectors.all.hashes)
    func `a published hash matches its password and no other`(_ vector: SchemeVectors.Hash) throws {
        let hasher = PasswordSchemeTests.raw()
        let stored = SharedSecret(utf8: vector.stored)
        #expect(hasher.scheme(of: stored)?.rawValue == vector.scheme)
        #expect(try hasher.verify(Secret(hex: vector.passwordHex), against: stored) != .mismatch)
        #expect(try hasher.verify(Secret(hex: "21" + vector.passwordHex), against: stored) == .mismatch)
    }

    @Test(arguments: SchemeVectors.all.hmac)
    func `HMAC agrees with RFC 2202 and RFC 4231`(_ vector: SchemeVectors.HMAC) throws {
        let digest = try #require(PasswordSchemeTests.digests[vector.digest])
        let code = Secret(hex: vector.keyHex).withBytes { key in
            Secret(hex: vector.messageHex).withBytes { LibCrypto.hmac(digest, key: key, message: $0).hex() }
        }
        #expect(code == vector.codeHex)
    }

    @Test(arguments: SchemeVectors.all.pbkdf2)
    func `PBKDF2 agrees with RFC 6070 and RFC 7914`(_ vector: SchemeVectors.PBKDF2) throws {
        let digest = try #require(PasswordSchemeTests.digests[vector.digest])
        let key = Secret(hex: vector.passwordHex).withBytes { password in
            Secret(hex: vector.saltHex).withBytes { salt in
                LibCrypto.pbkdf2(
                    digest, password: password, salt: salt, rounds: vector.rounds, count: vector.keyHex.utf8.count / 2)?
                    .hex()
            }
        }
        #expect(key == vector.keyHex)
    }

    /// Random passwords and salts of every length that both take.
    @Test(arguments: [LibCrypto.Digest.sha256, .sha512])
    func `SHA-crypt agrees with libxcrypt`(_ digest: LibCrypto.Digest) throws {
        let prefix = digest == .sha256 ? "$5$" : "$6$"
        for length in Array(0..<200) + [255, 256, 257, 384, 510, 511] {
            let password = (0..<length).map { _ in UInt8.random(in: 1...255) }
            let salt = try ModularCrypt.salt(length % 17) { SystemRandom.bytes($0) }
            let rounds = 1000 + length % 50
            let setting = "\(prefix)rounds=\(rounds)$\(salt)$"
            let ours = SHACryptChecksum(digest: digest).compute(
                password.span, salt: Array(salt.utf8).span, rounds: rounds)
            let theirs = LibCrypt.hash(password.span, setting: Array(setting.utf8).span)?.text()
            #expect(theirs == setting + ours.text(), "\(length) bytes")
        }
    }

    @Test func `SHA-crypt takes the longest password`() throws {
        let password = Secret(copying: [UInt8](repeating: 0x61, count: 4096).span)
        let hasher = PasswordSchemeTests.raw { policy in
            policy.scheme = .sha512Crypt
            policy.options = [.sha512Crypt: SchemeOptions(rounds: 1000)]
        }
        let stored = SharedSecret(try hasher.hash(password))
        #expect(try hasher.verify(password, against: stored) == .match(isDue: false))
    }
}
