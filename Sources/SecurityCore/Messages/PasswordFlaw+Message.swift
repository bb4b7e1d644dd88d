extension PasswordFlaw {
    /// What the person who chose the password is told; Flask-Security's own message where it has one.
    public var message: Message {
        switch self {
        case .empty: Message(.passwordNotProvided)
        case .tooShort(let minimum): Message(.passwordInvalidLength, Message.Argument("length", "\(minimum)"))
        case .tooLong(let maximum): Message(.passwordTooLong, Message.Argument("length", "\(maximum)"))
        case .tooManyBytes:
            Message(.passwordTooManyBytes, Message.Argument("length", "\(PasswordHasher.longestPassword)"))
        case .containsNUL: Message(.passwordContainsNUL)
        case .notUTF8: Message(.passwordNotUTF8)
        case .breached: Message(.passwordBreached)
        case .breachedUnknown: Message(.passwordBreachedSiteError)
        case .tooSimple(let strength):
            strength.warning.map { Message(sentence: $0.description) } ?? Message(.passwordTooSimple)
        case .strengthUnknown(let error): error.message
        case .notConfirmed: Message(.retypePasswordMismatch)
        case .sameAsOld: Message(.passwordIsTheSame)
        }
    }

    /// ``message`` and what else there is to say: how to do better, or why nobody knows.
    public var messages: [Message] {
        switch self {
        case .tooSimple(let strength): [message] + strength.suggestions.map { Message(sentence: $0.description) }
        case .breachedUnknown(let error): [message, error.message]
        case .empty, .tooShort, .tooLong, .tooManyBytes, .containsNUL, .notUTF8, .breached, .strengthUnknown,
            .notConfirmed, .sameAsOld:
            [message]
        }
    }
}
