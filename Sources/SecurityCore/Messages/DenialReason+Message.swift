extension DenialReason {
    /// What somebody is told who has shown already who he is; nil = nothing.
    public var message: Message? {
        switch self {
        case .inactive: Message(.disabledAccount)
        case .unconfirmed: Message(.confirmationRequired)
        case .noFactor: Message(.secondFactorMissing)
        case .unknownAccount, .ambiguousAccount, .superuser, .notAdmitted, .noPassword, .wrongPassword,
            .unusablePassword, .wrongCode, .usedCode, .notACode, .unusableFactor, .noUsableFactor, .throttled,
            .exhausted,
            .dummyAnswer:
            nil
        }
    }
}

extension Question {
    /// What it is asked with.
    public var message: Message {
        switch self {
        case .password: Message(.passwordPrompt)
        case .code: Message(.codePrompt)
        }
    }
}
