import Testing

@testable import SecurityCore

/// What one matcher finds in a password, as zxcvbn 4.5.0's own matcher does.
private struct MatcherCase: Sendable, CustomTestStringConvertible {
    let password: String
    /// One text for each match, as ``shown(_:)`` makes them.
    let matches: [String]

    init(_ password: String, _ matches: String...) {
        self.password = password
        self.matches = matches
    }

    var testDescription: String { password }
    var text: CodePoints { points(password) }
}

private func points(_ text: String) -> CodePoints {
    let bytes = Array(text.utf8)
    return CodePoints(utf8: bytes.span, limit: 100)
}

/// The places of a match and what else there is to say about it.
private func shown(_ match: StrengthMatch) -> String {
    let facts =
        switch match.pattern {
        case .bruteforce: "any"
        case .dictionary(let word):
            "\(word.dictionary) \(word.rank)\(word.isReversed ? " reversed" : "")\(word.isLeet ? " leet" : "")"
        case .spatial(let run): "turns \(run.turns) shifted \(run.shifted)"
        case .repetition(let count, let length, _): "\(count) times \(length)"
        case .sequence(let isAscending): isAscending ? "up" : "down"
        case .recentYear(let year): "\(year)"
        case .date(let year, let hasSeparator): "\(year)\(hasSeparator ? " separated" : "")"
        }
    return "\(match.first)-\(match.last) \(facts)"
}

@Suite struct StrengthMatcherTests {
    @Test(arguments: [
        MatcherCase("zxcvfr", "0-5 turns 2 shifted 0"),
        MatcherCase("QWERTY", "0-5 turns 1 shifted 6"),
        MatcherCase("qwe", "0-2 turns 1 shifted 0"),
        MatcherCase("qw"), MatcherCase("a1 2"), MatcherCase(""),
        MatcherCase("/.,mnb", "0-5 turns 1 shifted 0"),
        MatcherCase("7415", "0-3 turns 2 shifted 0", "0-3 turns 2 shifted 0"),
        MatcherCase("aoeuidhtns", "0-9 turns 1 shifted 0"),
        MatcherCase("$%^tgb", "0-2 turns 1 shifted 3", "0-5 turns 3 shifted 3"),
        MatcherCase("0.3", "0-2 turns 2 shifted 0", "0-2 turns 2 shifted 0"),
        MatcherCase("12ZXCVBNM", "2-8 turns 1 shifted 7"),
        MatcherCase("=/*9-", "0-4 turns 3 shifted 0", "1-4 turns 3 shifted 0"),
    ])
    private func `walks over neighbouring keys are found`(_ one: MatcherCase) {
        #expect(SpatialMatcher.matches(in: one.text).map(shown) == one.matches)
    }

    @Test(arguments: [
        MatcherCase("abc", "0-2 up"), MatcherCase("ab", "0-1 up"), MatcherCase("a"), MatcherCase(""),
        MatcherCase("9753", "0-3 down"), MatcherCase("edcba", "0-4 down"), MatcherCase("aceg", "0-3 up"),
        MatcherCase("abcdb975zy", "0-3 up", "5-7 down", "8-9 down"),
        MatcherCase("agm"), MatcherCase("aaa"), MatcherCase("αβγ", "0-2 up"),
        MatcherCase("xyz012", "0-2 up", "3-5 up"), MatcherCase("zyxABC", "0-2 down", "3-5 up"),
    ])
    private func `code points at equal distances are a sequence`(_ one: MatcherCase) {
        #expect(SequenceMatcher.matches(in: one.text).map(shown) == one.matches)
    }

    @Test(arguments: [
        MatcherCase("aaa", "0-2 3 times 1"), MatcherCase("aabaab", "0-5 2 times 3"),
        MatcherCase("aabaabaabaab", "0-11 4 times 3"), MatcherCase("abab", "0-3 2 times 2"),
        MatcherCase("xaax", "1-2 2 times 1"), MatcherCase("ab"), MatcherCase(""),
        MatcherCase("abaabab", "0-5 2 times 3"), MatcherCase("ababab!!", "0-5 3 times 2", "6-7 2 times 1"),
        MatcherCase("1212ab12", "0-3 2 times 2"), MatcherCase("\n\n"),
    ])
    private func `the shortest part of the longest repetition counts`(_ one: MatcherCase) {
        let matcher = RepeatMatcher { _ in .one }
        #expect(matcher.matches(in: one.text).map(shown) == one.matches)
    }

    @Test(arguments: [
        MatcherCase("1991", "0-3 1991"), MatcherCase("x2019y", "1-4 2019"), MatcherCase("2020"),
        MatcherCase("19992001", "0-3 1999", "4-7 2001"), MatcherCase("1899"), MatcherCase("201"),
        MatcherCase("20190", "0-3 2019"),
    ])
    private func `years from 1900 to 2019 are recent`(_ one: MatcherCase) {
        #expect(YearMatcher.matches(in: one.text).map(shown) == one.matches)
    }

    @Test(arguments: [
        MatcherCase("13.2.1997", "0-8 1997 separated"), MatcherCase("1/1/91", "0-5 1991 separated"),
        MatcherCase("1191", "0-3 2001"), MatcherCase("11111991", "0-7 1991"),
        MatcherCase("91-12-31", "0-7 1991 separated"), MatcherCase("111504", "0-5 2004"),
        MatcherCase("1.1-91"), MatcherCase("0/0/2000"), MatcherCase("111"),
        MatcherCase("32.13.1999", "0-6 2032 separated", "1-9 1999 separated"),
        MatcherCase("19990101", "0-7 1999"), MatcherCase("a5/8/2015b", "1-8 2015 separated"),
        MatcherCase("3 3 33", "0-5 2033 separated"), MatcherCase("٠١٠١٢٠٠٠", "0-7 2000"),
        MatcherCase("2015_06_04", "0-9 2015 separated"),
    ])
    private func `days, months and years in any order are a date`(_ one: MatcherCase) {
        #expect(DateMatcher.matches(in: one.text).map(shown) == one.matches)
    }

    @Test(arguments: [
        MatcherCase("p4", "4a"), MatcherCase("@8", "@a 8b"), MatcherCase("4@", "4a", "@a"),
        MatcherCase("1337", "3e 1i 7t", "3e 1l 7t", "3e 1i 7l"), MatcherCase("17", "1i 7t", "1l 7t", "1i 7l"),
        MatcherCase("|1", "1i", "1l", "1l |i", "1i |l", "|i", "|l"), MatcherCase("abc", ""),
    ])
    private func `readings of characters as letters are enumerated as zxcvbn does`(_ one: MatcherCase) {
        let readings = LeetTable.substitutions(for: one.text).map { reading in
            reading.map { String(decoding: [$0.character, $0.letter], as: UTF8.self) }.sorted()
        }
        let expected = one.matches.map { $0.split(separator: " ").map(String.init).sorted() }
        #expect(readings == expected)
    }

    @Test(arguments: [
        MatcherCase(
            "word", "0-3 usTVAndFilm 308", "1-2 englishWikipedia 23", "0-3 userInputs 2", "1-2 userInputs 3"),
        MatcherCase("drow", "0-3 usTVAndFilm 308 reversed", "0-3 userInputs 2 reversed", "1-2 userInputs 3 reversed"),
        MatcherCase("w0rd", "0-3 usTVAndFilm 308 leet", "0-3 userInputs 2 leet", "1-2 userInputs 3 leet"),
    ])
    private func `words are found as they are, backwards, and with characters for letters`(_ one: MatcherCase) throws {
        let words = ["", "word", "or", "zzz"].map(points)
        let matcher = WordMatcher(dictionary: try StrengthFixture.dictionary(), userWords: words)
        let found = Set(matcher.matches(in: one.text).map(shown))
        #expect(found.isSuperset(of: one.matches), "\(found)")
    }
}
