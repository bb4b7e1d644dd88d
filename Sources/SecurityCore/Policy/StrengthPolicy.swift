/// How hard to guess a new password must be.
public struct StrengthPolicy: Equatable, Sendable {
    /// SECURITY_ZXCVBN_MINIMUM_SCORE, 0 to 4.
    public var minimumScore = 3
    /// LIBSECURITY_PASSWORD_CONTEXT_WORDS: what counts as known to who guesses, besides the account's own words.
    public var contextWords: [String] = []
    /// LIBSECURITY_ZXCVBN_FILE: where the words are.
    public var file = "/usr/share/libsecurity/zxcvbn.dat"

    /// Flask-Security's defaults.
    public init() {}
}
