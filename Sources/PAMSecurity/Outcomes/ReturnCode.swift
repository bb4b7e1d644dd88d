import CPAM

/// A number of `<security/_pam_types.h>` with its name. PAM knows no other answers.
public struct ReturnCode: Equatable, Sendable {
    /// The number that libpam gets.
    public let rawValue: Int32
    /// Its name in the header.
    public let name: String

    private init(_ rawValue: Int32, _ name: String) {
        self.rawValue = rawValue
        self.name = name
    }

    static var success: ReturnCode { ReturnCode(PAM_SUCCESS, "PAM_SUCCESS") }
    static var serviceErr: ReturnCode { ReturnCode(PAM_SERVICE_ERR, "PAM_SERVICE_ERR") }
    static var systemErr: ReturnCode { ReturnCode(PAM_SYSTEM_ERR, "PAM_SYSTEM_ERR") }
    static var bufErr: ReturnCode { ReturnCode(PAM_BUF_ERR, "PAM_BUF_ERR") }
    static var permDenied: ReturnCode { ReturnCode(PAM_PERM_DENIED, "PAM_PERM_DENIED") }
    static var authErr: ReturnCode { ReturnCode(PAM_AUTH_ERR, "PAM_AUTH_ERR") }
    static var credInsufficient: ReturnCode { ReturnCode(PAM_CRED_INSUFFICIENT, "PAM_CRED_INSUFFICIENT") }
    static var authinfoUnavail: ReturnCode { ReturnCode(PAM_AUTHINFO_UNAVAIL, "PAM_AUTHINFO_UNAVAIL") }
    static var userUnknown: ReturnCode { ReturnCode(PAM_USER_UNKNOWN, "PAM_USER_UNKNOWN") }
    static var sessionErr: ReturnCode { ReturnCode(PAM_SESSION_ERR, "PAM_SESSION_ERR") }
    static var credUnavail: ReturnCode { ReturnCode(PAM_CRED_UNAVAIL, "PAM_CRED_UNAVAIL") }
    static var credErr: ReturnCode { ReturnCode(PAM_CRED_ERR, "PAM_CRED_ERR") }
    static var convErr: ReturnCode { ReturnCode(PAM_CONV_ERR, "PAM_CONV_ERR") }
    static var authtokErr: ReturnCode { ReturnCode(PAM_AUTHTOK_ERR, "PAM_AUTHTOK_ERR") }
    static var authtokLockBusy: ReturnCode { ReturnCode(PAM_AUTHTOK_LOCK_BUSY, "PAM_AUTHTOK_LOCK_BUSY") }
    static var tryAgain: ReturnCode { ReturnCode(PAM_TRY_AGAIN, "PAM_TRY_AGAIN") }
    static var ignore: ReturnCode { ReturnCode(PAM_IGNORE, "PAM_IGNORE") }
}
