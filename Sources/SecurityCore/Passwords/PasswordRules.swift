/// What a new password must satisfy. A password is told all of its flaws at once.
public struct PasswordRules {
    private let policy: PasswordPolicy

    /// The rules of a policy.
    public init(policy: PasswordPolicy) {
        self.policy = policy
    }

    /// Why `password` may not be used, in the order of the rules; empty when it may. `old` is the password that it replaces,
    /// where that was typed.
    ///
    /// Lengths count code points after normalisation (SECURITY_PASSWORD_NORMALIZE_FORM), as Flask-Security does. What cannot
    /// be read, for its size, a NUL or bad UTF-8, is not judged further.
    public func flaws(of password: borrowing Secret, old: SharedSecret? = nil) -> [PasswordFlaw] {
        var flaws: [PasswordFlaw] = []
        if password.withBytes({ $0.contains(0) }) { flaws.append(.containsNUL) }
        guard password.count <= PasswordHasher.longestPassword else { return flaws + [.tooManyBytes] }
        guard let text = password.withBytes({ normalize($0) }) else { return flaws + [.notUTF8] }
        guard text.count <= PasswordHasher.longestPassword else { return flaws + [.tooManyBytes] }
        guard flaws.isEmpty else { return flaws }
        let candidate = PasswordCandidate(text: text, old: old?.withBytes { normalize($0) }, policy: policy)
        return PasswordRule.all.compactMap { rule in rule.flaw(candidate) }
    }

    /// The normalised text; nil when it is not UTF-8, which a new password must be even without normalisation.
    private func normalize(_ password: Span<UInt8>) -> SharedSecret? {
        guard let text = (policy.normalization ?? .nfc).normalize(password) else { return nil }
        return SharedSecret(policy.normalization == nil ? Secret(copying: password) : text)
    }
}

/// A new password and what it is compared with.
struct PasswordCandidate {
    /// Normalised.
    let text: SharedSecret
    /// The password that it replaces, normalised; nil when it was not typed, or is not UTF-8.
    let old: SharedSecret?
    let policy: PasswordPolicy
}

/// One rule: finds its flaw, or nothing.
struct PasswordRule: Sendable {
    let flaw: @Sendable (PasswordCandidate) -> PasswordFlaw?

    static let all: [PasswordRule] = [blank, shortest, longest, sameAsOld]

    /// Flask-Security: PASSWORD_NOT_PROVIDED, for a field that is empty or blank.
    private static let blank = PasswordRule { candidate in
        candidate.text.withBytes { text in
            var index = 0
            while let count = Blank.count(in: text, at: index) { index += count }
            return index == text.count
        } ? .empty : nil
    }

    private static let shortest = PasswordRule { candidate in
        let count = candidate.text.withBytes { $0.codePointCount }
        let minimum = candidate.policy.minimumLength
        return (1..<max(minimum, 1)).contains(count) ? .tooShort(minimum: minimum) : nil
    }

    private static let longest = PasswordRule { candidate in
        let count = candidate.text.withBytes { $0.codePointCount }
        return count > candidate.policy.maximumLength ? .tooLong(maximum: candidate.policy.maximumLength) : nil
    }

    private static let sameAsOld = PasswordRule { candidate in
        guard let old = candidate.old, !candidate.text.isEmpty else { return nil }
        let isSame = candidate.text.withBytes { text in old.withBytes { old in ConstantTime.equal(text, old) } }
        return isSame ? .sameAsOld : nil
    }
}

extension Span where Element == UInt8 {
    /// The number of code points in UTF-8 text.
    fileprivate var codePointCount: Int {
        var count = 0
        for index in indices where self[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
