/// A reason why a new password may not be used.
public enum PasswordFlaw: Equatable, Sendable {
    /// Nothing was typed, or only blanks.
    case empty
    /// Fewer code points than SECURITY_PASSWORD_LENGTH_MIN.
    case tooShort(minimum: Int)
    /// More code points than LIBSECURITY_PASSWORD_LENGTH_MAX.
    case tooLong(maximum: Int)
    /// More bytes than ``PasswordHasher/longestPassword``.
    case tooManyBytes
    /// A NUL byte.
    case containsNUL
    /// Not UTF-8.
    case notUTF8
    /// Found among breached passwords at least SECURITY_PASSWORD_BREACHED_COUNT times.
    case breached
    /// Nobody could say whether it is breached, and SECURITY_PASSWORD_CHECK_BREACHED is "strict".
    case breachedUnknown(BreachedError)
    /// A score below SECURITY_ZXCVBN_MINIMUM_SCORE.
    case tooSimple(PasswordStrength)
    /// Its score cannot be told.
    case strengthUnknown(StrengthError)
    /// What was typed to confirm it is something else.
    case notConfirmed
    /// The old password again.
    case sameAsOld

    /// A name that programs may rely on.
    public var identifier: String {
        switch self {
        case .empty: "empty"
        case .tooShort: "too-short"
        case .tooLong: "too-long"
        case .tooManyBytes: "too-many-bytes"
        case .containsNUL: "contains-nul"
        case .notUTF8: "not-utf8"
        case .breached: "breached"
        case .breachedUnknown: "breached-unknown"
        case .tooSimple: "too-simple"
        case .strengthUnknown: "strength-unknown"
        case .notConfirmed: "not-confirmed"
        case .sameAsOld: "same-as-old"
        }
    }
}

extension PasswordFlaw: CustomStringConvertible {
    /// What is said in English to the person who chose the password, in Flask-Security's own words where it has some.
    public var description: String {
        messages.map { message in MessageCatalogue().text(message) }.joined(separator: " ")
    }
}
