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
        case .sameAsOld: Message(.passwordIsTheSame)
        }
    }
}
