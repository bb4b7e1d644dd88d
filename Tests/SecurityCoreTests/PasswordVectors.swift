import Foundation
import Testing

@testable import SecurityCore

/// Tests/Vectors/passwords.json: what Flask-Security 5.0.2 with passlib 1.7.4 makes.
struct PasswordVectors: Decodable {
    struct HMAC: Decodable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        let normalizedUtf8Hex: String
        let hmacSha512Base64: String
    }

    struct Normalized: Decodable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        let inUtf8Hex: String
        let nfkdUtf8Hex: String
        let nfcUtf8Hex: String
        let nfkcUtf8Hex: String
        let nfdUtf8Hex: String
    }

    struct Stored: Decodable, CustomTestStringConvertible {
        var testDescription: String { "\(scheme) of '\(password)'" }
        let scheme: String
        let password: String
        let stored: String
    }

    struct Update: Decodable, CustomTestStringConvertible {
        var testDescription: String { "\(label), new ones \(passwordHash) \(passlibOptions)" }
        let passwordHash: String
        let passlibOptions: [String: Int]
        let label: String
        let stored: String
        let identifiedAs: String
        let needsUpdate: Bool
    }

    struct Edge: Decodable, CustomTestStringConvertible {
        var testDescription: String { "'\(stored)'" }
        let stored: String
        let identifiedAs: String
    }

    let passwordSalt: String
    let hmac: [HMAC]
    let normalize: [Normalized]
    let hashes: [Stored]
    let singleHash: [Stored]
    let defaultCost: [Stored]
    let needsUpdate: [Update]
    let edge: [Edge]

    static let all: PasswordVectors = .read("passwords.json")
}

extension Decodable {
    /// Reads a file of Tests/Vectors.
    static func read(_ name: String) -> Self {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../Vectors/\(name)")
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Self.self, from: Data(contentsOf: file))
        } catch {
            fatalError("\(file.path): \(error)")
        }
    }
}

extension PasswordHasher {
    /// A hasher with the vectors' salt and the system's random generator.
    static func vectors(_ change: (inout PasswordPolicy) -> Void = { _ in }) -> PasswordHasher {
        var policy = PasswordPolicy()
        change(&policy)
        return PasswordHasher(
            policy: policy, salt: SharedSecret(utf8: PasswordVectors.all.passwordSalt),
            random: { SystemRandom.bytes($0) })
    }

    /// The verdict on texts.
    func verify(_ password: String, _ stored: String) throws(PasswordError) -> PasswordVerdict {
        try verify(Secret(utf8: password), against: SharedSecret(utf8: stored))
    }

    /// What a check throws; nil when it does not.
    func error(_ password: String = "x", _ stored: String) -> PasswordError? {
        do throws(PasswordError) {
            _ = try verify(password, stored)
            return nil
        } catch {
            return error
        }
    }
}

extension Secret {
    /// The bytes as text; test data is no secret.
    borrowing func text() -> String {
        withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    /// The bytes in hexadecimal.
    borrowing func hex() -> String {
        withBytes { bytes in bytes.indices.map { String(format: "%02x", bytes[$0]) }.joined() }
    }

    /// The bytes that hexadecimal digits stand for.
    init(hex: String) {
        let digits = Array(hex.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
        }
        self.init(copying: bytes.span)
    }
}
