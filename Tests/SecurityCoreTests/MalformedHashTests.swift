import Testing

@testable import SecurityCore

/// Stored strings that no hash function made. Each is an error of its own, never a match, and costs nothing.
@Suite struct MalformedHashTests {
    static let bcrypt = "$2b$04$9v7ZpuS6khZNleXRRPDP9.YThSBYlvEHR3SnJnm34RzUVYe8hPv9G"
    static let sha512 = "$6$rounds=1000$//WWNQzOhXWYUrWV$"
    static let sha512Checksum =
        "jAwfS72FpDcKZBTnhbkpK4Nt9im6siagKWbWQpzpQub5TUKTjhrKelh3N7JZ9YlSu6lONXnF8CG7WaJhSpvZx/"
    static let sha256Checksum = "Z5y1Q5EkKD8pjDOgxIuCqfrD2CarHTA/e4GkNy3NkgB"
    static let argon2Checksum = "/lXJbeCLeS3JbsEGZpgAnMDlkUppggDheLky9mgkUHw"

    @Test(arguments: [
        ("", PasswordError.unidentified),
        ("hello", .unidentified),
        ("x", .unidentified),
        ("$", .unidentified),
        ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", .unidentified),
        ("$1$abcdefgh$WSdr2Lr3rm2RQQKbIUdo2.", .unidentified),
        ("$2c$04$9v7ZpuS6khZNleXRRPDP9.YThSBYlvEHR3SnJnm34RzUVYe8hPv9G", .unidentified),
        ("$2b", .unidentified),
        ("$argon2", .unidentified),
        ("$argon2$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aaaaaaaa", .unidentified),
        ("$argon2ID$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aaaaaaaa", .unidentified),
        ("$pbkdf2$1000$c2FsdA$aaaa", .unidentified),
        ("NxT/7XiOg73/", .unidentified),
        ("NxT/7XiOg73/kk", .unidentified),
        ("NxT/7XiOg73/-", .unidentified),
        (" " + bcrypt, .unidentified),
        (bcrypt + "\n", .malformed(.bcrypt)),
        ("Nx", .malformed(.desCrypt)),
    ])
    func `what no scheme owns is unidentified`(_ stored: String, _ error: PasswordError) {
        #expect(PasswordHasher.vectors().error(stored, stored) == error)
    }

    @Test(arguments: [
        "$2b$", "$2b$04", "$2b$04$", "$2$$", "$2a$04$9v7ZpuS6khZNleXRRPDP9.",
        String(bcrypt.dropLast()), bcrypt + ".", bcrypt.replacing("$04$", with: "$4$"),
        bcrypt.replacing("$04$", with: "$004$"), bcrypt.replacing("$04$", with: "$03$"),
        bcrypt.replacing("$04$", with: "$00$"), bcrypt.replacing("$04$", with: "$32$"),
        bcrypt.replacing("$04$", with: "$-4$"), bcrypt.replacing("$04$", with: "$+4$"),
        bcrypt.replacing("$04$", with: "$ 4$"), bcrypt.replacing("$04$", with: "$٠٤$"),
        bcrypt.replacing("$04$", with: "$$"), bcrypt.replacing("9v7", with: "9$7"),
        bcrypt.replacing("9v7", with: "9:7"), bcrypt.replacing("hPv", with: "h=v"),
        bcrypt.replacing("hPv", with: "hév"), bcrypt + "$",
        bcrypt + "\u{0}",
    ])
    func `bcrypt is read strictly`(_ stored: String) {
        #expect(PasswordHasher.vectors().error("x", stored) == .malformed(.bcrypt), "\(stored)")
    }

    @Test(arguments: [
        "$argon2x$v=19$m=64,t=1,p=1$uRfi3BsjRKi1NoZQqlXq/Q$\(argon2Checksum)",
        "$argon2id$", "$argon2id$v=19", "$argon2id$v=19$m=64,t=1,p=1", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=64,t=1,p=1$$\(argon2Checksum)",
        "$argon2id$v=18$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=20$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=019$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$V=19$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$t=1,m=64,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1,data=YQ$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1,keyid=YQ$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=064,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=-1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=9$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=16777216$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=4294967296,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=18446744073709551680,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbA$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHR$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ=$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhb.Q$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQaa$\(argon2Checksum)",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$YWFh",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)$",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)\n",
    ])
    func `argon2 is read strictly`(_ stored: String) {
        #expect(PasswordHasher.vectors().error("x", stored) == .malformed(.argon2), "\(stored)")
    }

    @Test(arguments: [
        "$pbkdf2-sha512$", "$pbkdf2-sha512$1000", "$pbkdf2-sha512$1000$c2FsdA", "$pbkdf2-sha512$1000$c2FsdA$",
        "$pbkdf2-sha512$$c2FsdA$\(sha512Checksum)", "$pbkdf2-sha512$0$c2FsdA$\(sha512Checksum)",
        "$pbkdf2-sha512$01000$c2FsdA$\(sha512Checksum)", "$pbkdf2-sha512$1_000$c2FsdA$\(sha512Checksum)",
        "$pbkdf2-sha512$ 1000$c2FsdA$\(sha512Checksum)", "$pbkdf2-sha512$+1000$c2FsdA$\(sha512Checksum)",
        "$pbkdf2-sha512$4294967296$c2FsdA$\(sha512Checksum)",
        "$pbkdf2-sha512$99999999999999999999$c2FsdA$\(sha512Checksum)",
        "$pbkdf2-sha512$1000$c2Fsd$\(sha512Checksum)", "$pbkdf2-sha512$1000$c2FsdA==$\(sha512Checksum)",
        "$pbkdf2-sha512$1000$c2F dA$\(sha512Checksum)", "$pbkdf2-sha512$1000$c2FsdA$\(sha256Checksum)",
        "$pbkdf2-sha512$1000$c2FsdA$\(sha512Checksum)a", "$pbkdf2-sha512$1000$c2FsdA$\(sha512Checksum)==",
        "$pbkdf2-sha512$1000$c2FsdA$\(sha512Checksum)$",
        "$pbkdf2-sha512$1000$\(String(repeating: "a", count: 1368))$\(sha512Checksum)",
    ])
    func `PBKDF2 is read strictly`(_ stored: String) {
        #expect(PasswordHasher.vectors().error("x", stored) == .malformed(.pbkdf2SHA512), "\(stored)")
    }

    @Test(arguments: [
        "$6$", "$6$salt", "$6$salt$", "$6$rounds=1000", "$6$rounds=1000$", "$6$rounds=1000$salt",
        "$6$rounds=$salt$\(sha512Checksum)", "$6$rounds=0$salt$\(sha512Checksum)",
        "$6$rounds=999$salt$\(sha512Checksum)", "$6$rounds=01000$salt$\(sha512Checksum)",
        "$6$rounds=+1000$salt$\(sha512Checksum)", "$6$rounds=1000000000$salt$\(sha512Checksum)",
        "$6$rounds=18446744073709552616$salt$\(sha512Checksum)", "$6$Rounds=1000$salt$\(sha512Checksum)",
        "$6$rounds=1000$seventeencharacte$\(sha512Checksum)", "$6$sal:t$\(sha512Checksum)",
        "$6$säl$\(sha512Checksum)", "$6$salt$\(sha256Checksum)", "$6$salt$\(sha512Checksum)a",
        "$6$salt$\(sha512Checksum)$", "$6$salt$\(sha512Checksum.dropLast())", "$6$salt$\(sha512Checksum.dropLast())=",
    ])
    func `SHA-crypt is read strictly`(_ stored: String) {
        #expect(PasswordHasher.vectors().error("x", stored) == .malformed(.sha512Crypt), "\(stored)")
    }

    /// Each of these is well formed, and would take minutes to years, or all of the memory.
    @Test(arguments: [
        (bcrypt.replacing("$04$", with: "$19$"), PasswordScheme.bcrypt),
        (bcrypt.replacing("$04$", with: "$31$"), .bcrypt),
        ("$argon2id$v=19$m=4294967295,t=4294967295,p=1$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$argon2id$v=19$m=1048577,t=1,p=1$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$argon2id$v=19$m=1048576,t=17,p=1$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$argon2id$v=19$m=8,t=4294967295,p=1$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$argon2id$v=19$m=134217720,t=1,p=16777215$c29tZXNhbHQ$\(argon2Checksum)", .argon2),
        ("$pbkdf2-sha256$10000001$c2FsdA$\(sha256Checksum)", .pbkdf2SHA256),
        ("$pbkdf2-sha512$4294967295$c2FsdA$\(sha512Checksum)", .pbkdf2SHA512),
        ("$5$rounds=30000001$salt$\(sha256Checksum)", .sha256Crypt),
        ("$6$rounds=999999999$salt$\(sha512Checksum)", .sha512Crypt),
    ])
    func `a hostile cost is refused`(_ stored: String, _ scheme: PasswordScheme) {
        #expect(PasswordHasher.vectors().error("x", stored) == .tooCostly(scheme), "\(stored)")
    }

    /// crypt_blowfish's fault of 2011 made different passwords equal.
    @Test func `a hash of the faulty bcrypt is refused`() {
        let stored = MalformedHashTests.bcrypt.replacing("$2b$", with: "$2x$")
        #expect(PasswordHasher.vectors().error("x", stored) == .unsupported(.bcrypt))
    }

    @Test func `a hostile cost in the policy is refused`() {
        var memory = SchemeOptions(rounds: 1)
        memory.memoryCost = 1 << 30
        let rows: [(PasswordScheme, SchemeOptions)] = [
            (.bcrypt, SchemeOptions(rounds: 31)), (.argon2, memory),
            (.argon2, SchemeOptions(rounds: Int.max)), (.pbkdf2SHA256, SchemeOptions(rounds: Int.max)),
            (.sha512Crypt, SchemeOptions(rounds: Int.max)),
        ]
        for (scheme, options) in rows {
            let hasher = PasswordHasher.vectors { policy in
                policy.scheme = scheme
                policy.options = [scheme: options]
            }
            #expect(throws: PasswordError.tooCostly(scheme)) { _ = try hasher.hash(Secret(utf8: "x")) }
        }
    }

    @Test func `a stored string of more than 4096 bytes is not read`() {
        let stored = bcryptLike(count: 4097)
        #expect(PasswordHasher.vectors { $0.allowsPlaintext = true }.error("x", stored) == .unidentified)
    }

    private func bcryptLike(count: Int) -> String {
        "$2b$04$" + String(repeating: "a", count: count - 7)
    }
}
