import Testing

@testable import SecurityCore

/// Hostile and damaged files: the reader never fails otherwise than by an error.
@Suite struct PolicyMutationTests {
    /// SplitMix64: the same numbers in each run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let valid = PolicyTexts.file(
        """
        SECURITY_TOTP_SECRETS = { 1 = "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B", 2 = 'literal' }
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = 12, argon2__type = "id" }
        SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = { mapper = "uia_email_mapper", case_insensitive = true } }]
        SECURITY_TWO_FACTOR = true # both
        LIBSECURITY_FRESHNESS = 1.5e5
        LIBSECURITY_THROTTLE_TRUST = "90 days"
        SECURITY_MSG_LOGIN = ["Sign in", "info"]
        MY_OWN = 1979-05-27T07:32:00Z
        [[LIBSECURITY_PROTECTED]]
        path = '''/a'''
        [other.table]
        key = \"""
        long \\
        text\"""
        """)

    private static let pieces = [
        "\"", "'", "\"\"\"", "[", "]", "[[", "{", "}", "=", ".", "\n", "\\", "\\u0000", "\\uD800", "#", "true", "-1",
        "0x7F",
        "nan", "inf", "9223372036854775808", "SECURITY_", "\u{0}", "\u{FEFF}", "é", "1979-05-27", "SECRET_KEY = 1\n",
        "[SECRET_KEY]\n", "\"\" = 1\n", "LIBSECURITY_FRESHNESS = 0\n",
    ].map { Array($0.utf8) }

    private func mutate(_ text: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...4, using: &numbers) where !text.isEmpty {
            let start = Int.random(in: 0..<text.count, using: &numbers)
            let end = min(text.count, start + Int.random(in: 0...20, using: &numbers))
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: text[start] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: text.removeSubrange(start..<end)
            case 2: text.insert(contentsOf: text[start..<end], at: Int.random(in: 0...text.count, using: &numbers))
            case 3: text.insert(contentsOf: Self.pieces.randomElement(using: &numbers) ?? [], at: start)
            default: text[start] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            }
        }
        return text
    }

    @Test(arguments: 1...8) func `a damaged file gives a policy or errors, never both and never neither`(_ seed: UInt64)
    {
        var numbers = Numbers(state: seed)
        var policies = 0
        for _ in 0..<250 {
            let text = mutate(Array(Self.valid.utf8), &numbers)
            let reading = PolicyReader.read(Secret(copying: text.span), path: "/f")
            #expect((reading.policy == nil) == !reading.errors.isEmpty, "\(String(decoding: text, as: UTF8.self))")
            _ = EffectiveSetting.all(in: Secret(copying: text.span)).count
            policies += reading.policy == nil ? 0 : 1
        }
        #expect(policies > 0 && policies < 250)
    }

    @Test func `the file that is damaged is right before that`() {
        #expect(PolicyTexts.read("").policy != nil)
        #expect(PolicyReader.read(Secret(utf8: Self.valid), path: "/f").errors.isEmpty)
    }

    struct Flood: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
    }

    private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let floods = [
        Flood(testDescription: "lists in lists", text: "a = " + many("[", 100_000) + many("]", 100_000)),
        Flood(testDescription: "tables in tables", text: "a = " + many("{a=", 100_000) + "1" + many("}", 100_000)),
        Flood(testDescription: "a key of many parts", text: many("a.", 250_000) + "a = 1"),
        Flood(testDescription: "a header of many parts", text: "[" + many("a.", 250_000) + "a]"),
        Flood(testDescription: "a list header of many parts", text: "[[" + many("a .", 150_000) + "a]]"),
        Flood(testDescription: "quoted parts", text: many("\"a\".", 200_000) + "a = 1"),
        Flood(testDescription: "literal parts with quotes", text: many("'\"'.", 200_000) + "a = 1"),
        Flood(testDescription: "parts in an inline table", text: "a = {" + many("b.", 250_000) + "c = 1}"),
        Flood(testDescription: "an endless string", text: "a = \"" + many("x", 1_000_000)),
        Flood(testDescription: "one byte more than allowed", text: many("#", 1 << 20) + "\n"),
        Flood(testDescription: "an endless number", text: "a = " + many("9", 100_000)),
        Flood(testDescription: "a NUL", text: "a = 1\n\0"),
        Flood(testDescription: "a header that toml++ asserts not to exist", text: "[?]"),
        Flood(testDescription: "a letter that toml++ declares unreachable", text: "a = \"\"\"\\\u{E9}\"\"\""),
    ]

    @Test(arguments: floods) func `a flood is an error`(_ flood: Flood) {
        let reading = PolicyReader.read(Secret(utf8: flood.text), path: "/f")
        #expect(reading.policy == nil)
        #expect(reading.errors.count == 1)
    }

    @Test func `a letter behind a line-ending backslash is text`() throws {
        let reading = PolicyTexts.read("SECURITY_TOTP_ISSUER = \"\"\"\\\n   é\"\"\"")
        #expect(try #require(reading.policy).totp.issuer == "é")
    }

    @Test func `an application's many own keys are passed over`() {
        let lines = (0..<20_000).map { "MY_KEY_\($0) = [1, 2]" }.joined(separator: "\n")
        #expect(PolicyTexts.read(lines).diagnostics.isEmpty)
    }
}
