/// Texts for people that Flask-Security has no key for. The English text is the name in the catalogues of translations.
public enum FixedMessage: String, CaseIterable, Sendable {
    // Prompts
    case passwordPrompt = "Password: "
    case currentPasswordPrompt = "Current password: "
    case newPasswordPrompt = "New password: "
    case repeatedPasswordPrompt = "Retype new password: "
    case codePrompt = "Verification code: "

    // Accounts on hosts
    case passwordsNotChangeable = "Passwords cannot be changed here: SECURITY_CHANGEABLE is false."
    case secondFactorMissing = "This account needs a second factor, and none is set up."

    // New passwords
    case passwordTooLong = "Password must be at most %(length)s characters"
    case passwordTooManyBytes = "Password must be at most %(length)s bytes"
    case passwordContainsNUL = "Password must not contain a NUL character"
    case passwordNotUTF8 = "Password must be valid UTF-8 text"
}
