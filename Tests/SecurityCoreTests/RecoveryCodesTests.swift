import Testing

@testable import SecurityCore

@Suite struct RecoveryCodesTests {
    private func without(_ column: String, _ code: String) -> String? {
        Secret(utf8: column).withBytes { column in
            Secret(utf8: code).withBytes { code in
                RecoveryCodeVault.plain.column(column, without: code, now: .init(seconds: 0))?.text()
            }
        }
    }

    private func count(_ column: String) -> Int {
        Secret(utf8: column).withBytes { RecoveryCodeVault.plain.count(in: $0, now: .init(seconds: 0)) }
    }

    @Test func `codes have Flask-Security's form and differ`() throws {
        let codes = try #require(RecoveryCodes.generate(50, random: SystemRandom.bytes)).map { $0.text() }
        #expect(Set(codes).count == 50)
        for code in codes {
            #expect(code.wholeMatch(of: /[0-9a-f]{4}(-[0-9a-f]{4}){2}/) != nil)
        }
    }

    @Test func `a column holds codes joined with commas`() throws {
        let codes = try #require(RecoveryCodes.generate(3, random: SystemRandom.bytes))
        let made = RecoveryCodeVault.plain.column(of: codes, now: .init(seconds: 0), random: SystemRandom.bytes)?.text()
        let column = try #require(made)
        #expect(column == codes.map { $0.text() }.joined(separator: ","))
        #expect(count(column) == 3)
    }

    @Test func `Flask-Security's column is read and written`() {
        let vector = OneTimeCodesVectors.all.recoveryCodes
        let codes = vector.sample.map { SharedSecret(utf8: $0) }
        let made = RecoveryCodeVault.plain.column(of: codes, now: .init(seconds: 0), random: SystemRandom.bytes)
        var column = made?.text() ?? ""
        #expect(column == vector.asStoredIn50)
        for (used, code) in vector.sample.enumerated() {
            #expect(count(column) == vector.sample.count - used)
            column = without(column, code) ?? "not found"
        }
        #expect(column == "")
    }

    @Test(
        arguments: [
            ("0000-0000-0000", "0000-0000-0000", ""),
            ("0000-0000-0000,1111-1111-1111", "1111-1111-1111", "0000-0000-0000"),
            ("0000-0000-0000,1111-1111-1111,2222-2222-2222", "1111-1111-1111", "0000-0000-0000,2222-2222-2222"),
            (",0000-0000-0000,,odd entry", "0000-0000-0000", "odd entry"),
            ("0000-0000-0000,0000-0000-0000", "0000-0000-0000", ""),
            ("0000-0000-0000", "1111-1111-1111", nil), ("", "0000-0000-0000", nil), ("", "", nil),
            ("odd entry", "odd entry", nil), ("ABCD-0000-0000", "abcd-0000-0000", nil),
            ("0000-0000-0000", "0000-0000-000", nil), ("0000-0000-00001", "0000-0000-0000", nil),
        ] as [(String, String, String?)])
    func `one code is taken out, compared exactly`(column: String, code: String, rest: String?) {
        #expect(without(column, code) == rest)
    }

    @Test func `an absurd column holds no codes`() {
        let column = String(repeating: "0000-0000-0000,", count: 5000)
        #expect(without(column, "0000-0000-0000") == nil)
        #expect(count(column) == 0)
    }

    @Test func `no randomness, no codes`() {
        #expect(RecoveryCodes.generate(3) { _ in nil } == nil)
        #expect(RecoveryCodes.generate(-1, random: SystemRandom.bytes) == nil)
        #expect(RecoveryCodes.generate(1_000_000, random: SystemRandom.bytes) == nil)
    }
}
