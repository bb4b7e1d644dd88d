import Testing

@testable import SecurityCore

@Suite struct FernetTests {
    /// generate.json and verify.json of the specification.
    private static let specified =
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=="
    private static let made = Instant(seconds: 499_162_800)

    private func fernet(_ text: String = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=") -> Fernet? {
        Secret(utf8: text).withBytes { Fernet(key: $0) }
    }

    private func open(_ token: String, after seconds: Int64 = 0, maxAge: Int64? = nil) throws -> String? {
        let key = try #require(fernet())
        let now = Instant(seconds: FernetTests.made.seconds + seconds)
        return Secret(utf8: token).withBytes { key.open($0, now: now, maxAge: maxAge)?.text() }
    }

    @Test func `the specification's token is made and opened`() throws {
        let key = try #require(fernet())
        let token = Secret(utf8: "hello").withBytes { text in
            key.seal(text, now: FernetTests.made) { count in
                Secret(count: count) { out in for index in out.indices { out[index] = UInt8(index) } }
            }?.text()
        }
        #expect(token == FernetTests.specified)
        #expect(try open(FernetTests.specified) == "hello")
    }

    @Test(arguments: [0, 1, 15, 16, 17, 100]) func `what is sealed opens again`(count: Int) throws {
        let key = try #require(fernet())
        let text = String(repeating: "x", count: count)
        let sealed = Secret(utf8: text).withBytes { bytes in
            key.seal(bytes, now: FernetTests.made, random: SystemRandom.bytes)?.text()
        }
        let token = try #require(sealed)
        #expect(try open(token) == text)
    }

    @Test(
        arguments: [
            (0, 0, true), (60, 60, true), (61, 60, false), (1_000_000_000, nil, true), (-60, 60, true),
            (-61, 60, false), (-61, nil, true), (5, .max, true),
        ] as [(Int64, Int64?, Bool)])
    func `an age is judged as cryptography judges it`(seconds: Int64, maxAge: Int64?, isOpen: Bool) throws {
        #expect(try (open(FernetTests.specified, after: seconds, maxAge: maxAge) != nil) == isOpen)
    }

    /// Requirement 2.
    @Test func `a changed, cut or lengthened token is refused`() throws {
        let token = Array(FernetTests.specified.utf8)
        for index in token.indices.dropLast(2) {
            var changed = token
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            #expect(try open(String(decoding: changed, as: UTF8.self)) == nil, "\(index)")
        }
        for count in 0..<token.count {
            #expect(try open(String(decoding: token.prefix(count), as: UTF8.self)) == nil, "\(count)")
        }
        for suffix in ["A", "AAAA", "=", "\n", " "] { #expect(try open(FernetTests.specified + suffix) == nil) }
        #expect(try open(String(repeating: "gAAA", count: 4000)) == nil)
    }

    @Test(arguments: [
        "", "short", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4Q==",
        "cw+0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e5=",
    ])
    func `what is no key is refused`(text: String) {
        #expect(fernet(text) == nil)
    }
}

@Suite struct RecoveryCodeVaultTests {
    private struct Vector: Decodable {
        let keys: [String]
        let codes: [String]
        let column: String
    }

    private let vector: Vector = .read("recovery-codes.json")
    private let made = Instant(seconds: 1_795_418_037)

    private func vault(_ keys: [String], maxAge: Int64? = nil) -> RecoveryCodeVault {
        RecoveryCodeVault(
            keys: keys.compactMap { key in Secret(utf8: key).withBytes { Fernet(key: $0) } }, maxAge: maxAge)
    }

    private func count(_ column: String, _ vault: RecoveryCodeVault, after seconds: Int64 = 0) -> Int {
        Secret(utf8: column).withBytes { vault.count(in: $0, now: Instant(seconds: made.seconds + seconds)) }
    }

    private func without(_ column: String, _ code: String, _ vault: RecoveryCodeVault) -> String? {
        Secret(utf8: column).withBytes { column in
            Secret(utf8: code).withBytes { vault.column(column, without: $0, now: made)?.text() }
        }
    }

    @Test func `Flask-Security's encrypted column is read with any key`() throws {
        for keys in [vector.keys, vector.keys.reversed(), [vector.keys[0]]] {
            let vault = vault(keys)
            var column = vector.column
            for (used, code) in vector.codes.enumerated() {
                #expect(count(column, vault) == vector.codes.count - used)
                column = try #require(without(column, code, vault))
            }
            #expect(column == "")
        }
        #expect(count(vector.column, vault([vector.keys[1]])) == 0)
        #expect(without(vector.column, vector.codes[0], vault([vector.keys[1]])) == nil)
    }

    @Test func `the first key encrypts`() throws {
        let codes = vector.codes.map { SharedSecret(utf8: $0) }
        let made = vault(vector.keys).column(of: codes, now: made, random: SystemRandom.bytes)?.text()
        let column = try #require(made)
        #expect(count(column, vault([vector.keys[0]])) == codes.count)
        #expect(count(column, vault([vector.keys[1]])) == 0)
        #expect(!column.contains(vector.codes[0]))
        let without = vault(vector.keys).column(of: codes, now: self.made) { _ in nil }
        #expect(without?.text() == nil)
    }

    @Test func `entries that no key opens stay and never match`() {
        let vault = vault(vector.keys)
        #expect(without("0000-1111-2222," + vector.column, "0000-1111-2222", vault) == nil)
        let rest = without("0000-1111-2222,gAAA," + vector.column, vector.codes[0], vault)
        #expect(rest?.hasPrefix("0000-1111-2222,gAAA,gAAAAA") == true)
        #expect(count("0000-1111-2222,gAAA," + vector.column, vault) == vector.codes.count)
        #expect(count(vector.column, .plain) == 0)
    }

    @Test func `codes age`() {
        let vault = vault(vector.keys, maxAge: 3600)
        #expect(count(vector.column, vault, after: 3590) == 5)
        #expect(count(vector.column, vault, after: 3610) == 0)
    }
}
