/// The mails of the flows, by the names of their templates (Flask-Security: templates/security/email).
enum MailName: String, CaseIterable {
    case welcome
    case alreadyRegistered = "welcome_existing"
    case nameTaken = "welcome_existing_username"
    case confirmation = "confirmation_instructions"
    case signInLink = "login_instructions"
    case reset = "reset_instructions"
    case passwordReset = "reset_notice"
    case passwordChanged = "change_notice"

    /// Its template of the text part, below LIBSECURITY_TEMPLATE_DIR.
    var textTemplate: String { "security/email/\(rawValue).txt" }

    /// Its template of the HTML part.
    var htmlTemplate: String { "security/email/\(rawValue).html" }

    /// The key of its subject.
    var subject: String {
        switch self {
        case .welcome, .alreadyRegistered, .nameTaken: "SECURITY_EMAIL_SUBJECT_REGISTER"
        case .confirmation: "SECURITY_EMAIL_SUBJECT_CONFIRM"
        case .signInLink: "SECURITY_EMAIL_SUBJECT_PASSWORDLESS"
        case .reset: "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET"
        case .passwordReset: "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE"
        case .passwordChanged: "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE"
        }
    }
}
