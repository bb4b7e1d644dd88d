// One row a line, whatever its length: name, type, default, who reads it, meaning.

extension ConfigKeys {
    // swift-format-ignore
    static let twoFactor: [ConfigKey] = [
        .honoured("SECURITY_TWO_FACTOR", .bool, "false", "core+pam+http", "Turn on two-factor sign-in."),
        .honoured("SECURITY_TWO_FACTOR_REQUIRED", .bool, "false", "core+pam+http", "Everyone needs a second factor."),
        .honoured("SECURITY_TWO_FACTOR_ENABLED_METHODS", .choices("email authenticator sms mail"), #"["email", "authenticator", "sms"]"#, "core+pam+http+cli", "Methods that may be set up: email, authenticator, sms."),
        .honoured("SECURITY_TWO_FACTOR_SECRET", .secretTable.orNull, null, "core", "Old name of TOTP_SECRETS (removed 5.6)."),
        .honoured("SECURITY_TWO_FACTOR_URI_SERVICE_NAME", .text, #""service_name""#, "core", "Old name of TOTP_ISSUER (removed 5.6)."),
        .accepted("SECURITY_TWO_FACTOR_SMS_SERVICE", .text, #""Dummy""#, "http", "Old name of SMS_SERVICE (removed 5.6)."),
        .accepted("SECURITY_TWO_FACTOR_SMS_SERVICE_CONFIG", .secretTable.orNull, "{}", "http", "Old name of SMS_SERVICE_CONFIG (removed 5.6)."),
        .honoured("SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY", .integer(0, 3600), "120", "core+pam+http", "Window before and after now in which an app code is accepted."),
        .honoured("SECURITY_TWO_FACTOR_MAIL_VALIDITY", .integer(0, 3600), "300", "core+pam+http", "Same for codes sent by mail."),
        .honoured("SECURITY_TWO_FACTOR_SMS_VALIDITY", .integer(0, 3600), "120", "core+pam+http", "Same for codes sent by SMS."),
        .accepted("SECURITY_TWO_FACTOR_RESCUE_MAIL", .text, #""no-reply@localhost""#, "mail", #"Address that gets the "help" request."#),
        .accepted("SECURITY_EMAIL_SUBJECT_TWO_FACTOR", .text, #""Two-factor Login""#, "mail", "Subject of code mails."),
        .accepted("SECURITY_EMAIL_SUBJECT_TWO_FACTOR_RESCUE", .text, #""Two-factor Rescue""#, "mail", "Subject of the help mail."),
        .accepted("SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE", .template, #""security/two_factor_verify_code.html""#, "http", "Enter-code page."),
        .accepted("SECURITY_TWO_FACTOR_SETUP_TEMPLATE", .template, #""security/two_factor_setup.html""#, "http", "Set-up page."),
        .accepted("SECURITY_TWO_FACTOR_SETUP_URL", .urlPath, #""/tf-setup""#, "http", "Set-up route."),
        .accepted("SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL", .urlPath, #""/tf-validate""#, "http", "Enter-code route."),
        .accepted("SECURITY_TWO_FACTOR_RESCUE_URL", .urlPath, #""/tf-rescue""#, "http", "Rescue route."),
        .accepted("SECURITY_TWO_FACTOR_SELECT_URL", .urlPath, #""/tf-select""#, "http", "Choose-method route."),
        .accepted("SECURITY_TWO_FACTOR_SELECT_TEMPLATE", .template, #""security/two_factor_select.html""#, "http", "Choose-method page."),
        .accepted("SECURITY_TWO_FACTOR_ALWAYS_VALIDATE", .bool, "true", "core+pam+http", "False: a validity token can replace the code for a while."),
        .honoured("SECURITY_TWO_FACTOR_LOGIN_VALIDITY", .durationText, #""30 days""#, "http+core", "Life of that token."),
        .accepted("SECURITY_TWO_FACTOR_VALIDITY_COOKIE", .table, #"{ httponly = true, secure = false, samesite = "Strict" }"#, "http", "set_cookie arguments of cookie tf_validity."),
        .accepted("SECURITY_TWO_FACTOR_IMPLEMENTATIONS", .table, #"{ code = "flask_security.twofactor.CodeTfPlugin", webauthn = "flask_security.webauthn.WebAuthnTfPlugin" }"#, "none", "Second factor plug-ins; class paths are ignored."),
        .accepted("SECURITY_TWO_FACTOR_RESCUE_EMAIL", .bool, "true", "http+pam", "Offer a code by e-mail as rescue."),
    ]

    // swift-format-ignore
    static let unifiedSignIn: [ConfigKey] = [
        .honoured("SECURITY_UNIFIED_SIGNIN", .bool, "false", "core+pam+http", "Turn on unified sign-in."),
        .accepted("SECURITY_US_SIGNIN_URL", .urlPath, #""/us-signin""#, "http", "Route."),
        .accepted("SECURITY_US_SIGNIN_SEND_CODE_URL", .urlPath, #""/us-signin/send-code""#, "http", "Route."),
        .accepted("SECURITY_US_SETUP_URL", .urlPath, #""/us-setup""#, "http", "Route."),
        .accepted("SECURITY_US_VERIFY_LINK_URL", .urlPath, #""/us-verify-link""#, "http", "Magic link route."),
        .accepted("SECURITY_US_VERIFY_URL", .urlPath, #""/us-verify""#, "http", "Re-authentication route."),
        .accepted("SECURITY_US_VERIFY_SEND_CODE_URL", .urlPath, #""/us-verify/send-code""#, "http", "Route."),
        .accepted("SECURITY_US_POST_SETUP_VIEW", .view, #""/us-setup""#, "http", "HTML target after set-up."),
        .accepted("SECURITY_US_SIGNIN_TEMPLATE", .template, #""security/us_signin.html""#, "http", "Page."),
        .accepted("SECURITY_US_SETUP_TEMPLATE", .template, #""security/us_setup.html""#, "http", "Page."),
        .accepted("SECURITY_US_VERIFY_TEMPLATE", .template, #""security/us_verify.html""#, "http", "Page."),
        .honoured("SECURITY_US_ENABLED_METHODS", .choices("password email authenticator sms"), #"["password", "email", "authenticator", "sms"]"#, "core+pam+http", "password, email, authenticator, sms."),
        .honoured("SECURITY_US_MFA_REQUIRED", .choices("password email authenticator sms").orNull, #"["password", "email"]"#, "core+pam+http", "Methods after which the second factor is still asked."),
        .honoured("SECURITY_US_TOKEN_VALIDITY", .integer(0, 3600), "120", "core+pam+http", "Window of unified sign-in codes (all methods)."),
        .accepted("SECURITY_US_EMAIL_SUBJECT", .text, #""Verification Code""#, "mail", "Subject."),
        .honoured("SECURITY_US_SETUP_WITHIN", .durationText, #""30 minutes""#, "http", "Age limit of the set-up state token."),
        .accepted("SECURITY_US_SIGNIN_REPLACES_LOGIN", .bool, "false", "http", "LOGIN_URL serves unified sign-in."),
    ]

    // swift-format-ignore
    static let passwordless: [ConfigKey] = [
        .honoured("SECURITY_PASSWORDLESS", .bool, "false", "http", "Old login-link feature; replaces LOGIN_URL."),
        .honoured("SECURITY_SEND_LOGIN_TEMPLATE", .template, #""security/send_login.html""#, "http", "Page."),
        .honoured("SECURITY_EMAIL_SUBJECT_PASSWORDLESS", .text, #""Login instructions""#, "mail", "Subject."),
        .honoured("SECURITY_LOGIN_WITHIN", .durationText, #""1 days""#, "http", "Age limit of the login link."),
        .honoured("SECURITY_LOGIN_ERROR_VIEW", .view, null, "http", "spa only: target of a bad login or magic link."),
    ]

    // swift-format-ignore
    static let webAuthn: [ConfigKey] = [
        .honoured("SECURITY_WEBAUTHN", .bool, "false", "http", "Turn on WebAuthn."),
        .accepted("SECURITY_WAN_REGISTER_URL", .urlPath, #""/wan-register""#, "http", "Route."),
        .accepted("SECURITY_WAN_SIGNIN_URL", .urlPath, #""/wan-signin""#, "http", "Route."),
        .accepted("SECURITY_WAN_DELETE_URL", .urlPath, #""/wan-delete""#, "http", "Route."),
        .accepted("SECURITY_WAN_VERIFY_URL", .urlPath, #""/wan-verify""#, "http", "Route."),
        .accepted("SECURITY_WAN_POST_REGISTER_VIEW", .view, #""/wan-register""#, "http", "HTML target after registering a key."),
        .accepted("SECURITY_WAN_REGISTER_TEMPLATE", .template, #""security/wan_register.html""#, "http", "Page."),
        .accepted("SECURITY_WAN_SIGNIN_TEMPLATE", .template, #""security/wan_signin.html""#, "http", "Page."),
        .accepted("SECURITY_WAN_VERIFY_TEMPLATE", .template, #""security/wan_verify.html""#, "http", "Page."),
        .accepted("SECURITY_WAN_RP_NAME", .text, #""My Flask App""#, "http", "Relying party name."),
        .honoured("SECURITY_WAN_REGISTER_WITHIN", .durationText, #""30 minutes""#, "http", "Age limit of the registration state token."),
        .accepted("SECURITY_WAN_REGISTER_TIMEOUT", .integer(1, .max), "60000", "http", "options.timeout."),
        .honoured("SECURITY_WAN_SIGNIN_WITHIN", .durationText, #""1 minutes""#, "http", "Age limit of the sign-in and verify state tokens."),
        .accepted("SECURITY_WAN_SIGNIN_TIMEOUT", .integer(1, .max), "60000", "http", "options.timeout."),
        .accepted("SECURITY_WAN_ALLOW_AS_FIRST_FACTOR", .bool, "true", "http", #"Keys may be the first factor; false: /wan-signin is 404 unless a second factor is due, and every key is "secondary"."#),
        .accepted("SECURITY_WAN_ALLOW_AS_MULTI_FACTOR", .bool, "true", "http", "A user-verified first key counts as both factors."),
        .accepted("SECURITY_WAN_ALLOW_USER_HINTS", .bool, "true", "http", "Anonymous callers may get the key list of an identity; false also demands resident keys."),
        .accepted("SECURITY_WAN_ALLOW_AS_VERIFY", .choices("first secondary").orNull, #"["first", "secondary"]"#, "http", "Which usages (first, secondary) may freshen a session; empty/null: no verify route."),
    ]

    // swift-format-ignore
    static let recoveryCodes: [ConfigKey] = [
        .honoured("SECURITY_MULTI_FACTOR_RECOVERY_CODES", .bool, "false", "core+pam+http+cli", "Turn on recovery codes."),
        .honoured("SECURITY_MULTI_FACTOR_RECOVERY_CODES_N", .integer(1, 100), "5", "core+http+cli", "How many are made."),
        .accepted("SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL", .urlPath, #""/mf-recovery-codes""#, "http", "Show/make route."),
        .accepted("SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE", .template, #""security/mf_recovery_codes.html""#, "http", "Page."),
        .accepted("SECURITY_MULTI_FACTOR_RECOVERY_URL", .urlPath, #""/mf-recovery""#, "http", "Enter-code route."),
        .accepted("SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE", .template, #""security/mf_recovery.html""#, "http", "Page."),
    ]
}
