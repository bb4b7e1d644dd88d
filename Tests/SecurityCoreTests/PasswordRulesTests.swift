import Testing

@testable import SecurityCore

@Suite struct PasswordRulesTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let password: [UInt8]
        let old: String?
        /// A ``NormalizationForm`` by name.
        let form: String?
        let flaws: [PasswordFlaw]

        init(_ name: String, _ password: String, old: String? = nil, form: String? = "NFKD", _ flaws: [PasswordFlaw]) {
            self.init(name, Array(password.utf8), old: old, form: form, flaws)
        }

        init(_ name: String, _ password: [UInt8], old: String? = nil, form: String? = "NFKD", _ flaws: [PasswordFlaw]) {
            testDescription = name
            self.password = password
            self.old = old
            self.form = form
            self.flaws = flaws
        }
    }

    static let rows: [Row] = [
        Row("eight characters", "12345678", []),
        Row("nothing", "", [.empty]),
        Row("nothing, as before", "", old: "", [.empty]),
        Row("a few blanks", "   ", [.empty, .tooShort(minimum: 8)]),
        Row("many blanks, one of them not ASCII", "      \u{3000}  ", [.empty]),
        Row("many blanks of all kinds, as typed", "\u{3000}\u{2009}\u{A0}\u{85}\u{1F}\t\n ", form: nil, [.empty]),
        Row("blanks around a character", "   x    ", []),
        Row("seven characters", "1234567", [.tooShort(minimum: 8)]),
        Row("seven, as before", "1234567", old: "1234567", [.tooShort(minimum: 8), .sameAsOld]),
        Row("four that decompose to eight", "éàùö", []),
        Row("four that stay four", "éàùö", form: "NFC", [.tooShort(minimum: 8)]),
        Row("four as typed", "éàùö", form: nil, [.tooShort(minimum: 8)]),
        Row("eight of four bytes each", "🔑🔑🔑🔑🔑🔑🔑🔑", []),
        Row("the longest", String(repeating: "é", count: 64), []),
        Row("one more than the longest", String(repeating: "a", count: 129), [.tooLong(maximum: 128)]),
        Row("the longest but for normalisation", String(repeating: "é", count: 65), [.tooLong(maximum: 128)]),
        Row("the same", "correct horse", old: "correct horse", [.sameAsOld]),
        Row("the same in another form", "caf\u{E9} noir", old: "cafe\u{301} noir", [.sameAsOld]),
        Row("another form, as typed", "caf\u{E9} noir", old: "cafe\u{301} noir", form: nil, []),
        Row("another one", "correct horse", old: "battery staple", []),
        Row("NUL", "1234\u{0}5678", [.containsNUL]),
        Row("Latin-1", [0x70, 0xE4, 0x73, 0x73, 0x77, 0xF6, 0x72, 0x64], [.notUTF8]),
        Row("Latin-1, nothing normalised", [0x70, 0xE4, 0x73, 0x73, 0x77, 0xF6, 0x72, 0x64], form: nil, [.notUTF8]),
        Row("NUL and Latin-1", [0, 0xE4], [.containsNUL, .notUTF8]),
        Row("too many bytes", [UInt8](repeating: 0x61, count: 4097), [.tooManyBytes]),
        Row("too many bytes and NUL", [UInt8](repeating: 0, count: 4097), [.containsNUL, .tooManyBytes]),
        Row("too many bytes by normalisation", String(repeating: "\u{FDFA}", count: 200), [.tooManyBytes]),
        Row("the most bytes", [UInt8](repeating: 0x61, count: 4096), [.tooLong(maximum: 128)]),
    ]

    @Test(arguments: rows)
    func `a new password is told all of its flaws`(_ row: Row) {
        var policy = PasswordPolicy()
        policy.normalization = row.form.flatMap { NormalizationForm(rawValue: $0) }
        let rules = PasswordRules(policy: policy)
        let flaws = rules.flaws(of: Secret(copying: row.password.span), old: row.old.map { SharedSecret(utf8: $0) })
        #expect(flaws == row.flaws)
    }

    @Test func `a password that rules accept can be hashed`() throws {
        for row in PasswordRulesTests.rows where row.flaws.isEmpty {
            let hasher = PasswordHasher.vectors { policy in
                policy.scheme = .desCrypt
                policy.normalization = row.form.flatMap { NormalizationForm(rawValue: $0) }
            }
            _ = try hasher.hash(Secret(copying: row.password.span))
        }
    }

    @Test func `the policy's lengths count`() {
        var policy = PasswordPolicy()
        policy.minimumLength = 3
        policy.maximumLength = 4
        let rules = PasswordRules(policy: policy)
        #expect(rules.flaws(of: Secret(utf8: "ab")) == [.tooShort(minimum: 3)])
        #expect(rules.flaws(of: Secret(utf8: "abc")).isEmpty)
        #expect(rules.flaws(of: Secret(utf8: "abcde")) == [.tooLong(maximum: 4)])
    }

    @Test func `each flaw has a name of its own and a sentence`() {
        let flaws: [PasswordFlaw] = [
            .empty, .tooShort(minimum: 8), .tooLong(maximum: 128), .tooManyBytes, .containsNUL, .notUTF8, .sameAsOld,
        ]
        #expect(Set(flaws.map(\.identifier)).count == flaws.count)
        #expect(flaws.allSatisfy { !$0.description.isEmpty })
        #expect(PasswordFlaw.tooShort(minimum: 8).description == "Password must be at least 8 characters")
    }
}
