/// How many guesses a match takes.
struct MatchGuesses {
    static let referenceYear = 2017
    private static let leastYears = 20
    let password: CodePoints

    /// The guesses of a match; one that is not the whole password takes some in any case.
    func of(_ match: StrengthMatch) -> Guesses {
        let least: UInt128 = match.count == password.count ? 1 : match.count == 1 ? 10 : 50
        return Guesses.max(estimate(match), Guesses(least))
    }

    private func estimate(_ match: StrengthMatch) -> Guesses {
        switch match.pattern {
        case .bruteforce:
            // One more than the least, so that anything else at the same place comes first.
            Guesses.max(Guesses(powerOfTen: match.count), Guesses(match.count == 1 ? 11 : 51))
        case .dictionary(let word): Guesses(estimate: wordGuesses(word, match.range))
        case .spatial(let run): Guesses(estimate: spatialGuesses(run, match.count))
        case .repetition(let count, _, let guesses): guesses * Guesses(UInt128(max(count, 0)))
        case .sequence(let isAscending): Guesses(UInt128(sequenceGuesses(match, isAscending)))
        case .recentYear(let year): Guesses(UInt128(years(to: year)))
        case .date(let year, let hasSeparator):
            Guesses(UInt128(years(to: year) * 365 * (hasSeparator ? 4 : 1)))
        }
    }

    private func years(to year: Int) -> Int { max(abs(year - MatchGuesses.referenceYear), MatchGuesses.leastYears) }

    private func sequenceGuesses(_ match: StrengthMatch, _ isAscending: Bool) -> Int {
        let start =
            switch password[match.first] {
            case 0x61, 0x41, 0x7A, 0x5A, 0x30, 0x31, 0x39: 4
            default: password.digit(match.first) == nil ? 26 : 10
            }
        return start * (isAscending ? 1 : 2) * match.count
    }

    private func wordGuesses(_ word: WordMatch, _ range: Range<Int>) -> Double {
        Double(word.rank) * capitalVariations(range) * leetVariations(word, range) * (word.isReversed ? 2 : 1)
    }

    private func capitalVariations(_ range: Range<Int>) -> Double {
        let capitals = Capitals(password, range)
        if capitals.areNone { return 1 }
        if capitals.isFirst || capitals.isLast || capitals.areAll { return 2 }
        let upper = password.places(in: range) { Unicode.Scalar($0)?.properties.isUppercase ?? false }
        let lower = password.places(in: range) { Unicode.Scalar($0)?.properties.isLowercase ?? false }
        return choices(upper, lower)
    }

    private func leetVariations(_ word: WordMatch, _ range: Range<Int>) -> Double {
        var variations: Double = 1
        let token = password.part(range).lowered
        for one in word.substitutions {
            let written = token.places(in: 0..<token.count) { $0 == UInt32(one.character) }
            let letters = token.places(in: 0..<token.count) { $0 == UInt32(one.letter) }
            variations *= written == 0 || letters == 0 ? 2 : choices(written, letters)
        }
        return variations
    }

    private func spatialGuesses(_ run: SpatialRun, _ count: Int) -> Double {
        let start = Double(run.keyboard.reference.startingPositions)
        let degree = run.keyboard.reference.averageDegree
        var guesses: Double = 0
        for length in 2...max(count, 2) {
            var power: Double = 1
            for turns in 1..<min(run.turns, length - 1) + 1 {
                power *= degree
                guesses += choose(length - 1, turns - 1) * start * power
            }
        }
        guard run.shifted > 0 else { return guesses }
        let plain = count - run.shifted
        return guesses * (plain == 0 ? 2 : choices(run.shifted, plain))
    }

    /// The ways to choose up to the smaller number of two kinds out of both.
    private func choices(_ one: Int, _ other: Int) -> Double {
        var sum: Double = 0
        for count in 1..<max(min(one, other), 0) + 1 { sum += choose(one + other, count) }
        return sum
    }

    private func choose(_ all: Int, _ some: Int) -> Double {
        guard some <= all else { return 0 }
        guard some > 0 else { return 1 }
        var result: Double = 1
        for step in 1...some { result = result * Double(all - step + 1) / Double(step) }
        return result
    }
}

/// Where the capitals of a word stand. Only `A` to `Z` count, and for ``areAll`` only `a` to `z`.
struct Capitals {
    let areNone: Bool
    let isFirst: Bool
    let isLast: Bool
    let areAll: Bool
    /// Whether the word is its own lower case.
    let isLower: Bool

    init(_ text: CodePoints, _ range: Range<Int>) {
        let capitals = range.filter { (0x41...0x5A).contains(text[$0]) }
        let token = text.part(range)
        let lowered = token.lowered
        isLower = lowered.count == token.count && lowered.equals(0, token, 0, length: token.count)
        areNone = capitals.isEmpty || isLower
        isFirst = capitals == [range.lowerBound] && range.count > 1
        isLast = capitals == [range.upperBound - 1] && range.count > 1
        areAll = text.places(in: range) { (0x61...0x7A).contains($0) } == 0
    }
}
