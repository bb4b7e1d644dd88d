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
        case .sameAsOld: "same-as-old"
        }
    }
}

extension PasswordFlaw: CustomStringConvertible {
    /// One English sentence for the person who chose the password, in Flask-Security's own words where it has some.
    public var description: String { MessageCatalogue().text(message) }
}
