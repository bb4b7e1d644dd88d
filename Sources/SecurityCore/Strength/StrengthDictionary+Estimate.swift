extension StrengthDictionary {
    /// The most code points that are looked at. zxcvbn refuses longer passwords; of these the beginning is judged, which
    /// is not easier to guess for what follows.
    public static let longestEstimated = 72

    /// Judges a password, normalised and in UTF-8. `words` is what an attacker knows of the user, such as the name and the mail
    /// address; a password made of these is worth little.
    ///
    /// Costs a fraction of a millisecond; a tenth of a second for 72 characters that all stand for several letters.
    public func estimate(_ password: Span<UInt8>, words: [String]) -> PasswordStrength {
        let text = CodePoints(utf8: password, limit: StrengthDictionary.longestEstimated)
        let userWords = words.map { word in
            let bytes = Array(word.utf8)
            return CodePoints(utf8: bytes.span, limit: StrengthDictionary.longestEstimated + 1).lowered
        }
        let matcher = WordMatcher(dictionary: self, userWords: userWords)
        let (sequence, guesses) = StrengthDictionary.sequence(of: text, matcher)
        let score = StrengthDictionary.score(of: guesses)
        let feedback = StrengthFeedback(text, sequence, score: score)
        return PasswordStrength(
            score: score, guessesLog10: guesses.log10, warning: feedback.warning, suggestions: feedback.suggestions)
    }

    private static func sequence(of text: CodePoints, _ words: WordMatcher) -> ([StrengthMatch], Guesses) {
        let repeats = RepeatMatcher { part in sequence(of: part, words).1 }
        let matches =
            words.matches(in: text) + SpatialMatcher.matches(in: text) + repeats.matches(in: text)
            + SequenceMatcher.matches(in: text) + YearMatcher.matches(in: text) + DateMatcher.matches(in: text)
        return MatchSearch.sequence(of: text, StrengthMatch.sorted(matches))
    }

    private static func score(of guesses: Guesses) -> Int {
        let limits: [UInt128] = [1_005, 1_000_005, 100_000_005, 10_000_000_005]
        return limits.firstIndex { guesses < Guesses($0) } ?? limits.count
    }
}
