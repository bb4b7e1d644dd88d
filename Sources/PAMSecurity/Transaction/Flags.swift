import CPAM

/// The flags of a call that a module acts on.
public struct Flags: OptionSet, Sendable {
    /// As libpam passes them.
    public let rawValue: Int32

    /// Flags as libpam passes them.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// PAM_SILENT: no texts but prompts.
    public static var silent: Flags { Flags(rawValue: Int32(PAM_SILENT)) }
    /// PAM_DELETE_CRED: the call of pam_setcred that ends a session.
    public static var deleteCredentials: Flags { Flags(rawValue: Int32(PAM_DELETE_CRED)) }
    /// PAM_CHANGE_EXPIRED_AUTHTOK: a change that a login forces, for which root has no privilege.
    public static var changeExpired: Flags { Flags(rawValue: Int32(PAM_CHANGE_EXPIRED_AUTHTOK)) }
    /// PAM_PRELIM_CHECK: the first of the two calls of a password change.
    public static var preliminary: Flags { Flags(rawValue: Int32(PAM_PRELIM_CHECK)) }
    /// PAM_UPDATE_AUTHTOK: the second.
    public static var update: Flags { Flags(rawValue: Int32(PAM_UPDATE_AUTHTOK)) }
}
