/// What to say about a weak password: the warning and the suggestions of its longest match.
struct StrengthFeedback {
    private(set) var warning: StrengthWarning?
    private(set) var suggestions: [StrengthSuggestion] = []

    init(_ password: CodePoints, _ sequence: [StrengthMatch], score: Int) {
        guard var longest = sequence.first else {
            suggestions = [.fewWords, .noNeedForSymbols]
            return
        }
        guard score <= 2 else { return }
        for match in sequence where match.count > longest.count { longest = match }
        suggestions = [.anotherWord]
        describe(longest, of: password, isSole: sequence.count == 1)
    }

    private mutating func describe(_ match: StrengthMatch, of password: CodePoints, isSole: Bool) {
        switch match.pattern {
        case .bruteforce: break
        case .dictionary(let word):
            let guesses = MatchGuesses(password: password).of(match)
            warning = StrengthFeedback.warning(of: word, guesses, isSole: isSole)
            suggestions += StrengthFeedback.suggestions(for: word, match, password)
        case .spatial(let run):
            warning = run.turns == 1 ? .straightRow : .keyboardPattern
            suggestions.append(.longerPattern)
        case .repetition(_, let length, _):
            warning = length == 1 ? .repeatedCharacter : .repeatedWord
            suggestions.append(.noRepeats)
        case .sequence:
            warning = .sequence
            suggestions.append(.noSequences)
        case .recentYear:
            warning = .recentYear
            suggestions += [.noRecentYears, .noOwnYears]
        case .date:
            warning = .date
            suggestions.append(.noOwnDates)
        }
    }

    private static func warning(of word: WordMatch, _ guesses: Guesses, isSole: Bool) -> StrengthWarning? {
        switch word.dictionary {
        case .passwords:
            if isSole, !word.isLeet, !word.isReversed {
                return word.rank <= 10 ? .topTenPassword : word.rank <= 100 ? .topHundredPassword : .commonPassword
            }
            return guesses <= Guesses(10_000) ? .similarToCommonPassword : nil
        case .englishWikipedia: return isSole ? .singleWord : nil
        case .surnames, .maleNames, .femaleNames: return isSole ? .singleName : .commonName
        case .usTVAndFilm, .userInputs: return nil
        }
    }

    private static func suggestions(
        for word: WordMatch, _ match: StrengthMatch, _ password: CodePoints
    ) -> [StrengthSuggestion] {
        var suggestions: [StrengthSuggestion] = []
        let capitals = Capitals(password, match.range)
        if capitals.isFirst {
            suggestions.append(.capitalization)
        } else if capitals.areAll, !capitals.isLower {
            suggestions.append(.allUppercase)
        }
        if word.isReversed, match.count >= 4 { suggestions.append(.reversedWord) }
        if word.isLeet { suggestions.append(.substitution) }
        return suggestions
    }
}
