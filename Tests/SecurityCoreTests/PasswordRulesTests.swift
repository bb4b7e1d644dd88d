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
        let facts = PasswordFacts(old: row.old.map { SharedSecret(utf8: $0) })
        let flaws = rules.flaws(of: Secret(copying: row.password.span), beside: facts)
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
        let weak = PasswordStrength(
            score: 1, guessesLog10: 5, warning: .commonPassword, suggestions: [.anotherWord])
        let flaws: [PasswordFlaw] = [
            .empty, .tooShort(minimum: 8), .tooLong(maximum: 128), .tooManyBytes, .containsNUL, .notUTF8, .sameAsOld,
            .breached, .breachedUnknown(.notConfigured), .tooSimple(weak), .strengthUnknown(.missing(path: "/x")),
            .notConfirmed,
        ]
        #expect(Set(flaws.map(\.identifier)).count == flaws.count)
        #expect(flaws.allSatisfy { !$0.description.isEmpty })
        #expect(
            PasswordFlaw.tooSimple(weak).description
                == "This is a very common password. Add another word or two. Uncommon words are better.")
        #expect(PasswordFlaw.tooShort(minimum: 8).description == "Password must be at least 8 characters")
    }
}

/// Rules that look things up.
@Suite struct PasswordLookUpTests {
    private func policy(_ change: (inout PasswordPolicy) -> Void) -> PasswordPolicy {
        var policy = PasswordPolicy()
        change(&policy)
        return policy
    }

    private func strength(_ change: (inout StrengthPolicy) -> Void = { _ in }) -> StrengthPolicy {
        var policy = StrengthPolicy()
        policy.file = StrengthFixture.path
        change(&policy)
        return policy
    }

    private func flaws(_ password: String, _ policy: PasswordPolicy, words: [String] = []) -> [PasswordFlaw] {
        PasswordRules(policy: policy).flaws(of: Secret(utf8: password), beside: PasswordFacts(words: words))
    }

    @Test func `a breached password is refused, by its normalised text`() throws {
        let fixture = try BreachedFixture()
        let file = try fixture.write(BreachedFixture.list(500))
        let policy = policy { policy in
            policy.breached.mode = .strict
            policy.breached.file = file
            policy.breached.count = 8
        }
        #expect(flaws("password 7", policy) == [.breached])
        #expect(flaws("pa\u{FF53}\u{FF53}word 7", policy) == [.breached])
        #expect(flaws("password 6", policy) == [])
        #expect(flaws("password 777", policy) == [])
    }

    @Test func `without anybody who knows, strict refuses and best effort takes it`() {
        let missing = policy { $0.breached.mode = .strict }
        #expect(flaws("a long password", missing) == [.breachedUnknown(.notConfigured)])
        #expect(flaws("a long password", policy { $0.breached.mode = .bestEffort }) == [])
        #expect(flaws("", missing) == [.empty])
    }

    @Test func `an easy password is refused with zxcvbn's words`() {
        let policy = policy { $0.strength = strength() }
        let found = flaws("password1", policy)
        #expect(found.map(\.identifier) == ["too-simple"])
        #expect(found.first?.description.hasPrefix("This is a very common password.") == true)
        #expect(flaws("vuzhdxkq 7041 pmbnwt", policy) == [])
        #expect(flaws("password1", self.policy { $0.strength = strength { $0.minimumScore = 0 } }) == [])
    }

    @Test func `words of the account and of the site make it easy`() {
        let policy = policy { $0.strength = strength { $0.contextWords = ["frobnicatorium"] } }
        #expect(flaws("zubrowkaholm.quendelin", policy) == [])
        let known = flaws("zubrowkaholm.quendelin", policy, words: ["Zubrowkaholm.Quendelin"])
        #expect(known.map(\.identifier) == ["too-simple"])
        #expect(flaws("Frobnicatorium1", policy).map(\.identifier) == ["too-simple"])
        #expect(flaws("Frobnicatorium1", self.policy { $0.strength = strength() }) == [])
    }

    @Test func `without the words no password passes`() {
        let policy = policy { $0.strength = strength { $0.file = "/nonexistent/words" } }
        #expect(flaws("vuzhdxkq 7041 pmbnwt", policy) == [.strengthUnknown(.missing(path: "/nonexistent/words"))])
    }

    @Test func `all reasons come together, in order`() throws {
        let fixture = try BreachedFixture()
        let file = try fixture.write(BreachedFixture.list(500))
        let policy = policy { policy in
            policy.minimumLength = 12
            policy.strength = strength()
            policy.breached.mode = .strict
            policy.breached.file = file
        }
        let facts = PasswordFacts(
            old: SharedSecret(utf8: "password 7"), confirmation: SharedSecret(utf8: "password 8"), words: [])
        let found = PasswordRules(policy: policy).flaws(of: Secret(utf8: "password 7"), beside: facts)
        #expect(
            found.map(\.identifier) == ["too-short", "breached", "too-simple", "not-confirmed", "same-as-old"])
    }

    @Test(arguments: [("cafe\u{301} noir", true), ("caf\u{E9} noir", true), ("cafe noir", false), ("", false)])
    func `a confirmation is compared after normalisation`(_ typed: String, _ isSame: Bool) {
        let facts = PasswordFacts(confirmation: SharedSecret(utf8: typed))
        let found = PasswordRules(policy: PasswordPolicy()).flaws(of: Secret(utf8: "caf\u{E9} noir"), beside: facts)
        #expect(found == (isSame ? [] : [.notConfirmed]))
    }
}
