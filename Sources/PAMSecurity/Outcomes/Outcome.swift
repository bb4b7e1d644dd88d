/// What became of a call, before it is a number.
public enum Outcome: CaseIterable, Sendable {
    /// Granted, allowed, changed, nothing to do.
    case done
    /// Not granted: wrong evidence (in a change, the old password), or an account that may not log in, whatever the reason.
    case refused
    /// The account is not ours, and the line asks to be told.
    case unknownAccount
    /// The account is ours and may not be used, or its password may not be changed.
    case notAllowed
    /// The policy refuses the new password, or `use_authtok` finds none.
    case passwordRefused
    /// The new password was typed differently the second time.
    case entriesDiffer
    /// Another process holds the account database.
    case busy
    /// Configuration or account database missing, damaged or invalid.
    case unavailable
    /// The caller may not read the configuration or the account database.
    case noRights
    /// The application gave no answer.
    case noAnswer
    /// The line of the service file is not understood.
    case badArgument
    /// Memory ran out.
    case outOfMemory
    /// Anything else went wrong.
    case systemFailure
    /// `nullok`, and the account has no second factor.
    case ignored
}

/// PAM's management groups; `pam_sm_setcred` has codes of its own.
public enum Group: CaseIterable, Sendable {
    case authenticate, account, credentials, password, session
}

/// One row of the table of return codes: an outcome in each group, nil where it cannot come up.
public struct OutcomeRow: Sendable {
    /// What became of the call.
    public let outcome: Outcome
    private let codes: [ReturnCode?]

    init(
        _ outcome: Outcome, _ authenticate: ReturnCode?, _ account: ReturnCode?, _ credentials: ReturnCode?,
        _ password: ReturnCode?, _ session: ReturnCode?
    ) {
        self.outcome = outcome
        codes = [authenticate, account, credentials, password, session]
    }

    /// The code of a group, or nil.
    public func code(in group: Group) -> ReturnCode? {
        switch group {
        case .authenticate: codes[0]
        case .account: codes[1]
        case .credentials: codes[2]
        case .password: codes[3]
        case .session: codes[4]
        }
    }
}

extension Outcome {
    /// The return codes, which pam_security(8) prints. PAM_IGNORE answers no error, ever: a second factor would vanish.
    public static var table: [OutcomeRow] {
        [
            //         outcome            authenticate       account            setcred      password           session
            OutcomeRow(.done, .success, .success, .success, .success, .success),
            OutcomeRow(.refused, .authErr, .authErr, .credErr, .authErr, nil),
            OutcomeRow(.unknownAccount, .userUnknown, .userUnknown, nil, .userUnknown, nil),
            OutcomeRow(.notAllowed, nil, .permDenied, nil, .permDenied, nil),
            OutcomeRow(.passwordRefused, nil, nil, nil, .authtokErr, nil),
            OutcomeRow(.entriesDiffer, nil, nil, nil, .tryAgain, nil),
            OutcomeRow(.busy, .authinfoUnavail, .authinfoUnavail, .credUnavail, .authtokLockBusy, nil),
            OutcomeRow(.unavailable, .authinfoUnavail, .authinfoUnavail, .credUnavail, .authinfoUnavail, nil),
            OutcomeRow(.noRights, .credInsufficient, .credInsufficient, .credUnavail, .authtokErr, nil),
            OutcomeRow(.noAnswer, .convErr, .convErr, nil, .convErr, nil),
            OutcomeRow(.badArgument, .serviceErr, .serviceErr, .serviceErr, .serviceErr, .serviceErr),
            OutcomeRow(.outOfMemory, .bufErr, .bufErr, .bufErr, .bufErr, nil),
            OutcomeRow(.systemFailure, .systemErr, .systemErr, .credErr, .systemErr, .sessionErr),
            OutcomeRow(.ignored, .ignore, nil, nil, nil, nil),
        ]
    }

    /// The code of this outcome in a group; one that cannot come up there is a failure of ours, and no success.
    public func code(in group: Group) -> ReturnCode {
        for row in Outcome.table where row.outcome == self {
            if let code = row.code(in: group) { return code }
        }
        return .systemErr
    }
}
