import SecurityCore

/// How securityctl ends. The numbers are part of its interface: `securityctl --help`, securityctl(8).
enum ExitStatus: Int32 {
    case success = 0
    /// Failed: nobody to ask, an output that cannot be written.
    case failure = 1
    /// The command line is wrong, or names what is not there or what the policy does not take. Flask-Security's commands do not
    /// tell these apart either.
    case usage = 2
    /// The configuration file is missing, open to others, or invalid.
    case configuration = 3
    /// The account database is missing, locked, damaged, full or not writable.
    case database = 4
    /// Nobody can tell whether a password is known from breaches.
    case unknown = 5
}

/// Why a command ends without having done its work: one message that names the thing and the way out.
struct CommandFailure: Error {
    let status: ExitStatus
    let message: String

    /// A refusal, or another kind of failure.
    init(_ message: String, status: ExitStatus = .failure) {
        self.status = status
        self.message = message
    }

    /// What the command line asks for cannot be: no such user or role, a password that the policy does not take.
    static func refusal(_ message: String) -> CommandFailure { CommandFailure(message, status: .usage) }

    /// What the account database said.
    init(_ error: StoreError) {
        switch error {
        case .conflict(let column): self = .refusal("Another row has this \(column) already.")
        case .missingAccount(let id): self = .refusal("User not found. The account id:\(id) was deleted meanwhile.")
        default: self.init(error.description, status: .database)
        }
    }

    /// What kept a password from being hashed.
    init(_ error: PasswordError) {
        switch error {
        case .missingSalt: self.init("SECURITY_PASSWORD_SALT is missing", status: .configuration)
        case .unsupported(let scheme), .malformed(let scheme):
            self.init("hashes of scheme \(scheme.rawValue) cannot be made: choose another SECURITY_PASSWORD_HASH")
        case .tooCostly(let scheme):
            self.init("the cost of \(scheme.rawValue) hashes is too high: lower SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS")
        case .tooLong, .containsNUL, .notUTF8, .unidentified: self.init("the password cannot be hashed")
        case .failed: self.init("the password could not be hashed: is there enough memory?")
        }
    }

    /// What kept a factor from being bound to an account.
    init(_ error: EnrolmentError) {
        switch error {
        case .store(let error): self.init(error)
        case .wallet(.unknownTag), .noTOTPSecrets, .colonInLabel, .recoveryCodesAreOff:
            self.init(error.description, status: .configuration)
        case .wallet, .randomness: self.init(error.description)
        }
    }

    /// Any error that a command ends with; nil for those of the command line.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as StoreError: self.init(error)
        case let error as PasswordError: self.init(error)
        case let error as EnrolmentError: self.init(error)
        case let error as BreachedError: self.init(error.description)
        case let error as PolicyFileError: self.init(error.description, status: .configuration)
        default: return nil
        }
    }

    /// The system's generator gave nothing.
    static var noRandomness: CommandFailure { CommandFailure("the system's random generator failed") }
}
