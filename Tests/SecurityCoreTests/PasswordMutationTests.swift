import Foundation
import Testing

@testable import SecurityCore

/// Tests/Vectors/password-mutations.txt: damaged hashes, and what passlib makes of them.
@Suite struct PasswordMutationTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String { "\(scheme) \(stored): \(verdict)" }
        let scheme: PasswordScheme
        let verdict: String
        let stored: String
    }

    /// The options of the script that made the file.
    static let options: [PasswordScheme: SchemeOptions] = {
        let argon2 = option(1) { ($0.memoryCost, $0.parallelism) = (32, 2) }
        return [
            .bcrypt: SchemeOptions(rounds: 4), .argon2: argon2, .pbkdf2SHA256: SchemeOptions(rounds: 7),
            .pbkdf2SHA512: option(nil) { $0.minimumRounds = 10 }, .sha256Crypt: SchemeOptions(rounds: 1000),
            .sha512Crypt: option(nil) { $0.maximumRounds = 4000 }, .scrypt: SchemeOptions(rounds: 2),
            .djangoArgon2: argon2, .djangoBcrypt: SchemeOptions(rounds: 4),
            .djangoBcryptSHA256: SchemeOptions(rounds: 4),
            .djangoPBKDF2SHA256: SchemeOptions(rounds: 7), .djangoPBKDF2SHA1: option(nil) { $0.minimumRounds = 10 },
        ]
    }()

    private static func option(_ rounds: Int?, _ change: (inout SchemeOptions) -> Void) -> SchemeOptions {
        var options = SchemeOptions(rounds: rounds)
        change(&options)
        return options
    }

    static func rows(of scheme: PasswordScheme) throws -> [Row] {
        let path =
            ProcessInfo.processInfo.environment["LSEC_MUTATIONS"]
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../Vectors/password-mutations.txt"
            ).path
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t", maxSplits: 2)
            guard columns.count == 3, columns[0] == scheme.rawValue else { return nil }
            let stored = try JSONDecoder().decode(String.self, from: Data(columns[2].utf8))
            return Row(scheme: scheme, verdict: String(columns[1]), stored: stored)
        }
    }

    static let schemes = PasswordScheme.passlib.filter { $0 != .plaintext }

    @Test(arguments: schemes) func `a damaged hash is judged as passlib judges it`(_ scheme: PasswordScheme) throws {
        var policy = PasswordPolicy()
        policy.scheme = scheme
        policy.schemes = [scheme]
        policy.singleHash = .all
        policy.options = PasswordMutationTests.options
        let hasher = PasswordHasher(policy: policy, salt: nil, random: { SystemRandom.bytes($0) })
        let rows = try PasswordMutationTests.rows(of: scheme)
        #expect(rows.count >= 100)
        for row in rows {
            let expected = row.verdict == "lenient" ? "error" : row.verdict
            #expect(verdict(hasher, row) == expected, "\(row.stored)")
        }
    }

    private func verdict(_ hasher: PasswordHasher, _ row: Row) -> String {
        do throws(PasswordError) {
            switch try hasher.verify("pass word", row.stored) {
            case .mismatch: return "mismatch"
            case .match(let isDue): return isDue ? "due" : "match"
            }
        } catch {
            return error == .unidentified ? "none" : "error"
        }
    }
}
