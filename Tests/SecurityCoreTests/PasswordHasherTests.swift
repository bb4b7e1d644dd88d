import Testing

@testable import SecurityCore

@Suite struct PasswordHasherTests {
    /// The schemes that can be made, with the lowest cost of each.
    static var cheap: [PasswordScheme: SchemeOptions] {
        var argon2 = SchemeOptions(rounds: 1)
        argon2.memoryCost = 64
        argon2.parallelism = 2
        return [
            .bcrypt: SchemeOptions(rounds: 4), .argon2: argon2, .pbkdf2SHA256: SchemeOptions(rounds: 1),
            .pbkdf2SHA512: SchemeOptions(rounds: 1), .sha256Crypt: SchemeOptions(rounds: 1000),
            .sha512Crypt: SchemeOptions(rounds: 1000),
        ]
    }

    static let computed: [PasswordScheme] = [
        .bcrypt, .argon2, .desCrypt, .pbkdf2SHA256, .pbkdf2SHA512, .sha256Crypt, .sha512Crypt, .plaintext,
    ]

    /// A hasher that makes cheap hashes of a scheme.
    static func making(_ scheme: PasswordScheme, _ change: (inout PasswordPolicy) -> Void = { _ in }) -> PasswordHasher
    {
        PasswordHasher.vectors { policy in
            policy.scheme = scheme
            policy.options = cheap
            policy.allowsPlaintext = true
            change(&policy)
        }
    }

    @Test(arguments: computed, [false, true])
    func `what is made matches its password and no other`(_ scheme: PasswordScheme, _ isSingle: Bool) throws {
        let hasher = PasswordHasherTests.making(scheme) { if isSingle { $0.singleHash = .all } }
        for text in ["x", "correct horse battery staple", "pässwörd", String(repeating: "0123456789", count: 40)] {
            let stored = SharedSecret(try hasher.hash(Secret(utf8: text)))
            #expect(hasher.scheme(of: stored) == scheme)
            #expect(try hasher.verify(Secret(utf8: text), against: stored) == .match(isDue: false))
            #expect(try hasher.verify(Secret(utf8: "y" + text), against: stored) == .mismatch)
        }
    }

    /// Each bit of each character, one after the other. Bits that a format ignores are the last ones of a base64 field.
    @Test(arguments: computed)
    func `a changed stored string never matches`(_ scheme: PasswordScheme) throws {
        let hasher = PasswordHasherTests.making(scheme)
        let text = try hasher.hash(Secret(utf8: "correct horse")).text()
        for index in text.utf8.indices {
            for bit in 0..<7 {
                var bytes = Array(text.utf8)
                bytes[text.utf8.distance(from: text.utf8.startIndex, to: index)] ^= 1 << bit
                let stored = Secret(copying: bytes.span).text()
                guard hasher.canonical(stored) != hasher.canonical(text) else { continue }
                #expect((try? hasher.verify("correct horse", stored)) ?? .mismatch == .mismatch, "\(stored)")
            }
        }
    }

    @Test(arguments: computed)
    func `two hashes of one password differ in their salts`(_ scheme: PasswordScheme) throws {
        let hasher = PasswordHasherTests.making(scheme)
        let first = try hasher.hash(Secret(utf8: "correct horse")).text()
        let second = try hasher.hash(Secret(utf8: "correct horse")).text()
        #expect((first == second) == (scheme == .plaintext))
    }

    @Test(arguments: [
        (PasswordScheme.bcrypt, #"^\$2b\$12\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}$"#),
        (.argon2, #"^\$argon2id\$v=19\$m=65536,t=10,p=4\$[+/A-Za-z0-9]{22}\$[+/A-Za-z0-9]{43}$"#),
        (.desCrypt, #"^[./A-Za-z0-9]{13}$"#),
        (.pbkdf2SHA256, #"^\$pbkdf2-sha256\$29000\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{43}$"#),
        (.pbkdf2SHA512, #"^\$pbkdf2-sha512\$25000\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{86}$"#),
        (.sha256Crypt, #"^\$5\$rounds=535000\$[./A-Za-z0-9]{16}\$[./A-Za-z0-9]{43}$"#),
        (.sha512Crypt, #"^\$6\$rounds=656000\$[./A-Za-z0-9]{16}\$[./A-Za-z0-9]{86}$"#),
    ])
    func `new hashes have passlib's form and cost`(_ scheme: PasswordScheme, _ form: String) throws {
        let hasher = PasswordHasher.vectors { $0.scheme = scheme }
        let text = try hasher.hash(Secret(utf8: "correct horse")).text()
        #expect(try text.contains(Regex(form)), "\(text)")
    }

    @Test func `options set the cost and the form of new hashes`() throws {
        var argon2 = SchemeOptions(rounds: 2)
        argon2.memoryCost = 128
        argon2.parallelism = 3
        argon2.argon2Type = .i
        argon2.saltLength = 8
        argon2.hashLength = 16
        var bcrypt = SchemeOptions(rounds: 5)
        bcrypt.bcryptVariant = "2y"
        var pbkdf2 = SchemeOptions()
        pbkdf2.maximumRounds = 10
        pbkdf2.saltLength = 3
        let options: [PasswordScheme: SchemeOptions] = [
            .argon2: argon2, .bcrypt: bcrypt, .pbkdf2SHA256: pbkdf2, .sha512Crypt: SchemeOptions(rounds: 5000),
        ]
        let begins: [PasswordScheme: String] = [
            .argon2: "$argon2i$v=19$m=128,t=2,p=3$", .bcrypt: "$2y$05$", .pbkdf2SHA256: "$pbkdf2-sha256$10$",
            .sha512Crypt: "$6$",
        ]
        for (scheme, begin) in begins {
            let hasher = PasswordHasherTests.making(scheme) { $0.options = options }
            let stored = try hasher.hash(Secret(utf8: "correct horse")).text()
            #expect(stored.hasPrefix(begin) && !stored.contains("rounds="), "\(stored)")
            #expect(try hasher.verify("correct horse", stored) == .match(isDue: false))
        }
    }

    @Test func `a plaintext hash needs the policy's word`() throws {
        let hasher = PasswordHasher.vectors { $0.scheme = .plaintext }
        #expect(throws: PasswordError.unsupported(.plaintext)) { _ = try hasher.hash(Secret(utf8: "hello")) }
        #expect(hasher.error("hello", "hello") == .unidentified)
    }

    @Test(arguments: ["$ecret", "{x}", "md5$x", "!", "*", "!!", "!$6$x", "argon2$x", "bcrypt_sha256$x", ""])
    func `a plaintext that looks like a hash is neither made nor matched`(_ text: String) throws {
        let hasher = PasswordHasherTests.making(.plaintext)
        #expect(throws: PasswordError.unsupported(.plaintext)) { _ = try hasher.hash(Secret(utf8: text)) }
        #expect(hasher.error(text, text) == .unidentified)
    }

    @Test func `the order of the schemes decides who owns a string`() throws {
        let plaintextFirst = PasswordHasherTests.making(.bcrypt) { $0.schemes = [.plaintext, .desCrypt] }
        #expect(plaintextFirst.scheme(of: SharedSecret(utf8: "NxT/7XiOg73/k")) == .plaintext)
        let plaintextLast = PasswordHasherTests.making(.bcrypt) { $0.schemes = [.desCrypt, .plaintext] }
        #expect(plaintextLast.scheme(of: SharedSecret(utf8: "NxT/7XiOg73/k")) == .desCrypt)
        #expect(
            plaintextLast.error("x", "$2b$04$9v7ZpuS6khZNleXRRPDP9.YThSBYlvEHR3SnJnm34RzUVYe8hPv9G") == .unidentified)
    }

    @Test func `a password is refused before any hashing when no hash could be right`() throws {
        let hasher = PasswordHasherTests.making(.bcrypt)
        let stored = "no hash at all"
        #expect(hasher.error(String(repeating: "a", count: 4097), stored) == .tooLong)
        #expect(hasher.error("a\u{0}b", stored) == .containsNUL)
        #expect(hasher.error(String(repeating: "\u{FDFA}", count: 1000), stored) == .tooLong)
        let latin = Secret(copying: [0xE4 as UInt8, 0x62].span)
        #expect(throws: PasswordError.notUTF8) { _ = try hasher.hash(latin) }
        let raw = PasswordHasherTests.making(.bcrypt) { $0.normalization = nil }
        let own = SharedSecret(try raw.hash(latin))
        #expect(try raw.verify(latin, against: own) == .match(isDue: false))
    }

    @Test func `a hash is double unless SECURITY_PASSWORD_SINGLE_HASH names its scheme`() throws {
        // An empty list of the key is read as plaintext alone.
        let doubles: [SingleHash] = [
            .named(PasswordScheme.defaultSingleHash), .named([.plaintext]), .named([.sha256Crypt]), .named([]),
        ]
        let singles: [SingleHash] = [.all, .named([.bcrypt])]
        func hasher(_ rule: SingleHash) -> PasswordHasher {
            PasswordHasherTests.making(.bcrypt) { $0.singleHash = rule }
        }
        for (same, others) in [(doubles, singles), (singles, doubles)] {
            for rule in same {
                let stored = SharedSecret(try hasher(rule).hash(Secret(utf8: "x")))
                for rule in same {
                    #expect(try hasher(rule).verify(Secret(utf8: "x"), against: stored) == .match(isDue: false))
                }
                for rule in others { #expect(try hasher(rule).verify(Secret(utf8: "x"), against: stored) == .mismatch) }
            }
        }
    }

    @Test func `a double hash needs the site's salt`() throws {
        let hasher = PasswordHasher(policy: PasswordPolicy(), salt: nil) { SystemRandom.bytes($0) }
        #expect(throws: PasswordError.missingSalt) { _ = try hasher.hash(Secret(utf8: "x")) }
        #expect(hasher.error("x", PasswordVectors.all.hashes[0].stored) == .missingSalt)
    }

    @Test func `without random bytes nothing is made`() {
        for scheme in PasswordHasherTests.computed where scheme != .plaintext {
            var policy = PasswordPolicy()
            policy.scheme = scheme
            let hasher = PasswordHasher(policy: policy, salt: SharedSecret(utf8: "s")) { _ in nil }
            #expect(throws: PasswordError.failed) { _ = try hasher.hash(Secret(utf8: "x")) }
        }
    }

    @Test func `schemes that are named as deprecated are renewed, and no others`() throws {
        let hasher = PasswordHasherTests.making(.bcrypt) { policy in
            policy.deprecated = .named([.desCrypt])
            policy.options = [:]
        }
        #expect(try hasher.isDue(SharedSecret(utf8: "NxT/7XiOg73/k")))
        #expect(try !hasher.isDue(SharedSecret(utf8: PasswordVectors.all.defaultCost[3].stored)))
    }

    @Test func `a 2a hash with stray bits in its salt is renewed and matches`() throws {
        let clean = "$2a$04$9v7ZpuS6khZNleXRRPDP9.YThSBYlvEHR3SnJnm34RzUVYe8hPv9G"
        let stray = "$2a$04$9v7ZpuS6khZNleXRRPDP9/YThSBYlvEHR3SnJnm34RzUVYe8hPv9G"
        let hasher = PasswordHasher.vectors()
        #expect(try hasher.verify("correct horse battery staple", clean) == .match(isDue: false))
        #expect(try hasher.verify("correct horse battery staple", stray) == .match(isDue: true))
        let other = stray.replacing("$2a$", with: "$2b$")
        #expect(try hasher.verify("correct horse battery staple", other) == .match(isDue: false))
    }
}

extension PasswordHasher {
    /// A stored string without what its format ignores: unused bits at the end of base64 fields, `+` for `.`.
    func canonical(_ stored: String) -> [String]? {
        guard let scheme = scheme(of: SharedSecret(utf8: stored)) else { return nil }
        switch scheme {
        case .bcrypt:
            let characters = Array(stored.utf8)
            guard characters.count == 60 else { return nil }
            return [
                String(decoding: characters[4..<28], as: UTF8.self),
                "\(Base64.bcrypt.clearingUnusedBits(4, of: characters[28]) ?? 0)",
                String(decoding: characters[29..<59], as: UTF8.self),
                "\(Base64.bcrypt.clearingUnusedBits(2, of: characters[59]) ?? 0)",
            ]
        case .pbkdf2SHA256, .pbkdf2SHA512:
            return stored.split(separator: "$", omittingEmptySubsequences: false).enumerated().map { index, field in
                guard index >= 3 else { return String(field) }
                return Array(field.utf8).span.decodedAB64 ?? "?"
            }
        default:
            return [stored]
        }
    }
}

extension Span where Element == UInt8 {
    fileprivate var decodedAB64: String? { Base64.ab64.decode(self)?.hex() }
}
