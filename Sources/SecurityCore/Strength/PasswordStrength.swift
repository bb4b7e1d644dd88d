/// How hard a password is to guess, as zxcvbn estimates it (Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX
/// Security 2016; zxcvbn 4.5.0 for Python).
public struct PasswordStrength: Equatable, Sendable {
    /// 0 (too guessable) to 4 (very unguessable): fewer than 10^3, 10^6, 10^8, 10^10 guesses, or more.
    public let score: Int
    /// The decimal logarithm of the estimated number of guesses.
    public let guessesLog10: Double
    /// What makes the password weak; nil when there is nothing to say, and always for scores above 2.
    public let warning: StrengthWarning?
    /// How to choose a better one; empty for scores above 2.
    public let suggestions: [StrengthSuggestion]
}

/// What makes a password weak.
public enum StrengthWarning: String, CaseIterable, Sendable {
    case straightRow = "Straight rows of keys are easy to guess."
    case keyboardPattern = "Short keyboard patterns are easy to guess."
    case repeatedCharacter = "Repeats like \"aaa\" are easy to guess."
    case repeatedWord = "Repeats like \"abcabcabc\" are only slightly harder to guess than \"abc\"."
    case sequence = "Sequences like \"abc\" or \"6543\" are easy to guess."
    case recentYear = "Recent years are easy to guess."
    case date = "Dates are often easy to guess."
    case topTenPassword = "This is a top-10 common password."
    case topHundredPassword = "This is a top-100 common password."
    case commonPassword = "This is a very common password."
    case similarToCommonPassword = "This is similar to a commonly used password."
    case singleWord = "A word by itself is easy to guess."
    case singleName = "Names and surnames by themselves are easy to guess."
    case commonName = "Common names and surnames are easy to guess."
}

extension StrengthWarning: CustomStringConvertible {
    /// zxcvbn's sentence.
    public var description: String { rawValue }
}

/// How to choose a better password.
public enum StrengthSuggestion: String, CaseIterable, Sendable {
    case fewWords = "Use a few words, avoid common phrases."
    case noNeedForSymbols = "No need for symbols, digits, or uppercase letters."
    case anotherWord = "Add another word or two. Uncommon words are better."
    case longerPattern = "Use a longer keyboard pattern with more turns."
    case noRepeats = "Avoid repeated words and characters."
    case noSequences = "Avoid sequences."
    case noRecentYears = "Avoid recent years."
    case noOwnYears = "Avoid years that are associated with you."
    case noOwnDates = "Avoid dates and years that are associated with you."
    case capitalization = "Capitalization doesn't help very much."
    case allUppercase = "All-uppercase is almost as easy to guess as all-lowercase."
    case reversedWord = "Reversed words aren't much harder to guess."
    case substitution = "Predictable substitutions like '@' instead of 'a' don't help very much."
}

extension StrengthSuggestion: CustomStringConvertible {
    /// zxcvbn's sentence.
    public var description: String { rawValue }
}
