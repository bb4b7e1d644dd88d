/// A part of a password that follows a pattern.
struct StrengthMatch {
    /// The pattern, with what its number of guesses depends on.
    enum Pattern {
        /// No pattern: every character is guessed.
        case bruteforce
        case dictionary(WordMatch)
        case spatial(SpatialRun)
        /// A part that is repeated: how often, how long it is, and its own guesses.
        case repetition(count: Int, length: Int, guesses: Guesses)
        case sequence(isAscending: Bool)
        case recentYear(Int)
        case date(year: Int, hasSeparator: Bool)
    }

    /// The first and the last place.
    let first: Int
    let last: Int
    let pattern: Pattern

    var count: Int { last - first + 1 }
    var range: Range<Int> { first..<(last + 1) }

    /// By place; of matches at the same place those of earlier matchers stay first.
    static func sorted(_ matches: [StrengthMatch]) -> [StrengthMatch] {
        let order = matches.indices.sorted { left, right in
            let places = (matches[left].first, matches[left].last, left)
            return places < (matches[right].first, matches[right].last, right)
        }
        return order.map { matches[$0] }
    }
}

/// A word of a dictionary.
struct WordMatch {
    var dictionary: StrengthDictionary.List
    /// 1 for the commonest word.
    var rank: Int
    var isReversed = false
    /// Characters that stand for letters, in use in this match; empty where none is.
    var substitutions: [LeetSubstitution] = []
    var isLeet = false
}

/// A run of neighbouring keys.
struct SpatialRun {
    var keyboard: Keyboard
    var turns: Int
    var shifted: Int
}

/// A character that stands for a letter.
struct LeetSubstitution: Equatable {
    let character: UInt8
    let letter: UInt8
}
