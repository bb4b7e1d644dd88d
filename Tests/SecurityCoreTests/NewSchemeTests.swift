import Testing

@testable import SecurityCore

/// New hashes of scrypt and of Django's schemes; that passlib takes them is a test against passlib (Tests/Interop).
@Suite struct NewSchemeTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String { beginning }
        let scheme: PasswordScheme
        let options: SchemeOptions
        let beginning: String
        let count: Int

        init(
            _ scheme: PasswordScheme, _ beginning: String, _ count: Int,
            _ change: (inout SchemeOptions) -> Void = { _ in }
        ) {
            self.scheme = scheme
            var options = SchemeOptions()
            change(&options)
            self.options = options
            self.beginning = beginning
            self.count = count
        }
    }

    static let rows = [
        Row(.scrypt, "$scrypt$ln=4,r=8,p=1$", 21 + 22 + 1 + 43) { $0.rounds = 4 },
        Row(.scrypt, "$scrypt$ln=3,r=2,p=3$", 21 + 12 + 1 + 43) {
            ($0.rounds, $0.blockSize, $0.parallelism, $0.saltLength) = (3, 2, 3, 9)
        },
        Row(.scrypt, "$7$26..../....", 14 + 22 + 1 + 43) { ($0.rounds, $0.scryptForm) = (4, .seven) },
        Row(.djangoArgon2, "argon2$argon2i$v=19$m=64,t=1,p=1$", 33 + 22 + 1 + 43) {
            ($0.rounds, $0.memoryCost, $0.parallelism) = (1, 64, 1)
        },
        Row(.djangoBcrypt, "bcrypt$$2b$04$", 7 + 60) { $0.rounds = 4 },
        Row(.djangoBcryptSHA256, "bcrypt_sha256$$2b$04$", 14 + 60) { $0.rounds = 4 },
        Row(.djangoPBKDF2SHA256, "pbkdf2_sha256$10$", 17 + 12 + 1 + 44) { $0.rounds = 10 },
        Row(.djangoPBKDF2SHA1, "pbkdf2_sha1$10$", 15 + 20 + 1 + 28) { ($0.rounds, $0.saltLength) = (10, 20) },
        Row(.djangoSaltedMD5, "md5$", 4 + 12 + 1 + 32),
        Row(.djangoSaltedSHA1, "sha1$", 5 + 12 + 1 + 40),
        Row(.djangoDESCrypt, "crypt$", 6 + 2 + 1 + 13),
    ]

    private func hasher(_ row: Row) -> PasswordHasher {
        PasswordSchemeTests.raw { policy in
            policy.scheme = row.scheme
            policy.schemes = [row.scheme]
            policy.options = [row.scheme: row.options]
        }
    }

    @Test(arguments: rows) func `a new hash has its form and matches`(_ row: Row) throws {
        let hasher = hasher(row)
        let stored = try hasher.hash(Secret(utf8: "pass word")).text()
        #expect(stored.hasPrefix(row.beginning), "\(stored)")
        #expect(stored.utf8.count == row.count)
        #expect(try hasher.verify("pass word", stored) == .match(isDue: false))
        #expect(try hasher.verify("Pass word", stored) == .mismatch)
        #expect(try hasher.hash(Secret(utf8: "pass word")).text() != stored, "the same salt twice")
    }

    @Test(arguments: rows) func `an empty password is one like any other`(_ row: Row) throws {
        let stored = try hasher(row).hash(Secret(utf8: "")).text()
        #expect(try hasher(row).verify("", stored) == .match(isDue: false))
        #expect(try hasher(row).verify("x", stored) == .mismatch)
    }

    @Test func `bcrypt_sha256 sees what bcrypt cuts off`() throws {
        let long = String(repeating: "x", count: 72)
        for row in NewSchemeTests.rows where row.scheme == .djangoBcrypt || row.scheme == .djangoBcryptSHA256 {
            let stored = try hasher(row).hash(Secret(utf8: long + "a")).text()
            let verdict = try hasher(row).verify(long + "b", stored)
            #expect(verdict == (row.scheme == .djangoBcrypt ? .match(isDue: false) : .mismatch))
        }
    }

    /// Each of these is well formed, and would take minutes to years, or more memory than a machine has.
    @Test(arguments: [
        ("$scrypt$ln=20,r=9,p=1$c2FsdA$", PasswordScheme.scrypt), ("$scrypt$ln=31,r=8,p=1$c2FsdA$", .scrypt),
        ("$scrypt$ln=1,r=1073741823,p=1$c2FsdA$", .scrypt), ("$scrypt$ln=1,r=1,p=1073741823$c2FsdA$", .scrypt),
        ("$scrypt$ln=15,r=8,p=1024$c2FsdA$", .scrypt), ("$7$T6..../....SodiumChloride$", .scrypt),
        ("$7$/zzzzD/....SodiumChloride$", .scrypt),
    ])
    func `a hostile memory or work of scrypt is refused`(_ setting: String, _ scheme: PasswordScheme) {
        let stored = setting + "001nszIxGSe6FuhbNK0bLHabzKqX8Ogyl5oML8Fh4Zg"
        #expect(PasswordHasher.vectors { $0.schemes = [.scrypt] }.error("x", stored) == .tooCostly(scheme), "\(stored)")
    }

    @Test(arguments: [
        ("pbkdf2_sha256$10000001$salt$HlNiMU2OEOuUAEcE9RR0OmnBgXqk3QbKlRSbhZlYFm0=", PasswordScheme.djangoPBKDF2SHA256),
        ("pbkdf2_sha1$4294967295$salt$W0bed3XKns3c0e6oHjOYjLNblEY=", .djangoPBKDF2SHA1),
        ("bcrypt$" + MalformedHashTests.bcrypt.replacing("$04$", with: "$31$"), .djangoBcrypt),
        ("bcrypt_sha256$" + MalformedHashTests.bcrypt.replacing("$04$", with: "$19$"), .djangoBcryptSHA256),
        ("argon2$argon2i$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$\(MalformedHashTests.argon2Checksum)", .djangoArgon2),
    ])
    func `a hostile cost of a Django scheme is refused`(_ stored: String, _ scheme: PasswordScheme) {
        let hasher = PasswordHasher.vectors { $0.schemes = [scheme] }
        #expect(hasher.error("x", stored) == .tooCostly(scheme), "\(stored)")
    }

    @Test func `MD5 agrees with RFC 1321`() {
        let rows = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ]
        for (message, digest) in rows {
            #expect(LibCrypto.md5(of: Array(message.utf8).span).hex() == digest)
        }
    }

    /// RFC 7914 section 12.
    @Test(arguments: [
        (
            "", "", 4, 1, 1,
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", 10, 8, 16,
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
    ])
    func `scrypt agrees with RFC 7914`(
        _ password: String, _ salt: String, _ logCost: Int, _ blockSize: Int, _ parallelism: Int, _ key: String
    ) {
        let computed = LibCrypto.scrypt(
            password: Array(password.utf8).span, salt: Array(salt.utf8).span, logCost: logCost, blockSize: blockSize,
            parallelism: parallelism, count: 64)
        #expect(computed?.hex() == key)
    }
}
