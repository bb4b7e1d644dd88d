/// User names as identities (Flask-Security: UsernameUtil).
public enum Username {
    /// The longest user name that the column holds, in bytes.
    private static let longest = 255

    /// The name as Flask-Security's username mapper makes it: blanks around it taken off, normalised. Nil when nothing is
    /// left or it cannot be a user name at all.
    public static func normalized(_ text: String, _ policy: UsernamePolicy) -> String? {
        let trimmed = trimming(text)
        guard !trimmed.isEmpty, trimmed.utf8.count <= longest else { return nil }
        guard let form = policy.normalization else { return trimmed }
        return form.normalize(trimmed)
    }

    /// Judges a new user name by Flask-Security's rules, in its order; the normalised name, or the first flaw.
    public static func judge(_ text: String, _ policy: UsernamePolicy) -> Result<String, UsernameFlaw> {
        guard !text.isEmpty else { return .failure(.missing) }
        // Flask-Security runs names through an HTML cleaner and refuses those that it changes.
        guard trimming(text).equals(text), !text.utf8.contains(where: { $0 == 0x3C || $0 == 0x3E || $0 == 0x26 }) else {
            return .failure(.illegalCharacters)
        }
        // Before normalisation, which takes letters with marks apart.
        guard text.unicodeScalars.allSatisfy({ isAllowed($0, policy) }) else { return .failure(.disallowedCharacters) }
        guard let name = normalized(text, policy) else { return .failure(.length(policy)) }
        let length = name.unicodeScalars.count
        guard length >= policy.minimumLength, length <= policy.maximumLength else { return .failure(.length(policy)) }
        return .success(name)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, _ policy: UsernamePolicy) -> Bool {
        guard !policy.allowedCategories.isEmpty else { return true }
        let category = scalar.properties.generalCategory.letters
        return policy.allowedCategories.contains { category.utf8.starts(with: $0.utf8) }
    }

    private static func trimming(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}

/// Why a text may not be a user name.
public enum UsernameFlaw: Error, Equatable, CustomStringConvertible {
    /// Nothing was given.
    case missing
    /// Blanks around it, or characters of HTML.
    case illegalCharacters
    /// Something that is neither letter nor number.
    case disallowedCharacters
    /// Too short or too long.
    case length(UsernamePolicy)

    /// What the person who chose the name is told.
    public var message: Message {
        switch self {
        case .missing: Message(.usernameNotProvided)
        case .illegalCharacters: Message(.usernameIllegalCharacters)
        case .disallowedCharacters: Message(.usernameDisallowedCharacters)
        case .length(let policy):
            Message(
                .usernameInvalidLength, Message.Argument("min", "\(policy.minimumLength)"),
                Message.Argument("max", "\(policy.maximumLength)"))
        }
    }

    /// Flask-Security's own sentence.
    public var description: String {
        switch self {
        case .missing: "Username not provided"
        case .illegalCharacters: "Username contains illegal characters"
        case .disallowedCharacters: "Username can contain only letters and numbers"
        case .length(let policy):
            "Username must be at least \(policy.minimumLength) characters and less than \(policy.maximumLength) characters"
        }
    }
}
