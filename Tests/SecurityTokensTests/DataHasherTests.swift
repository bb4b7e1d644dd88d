import SecurityCore
import SecurityTokens
import Testing

@Suite struct DataHasherTests {
    let hasher = DataHasher(random: SystemRandom.bytes)

    private func verify(_ data: String, _ hash: String, _ hasher: DataHasher) throws -> Bool {
        try hasher.verify(Array(data.utf8).span, against: Array(hash.utf8).span)
    }

    @Test(arguments: TokenVectors.shared.hashData)
    func `hashes of Flask-Security are verified in both forms`(_ vector: TokenVectors.DataHash) throws {
        #expect(try verify(vector.value, vector.sha256Crypt, hasher))
        #expect(try verify(vector.value, vector.hexMd5, hasher))
        #expect(try verify(vector.value, vector.hexMd5.uppercased(), hasher))
        #expect(try !verify(vector.value + "x", vector.hexMd5, hasher))
        #expect(try !verify(vector.value + "x", vector.sha256Crypt, hasher))
    }

    @Test func `a new hash costs a thousand rounds`() throws {
        let hash = try text(hasher.hash(Array("ann@example.org".utf8).span))
        #expect(hash.hasPrefix("$5$rounds=1000$"))
        #expect(try verify("ann@example.org", hash, hasher))
    }

    @Test func `the first scheme of the list makes new hashes`() throws {
        let hasher = DataHasher(schemes: [.hexMD5, .password(.sha256Crypt)], random: SystemRandom.bytes)
        #expect(try text(hasher.hash(Array("ann@example.org".utf8).span)) == "8b5a6a28fc840441be692d74a81ccd1a")
    }

    @Test func `a scheme outside the list is not recognised`() {
        let hasher = DataHasher(schemes: [.password(.sha256Crypt)], random: SystemRandom.bytes)
        #expect(throws: PasswordError.unidentified) {
            try verify("ann@example.org", "8b5a6a28fc840441be692d74a81ccd1a", hasher)
        }
        #expect(throws: PasswordError.containsNUL) { try verify("a\u{0}b", "x", hasher) }
    }
}
