public import SecurityCore

/// One PAM transaction, as a module sees it. ``LinuxPAM`` is the one that libpam hands over.
///
/// Requirements on every implementation:
/// 1. An answer MUST be wiped wherever it was received, on every path, and be handed on only as a ``SharedSecret``.
/// 2. An answer MUST NOT be cut: one that is longer than the core accepts arrives longer than the core accepts.
/// 3. No call may print, or read from a terminal.
public protocol Transaction: AnyObject {
    /// The login name (PAM_USER), asked for when it is not set; nil when it is not UTF-8.
    func userName() throws(Interruption) -> String?

    /// A text item; nil when it is not set or empty.
    func text(_ item: TextItem) -> String?

    /// A variable of the session's own environment, which modules above and the application may set, or of the process's;
    /// nil when it is not set or not UTF-8.
    func variable(_ name: String, of environment: EnvironmentKind) -> String?

    /// The real uid of the calling process.
    var callerID: UInt32 { get }

    /// The uid that the system gives a name; nil = the system does not know it.
    func systemID(of name: String) -> UInt32?

    /// Whether PAM_USER is still this name, without asking for it; "" stands for one that is not UTF-8.
    func isUser(_ name: String) -> Bool

    /// The token that a module above took, or nil.
    func stacked(_ token: Token) -> SharedSecret?

    /// The token that a module above took, or else what the user answers; kept for the modules below. A new password
    /// is asked for twice.
    func token(_ token: Token) throws(Interruption) -> SharedSecret

    /// Forgets a token, so that it is asked for again and no module below takes it.
    func forget(_ token: Token)

    /// Hands a token to the modules below.
    func keep(_ secret: SharedSecret, as token: Token)

    /// Keeps what remains to be recorded until a later call of the same transaction takes it, or drops with nil what was
    /// kept; false when it cannot be kept.
    func keep(_ grant: KeptGrant?, under name: String) -> Bool

    /// Takes what was kept; nil = nothing.
    func takeGrant(under name: String) -> KeptGrant?

    /// Asks without echo. The answer is kept nowhere.
    func answer(to prompt: String) throws(Interruption) -> SharedSecret

    /// Shows a line to the user.
    func show(_ line: String)

    /// Writes a line to the system log.
    func log(_ level: LogLevel, _ line: String)

    /// Asks libpam to delay the answer of a failed authentication by about this long. Nothing sleeps here.
    func delayFailure(microseconds: UInt32)
}

/// A right code that is not a login yet: what is recorded once the application goes on. It holds no secret.
public final class KeptGrant {
    let grant: Grant
    /// The login name, for the log.
    let name: String
    /// Records it when the application ends the transaction with PAM_SUCCESS and nothing has taken it.
    let recordAtEnd: () -> Void

    init(_ grant: Grant, name: String, recordAtEnd: @escaping () -> Void) {
        self.grant = grant
        self.name = name
        self.recordAtEnd = recordAtEnd
    }
}

/// Where a variable stands.
public enum EnvironmentKind: Sendable {
    /// pam_getenv(3).
    case session
    /// getenv(3): that of the caller, also in a set-uid program. Never to be trusted.
    case process
}

/// Items that are texts.
public enum TextItem: Sendable {
    /// PAM_TTY.
    case terminal
    /// PAM_RUSER, the caller's own word.
    case remoteUser
    /// PAM_RHOST.
    case remoteHost
}

/// What libpam carries from module to module.
public enum Token: Sendable {
    /// PAM_AUTHTOK: the password; in the password group the new one.
    case password
    /// PAM_OLDAUTHTOK.
    case oldPassword
}

/// Levels of the system log.
public enum LogLevel: Sendable {
    case error, notice, info, debug
}

/// What ended a call before there was a verdict.
public struct Interruption: Error, Equatable {
    /// What the call comes to.
    public var outcome: Outcome
    /// A word for the log.
    public var reason: String
    /// The account that was found before; nil = none, and then its name is not logged.
    public var account: Int64?

    /// The reason when the application gave no answer: somebody's choice, and no error of the site.
    public static let noAnswer = "no-answer"

    /// An interruption of its parts.
    public init(_ outcome: Outcome, _ reason: String, account: Int64? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.account = account
    }
}
