/// What a new password must satisfy. A password is told all of its flaws at once.
public struct PasswordRules {
    private let policy: PasswordPolicy
    private let breached: BreachedCheck

    /// The rules of a policy. `service` knows breached passwords where the policy names no file of them; login processes have
    /// none.
    public init(policy: PasswordPolicy, service: (any BreachedPasswords)? = nil) {
        self.policy = policy
        breached = BreachedCheck(policy: policy.breached, service: service)
    }

    /// Why `password` may not be used, in the order of the rules; empty when it may.
    ///
    /// Lengths count code points after normalisation (SECURITY_PASSWORD_NORMALIZE_FORM), as Flask-Security does. What cannot
    /// be read, for its size, a NUL or bad UTF-8, is not judged further.
    public func flaws(of password: borrowing Secret, beside facts: PasswordFacts = PasswordFacts()) -> [PasswordFlaw] {
        var flaws: [PasswordFlaw] = []
        if password.withBytes({ $0.contains(0) }) { flaws.append(.containsNUL) }
        guard password.count <= PasswordHasher.longestPassword else { return flaws + [.tooManyBytes] }
        guard let text = password.withBytes({ normalize($0) }) else { return flaws + [.notUTF8] }
        guard text.count <= PasswordHasher.longestPassword else { return flaws + [.tooManyBytes] }
        guard flaws.isEmpty else { return flaws }
        let candidate = PasswordCandidate(
            text: text, isOld: isSame(facts.old, text) ?? false, isConfirmed: isSame(facts.confirmation, text) ?? true,
            words: facts.words, policy: policy, breached: breached)
        return PasswordRule.all.compactMap { rule in rule.flaw(candidate) }
    }

    /// Whether what was typed is the same text; nil when nothing was.
    private func isSame(_ typed: SharedSecret?, _ text: SharedSecret) -> Bool? {
        guard let typed else { return nil }
        guard let typed = typed.withBytes({ normalize($0) }) else { return false }
        return text.withBytes { text in typed.withBytes { typed in ConstantTime.equal(text, typed) } }
    }

    /// The normalised text; nil when it is not UTF-8, which a new password must be even without normalisation.
    private func normalize(_ password: Span<UInt8>) -> SharedSecret? {
        guard let text = (policy.normalization ?? .nfc).normalize(password) else { return nil }
        return SharedSecret(policy.normalization == nil ? Secret(copying: password) : text)
    }
}

/// What a new password is compared with.
public struct PasswordFacts {
    /// The password that it replaces, where that was typed.
    public var old: SharedSecret?
    /// What was typed to confirm it; nil = that was not asked, or was settled before.
    public var confirmation: SharedSecret?
    /// What an attacker knows of the user: the mail address and the user name, as they are. Flask-Security gives zxcvbn these
    /// and every other text of the account, hashes and tokens included, which nobody guesses with.
    public var words: [String]

    /// Facts of a change.
    public init(old: SharedSecret? = nil, confirmation: SharedSecret? = nil, words: [String] = []) {
        self.old = old
        self.confirmation = confirmation
        self.words = words
    }
}

/// A new password and what it is compared with.
struct PasswordCandidate {
    /// Normalised.
    let text: SharedSecret
    /// Whether it is known to be the password that it replaces.
    let isOld: Bool
    /// Whether it was typed twice alike, or was not to be typed twice.
    let isConfirmed: Bool
    let words: [String]
    let policy: PasswordPolicy
    let breached: BreachedCheck
}

/// One rule: finds its flaw, or nothing.
struct PasswordRule: Sendable {
    let flaw: @Sendable (PasswordCandidate) -> PasswordFlaw?

    static let all: [PasswordRule] = [
        blank, shortest, longest, unbreached, strongest, confirmed, sameAsOld,
    ]

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

    /// Flask-Security: PASSWORD_BREACHED and PASSWORD_BREACHED_SITE_ERROR.
    private static let unbreached = PasswordRule { candidate in
        guard !candidate.text.isEmpty else { return nil }
        switch candidate.text.withBytes({ candidate.breached.verdict(on: $0) }) {
        case .clear: return nil
        case .breached: return .breached
        case .unknown(let error): return .breachedUnknown(error)
        }
    }

    /// Flask-Security: zxcvbn's warning or PASSWORD_TOO_SIMPLE. Without the words no password passes: a check that the policy
    /// asks for must not be left out in silence.
    private static let strongest = PasswordRule { candidate in
        guard let policy = candidate.policy.strength, !candidate.text.isEmpty else { return nil }
        do throws(StrengthError) {
            let dictionary = try StrengthDictionary(path: policy.file)
            let strength = candidate.text.withBytes { text in
                dictionary.estimate(text, words: candidate.words + policy.contextWords)
            }
            return strength.score < policy.minimumScore ? .tooSimple(strength) : nil
        } catch {
            return .strengthUnknown(error)
        }
    }

    /// Flask-Security: RETYPE_PASSWORD_MISMATCH.
    private static let confirmed = PasswordRule { candidate in
        candidate.isConfirmed ? nil : .notConfirmed
    }

    /// Flask-Security: PASSWORD_IS_THE_SAME.
    private static let sameAsOld = PasswordRule { candidate in
        candidate.isOld && !candidate.text.isEmpty ? .sameAsOld : nil
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
