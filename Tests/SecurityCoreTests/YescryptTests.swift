import Testing

@testable import SecurityCore

/// Hashes of /etc/shadow, taken over with LIBSECURITY_PASSWORD_SCHEMES.
@Suite struct YescryptTests {
    /// Of nobody knows what.
    static let stored = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"

    static func hasher(_ change: (inout PasswordPolicy) -> Void = { _ in }) -> PasswordHasher {
        PasswordHasher.vectors { policy in
            policy.ownSchemes = [.yescrypt]
            change(&policy)
        }
    }

    /// What libxcrypt makes of a setting.
    static func made(_ password: String, _ setting: String) throws -> String {
        let text = LibCrypt.hash(Array(password.utf8).span, setting: Array(setting.utf8).span)?.text()
        return try #require(text)
    }

    @Test(arguments: ["$y$j9T$F5Jx5fExrKuPp53xLKQ..1", "$y$j75$BqRjLUFq0FfJ3qS5", "$y$j7/$", "$y$jAT$abcd"])
    func `a hash that libxcrypt made matches, is of the password itself and is due`(_ setting: String) throws {
        let stored = try YescryptTests.made("pässword", setting)
        #expect(try YescryptTests.hasher { $0.normalization = .nfc }.verify("pässword", stored) == .match(isDue: true))
        let never = YescryptTests.hasher { policy in
            policy.normalization = .nfc
            policy.deprecated = .named([])
        }
        #expect(try never.verify("pässword", stored) == .match(isDue: true))
        #expect(try never.verify("passwort", stored) == .mismatch)
    }

    @Test func `it is unknown unless the policy names it`() {
        #expect(PasswordHasher.vectors().error("x", YescryptTests.stored) == .unidentified)
        #expect(PasswordHasher.vectors { $0.allowsPlaintext = true }.error("x", YescryptTests.stored) == .unidentified)
    }

    @Test func `a password that libxcrypt does not take is a wrong one`() throws {
        let long = String(repeating: "x", count: 512)
        #expect(try YescryptTests.hasher().verify(long, YescryptTests.stored) == .mismatch)
    }

    @Test(arguments: [
        "$y$", "$y$j9T", "$y$j9T$salt", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$", "$y$$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o",
        String(stored.dropLast()), stored + ".", stored + "$", stored.replacing("F5J", with: "F:J"),
        stored.replacing("$F5Jx5fExrKuPp53xLKQ..1$", with: "$a$"),
        stored.replacing("$F5Jx5fExrKuPp53xLKQ..1$", with: "$\(String(repeating: "a", count: 87))$"),
        stored.replacing("$j9T$", with: "$j$"), stored.replacing("$j9T$", with: "$j9$"),
        stored.replacing("$j9T$", with: "$z"), stored.replacing("$j9T$", with: "$j9zzzz$"),
    ])
    func `it is read strictly`(_ stored: String) {
        #expect(YescryptTests.hasher().error("x", stored) == .malformed(.yescrypt), "\(stored)")
    }

    /// Other flavours, parallelism and a ROM.
    @Test(arguments: ["$.9T$", "$/9T$", "$j9T..$", "$j9T0/$"])
    func `what nobody writes is not computed`(_ parameters: String) {
        let stored = YescryptTests.stored.replacing("$j9T$", with: parameters)
        #expect(YescryptTests.hasher().error("x", stored) == .unsupported(.yescrypt), "\(stored)")
    }

    /// 2 GiB, 64 GiB, N of 2^63, and an r of millions.
    @Test(arguments: ["$jGT$", "$jLT$", "$jxzT$", "$jFzzzzz$"])
    func `a hostile memory is refused`(_ parameters: String) {
        let stored = YescryptTests.stored.replacing("$j9T$", with: parameters)
        #expect(YescryptTests.hasher().error("x", stored) != nil)
        #expect(YescryptTests.hasher().error("x", stored) != .failed, "\(stored)")
    }

    @Test func `no new hash is made with it`() {
        let hasher = YescryptTests.hasher { $0.scheme = .yescrypt }
        #expect(throws: PasswordError.unsupported(.yescrypt)) { _ = try hasher.hash(Secret(utf8: "x")) }
    }
}
