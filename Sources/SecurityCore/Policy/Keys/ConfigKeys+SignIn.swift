// One row a line, whatever its length: name, type, default, who reads it, meaning.

extension ConfigKeys {
    // swift-format-ignore
    static let signIn: [ConfigKey] = [
        .honoured("SECURITY_LOGIN_URL", .urlPath, #""/login""#, "http", "Sign-in route."),
        .honoured("SECURITY_LOGOUT_URL", .urlPath, #""/logout""#, "http", "Sign-out route."),
        .honoured("SECURITY_LOGOUT_METHODS", .choices("GET POST").orNull, #"["GET", "POST"]"#, "http", "Methods of the sign-out route; null = no route."),
        .honoured("SECURITY_POST_LOGIN_VIEW", .view, #""/""#, "http", "Where to go after sign-in; default APPLICATION_ROOT."),
        .honoured("SECURITY_POST_LOGOUT_VIEW", .view, #""/""#, "http", "Where to go after sign-out; default APPLICATION_ROOT."),
        .honoured("SECURITY_UNAUTHORIZED_VIEW", .view, null, "http", "HTML target when permission is missing; null = 403."),
        .honoured("SECURITY_LOGIN_USER_TEMPLATE", .template, #""security/login_user.html""#, "http", "Sign-in page."),
        .honoured("SECURITY_VERIFY_URL", .urlPath, #""/verify""#, "http", "Re-authentication route."),
        .honoured("SECURITY_VERIFY_TEMPLATE", .template, #""security/verify.html""#, "http", "Re-authentication page."),
        .accepted("SECURITY_POST_VERIFY_URL", .view, null, "http", "Documented name of the target after re-authentication."),
    ]

    // swift-format-ignore
    static let registration: [ConfigKey] = [
        .honoured("SECURITY_REGISTERABLE", .bool, "false", "http", "Turn on registration."),
        .honoured("SECURITY_SEND_REGISTER_EMAIL", .bool, "true", "mail+http", "Send the welcome mail."),
        .honoured("SECURITY_EMAIL_SUBJECT_REGISTER", .text, #""Welcome""#, "mail", "Subject of the welcome mail."),
        .honoured("SECURITY_REGISTER_USER_TEMPLATE", .template, #""security/register_user.html""#, "http", "Registration page."),
        .honoured("SECURITY_POST_REGISTER_VIEW", .view, null, "http", "HTML target after registration; null = POST_LOGIN_VIEW is documented, the code falls to APPLICATION_ROOT."),
        .honoured("SECURITY_REGISTER_URL", .urlPath, #""/register""#, "http", "Registration route."),
        .honoured("SECURITY_USERNAME_ENABLE", .bool, "false", "core+pam+http+cli", #"Add a username field to registration and login, and "username" as last identity."#),
        .honoured("SECURITY_USERNAME_REQUIRED", .bool, "false", "http+cli", "Username must be given at registration."),
        .honoured("SECURITY_USERNAME_MIN_LENGTH", .integer(1, 255), "4", "http+cli", "Fewest characters (normalised)."),
        .honoured("SECURITY_USERNAME_MAX_LENGTH", .integer(1, 255), "32", "http+cli", "Most characters (normalised)."),
        .honoured("SECURITY_USERNAME_NORMALIZE_FORM", .choice("NFC NFD NFKC NFKD").orNull, #""NFKD""#, "core+pam+http+cli", "Unicode form of usernames (5.9: INPUT_NORMALIZE_FORM)."),
    ]

    // swift-format-ignore
    static let confirmation: [ConfigKey] = [
        .honoured("SECURITY_CONFIRMABLE", .bool, "false", "http+pam+core", "New accounts must confirm their e-mail."),
        .honoured("SECURITY_CONFIRM_EMAIL_WITHIN", .durationText, #""5 days""#, "http", "Age limit of the confirmation link."),
        .honoured("SECURITY_CONFIRM_URL", .urlPath, #""/confirm""#, "http", "Confirmation route."),
        .honoured("SECURITY_SEND_CONFIRMATION_TEMPLATE", .template, #""security/send_confirmation.html""#, "http", "Page to ask for a new link."),
        .honoured("SECURITY_EMAIL_SUBJECT_CONFIRM", .text, #""Please confirm your email""#, "mail", "Subject."),
        .honoured("SECURITY_CONFIRM_ERROR_VIEW", .view, null, "http", "Target after a failed confirmation."),
        .honoured("SECURITY_POST_CONFIRM_VIEW", .view, null, "http", "Target after success."),
        .honoured("SECURITY_AUTO_LOGIN_AFTER_CONFIRM", .bool, "true", "http", "Sign in when the link is opened."),
        .honoured("SECURITY_LOGIN_WITHOUT_CONFIRMATION", .bool, "false", "http+pam+core", "Unconfirmed users may sign in."),
        .honoured("SECURITY_REQUIRES_CONFIRMATION_ERROR_VIEW", .view, null, "http", "HTML target when an unconfirmed user signs in, resets or uses unified sign-in."),
    ]

    // swift-format-ignore
    static let change: [ConfigKey] = [
        .honoured("SECURITY_CHANGEABLE", .bool, "false", "http+pam", "Turn on password change."),
        .honoured("SECURITY_CHANGE_URL", .urlPath, #""/change""#, "http", "Password change route."),
        .honoured("SECURITY_POST_CHANGE_VIEW", .view, null, "http", "Target after success."),
        .honoured("SECURITY_CHANGE_PASSWORD_TEMPLATE", .template, #""security/change_password.html""#, "http", "Page."),
        .honoured("SECURITY_SEND_PASSWORD_CHANGE_EMAIL", .bool, "true", "mail", "Send a notice after a change."),
        .honoured("SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE", .text, #""Your password has been changed""#, "mail", "Subject."),
    ]

    // swift-format-ignore
    static let recovery: [ConfigKey] = [
        .honoured("SECURITY_RECOVERABLE", .bool, "false", "http", "Turn on password reset."),
        .honoured("SECURITY_RESET_URL", .urlPath, #""/reset""#, "http", "Reset route."),
        .honoured("SECURITY_RESET_PASSWORD_TEMPLATE", .template, #""security/reset_password.html""#, "http", "New password page."),
        .honoured("SECURITY_FORGOT_PASSWORD_TEMPLATE", .template, #""security/forgot_password.html""#, "http", "Ask-for-link page."),
        .honoured("SECURITY_POST_RESET_VIEW", .view, null, "http", "Target after a reset."),
        .honoured("SECURITY_RESET_VIEW", .view, null, "http", "spa only: target of a good reset link (token, email, identity as query)."),
        .honoured("SECURITY_RESET_ERROR_VIEW", .view, null, "http", "spa only: target of a bad reset link."),
        .honoured("SECURITY_RESET_PASSWORD_WITHIN", .durationText, #""5 days""#, "http", "Age limit of the reset link (5.3+: 1 day)."),
        .honoured("SECURITY_SEND_PASSWORD_RESET_EMAIL", .bool, "true", "mail", "Send the mail with the link."),
        .honoured("SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL", .bool, "true", "mail", "Send a notice after a reset."),
        .honoured("SECURITY_EMAIL_SUBJECT_PASSWORD_RESET", .text, #""Password reset instructions""#, "mail", "Subject."),
        .honoured("SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE", .text, #""Your password has been reset""#, "mail", "Subject."),
    ]

    // swift-format-ignore
    static let tracking: [ConfigKey] = [
        .honoured("SECURITY_TRACKABLE", .bool, "false", "core+pam+http", "Record time, address and count of sign-ins."),
    ]
}
