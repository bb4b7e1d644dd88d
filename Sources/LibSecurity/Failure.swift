import CLibSecurity
import SecurityCore

/// What an exported function answers instead of LSEC_OK, with the text for lsec_last_error().
struct Failure: Error {
    let result: lsec_result
    let message: String

    init(_ result: lsec_result, _ message: String) {
        self.result = result
        self.message = message
    }

    /// The caller broke a rule of the header.
    static func argument(_ message: String) -> Failure { Failure(LSEC_ERR_ARGUMENT, message) }

    static let memory = Failure(LSEC_ERR_MEMORY, "out of memory")
}

extension Failure {
    init(_ error: StoreError) {
        self.init(Failure.result(of: error), error.description)
    }

    private static func result(of error: StoreError) -> lsec_result {
        switch error {
        case .missing: LSEC_ERR_STORE_MISSING
        case .unreadable, .untrusted: LSEC_ERR_STORE_UNREADABLE
        case .readOnly: LSEC_ERR_STORE_READ_ONLY
        case .locked, .overdue: LSEC_ERR_STORE_LOCKED
        case .damaged: LSEC_ERR_STORE_DAMAGED
        case .diskFull: LSEC_ERR_STORE_FULL
        case .schema, .conflict: LSEC_ERR_STORE_SCHEMA
        case .unsupported: LSEC_ERR_STORE_UNSUPPORTED
        case .missingAccount: LSEC_NOT_FOUND
        case .staleAccount: LSEC_ERR_STATE
        case .outOfMemory: LSEC_ERR_MEMORY
        case .exists, .failed: LSEC_ERR_STORE
        }
    }

    init(_ error: AuthenticationError) {
        switch error {
        case .store(let error): self.init(error)
        case .unexpectedAnswer: self.init(LSEC_ERR_STATE, "no question is open")
        }
    }

    init(_ error: PasswordChangeError) {
        switch error {
        case .store(let error): self.init(error)
        case .password(.missingSalt):
            self.init(LSEC_ERR_POLICY, "SECURITY_PASSWORD_SALT is not set, and a double hash needs it")
        case .password(.unsupported(let scheme)):
            self.init(LSEC_ERR_POLICY, "this version makes no \(scheme.rawValue) hashes: change SECURITY_PASSWORD_HASH")
        case .password(.tooCostly(let scheme)):
            self.init(LSEC_ERR_POLICY, "the cost of new \(scheme.rawValue) hashes is too high for this version")
        case .password, .randomness:
            self.init(LSEC_ERR_CRYPTO, "the password cannot be hashed: memory or the random generator failed")
        }
    }

    init(_ error: EnrolmentError) {
        switch error {
        case .store(let error): self.init(error)
        case .wallet(.unknownTag), .noTOTPSecrets, .colonInLabel, .recoveryCodesAreOff:
            self.init(LSEC_ERR_POLICY, error.description)
        case .wallet(.malformed), .wallet(.wrongVersion), .wallet(.wrongType), .wallet(.costOutOfBounds),
            .wallet(.unsupported):
            self.init(LSEC_ERR_ARGUMENT, error.description)
        case .wallet(.failed), .randomness: self.init(LSEC_ERR_CRYPTO, error.description)
        }
    }
}
