/// Texts of pages and mails that Flask-Security writes into its templates, so that no key rewords them. The English text is the
/// name in the catalogues of translations; SECURITY_I18N_DIRNAME may translate each.
enum PageText: String, CaseIterable {
    // Pages
    case login = "Login"
    case rememberMe = "Remember Me"
    case emailAddress = "Email Address"
    case username = "Username"
    case password = "Password"
    case newPassword = "New Password"
    case retypePassword = "Retype Password"
    case register = "Register"
    case verifyPassword = "Verify Password"
    case pleaseReauthenticate = "Please Reauthenticate"
    case resendConfirmationButton = "Resend Confirmation Instructions"
    case resendConfirmationTitle = "Resend confirmation instructions"
    case sendLoginLink = "Send Login Link"
    case recoverPassword = "Recover Password"
    case sendPasswordResetInstructions = "Send password reset instructions"
    case resetPasswordButton = "Reset Password"
    case resetPasswordTitle = "Reset password"
    case changePasswordButton = "Change Password"
    case changePasswordTitle = "Change password"
    case addsPassword = "You do not currently have a password - this will add one."
    case confirmAccount = "Confirm account"
    case welcome = "Welcome"
    case menu = "Menu"
    case signOut = "Sign out"
    case forgotPassword = "Forgot password"
    case endSessions = "Sign out everywhere else"
    case endsSessions = "All your other sessions, remembered browsers and access tokens end."
    case sessionsEnded = "You are signed in here alone."

    // Mails
    case welcomeAddress = "Welcome %(email)s!"
    case welcomeConfirmLink = "You can confirm your email through the link below:"
    case helloAddress = "Hello %(email)s!"
    case alreadyRegistered = "Someone (you?) tried to register this email - which is already in our system."
    case alsoUsername = "This account also has the following username associated with it: %(username)s"
    case forgotLink = "If you forgot your password you can reset it with the following link:"
    // swift-format-ignore
    case usernameTaken = "You attempted to register with a username \"%(username)s\" that is already associated with another account."
    case chooseOtherUsername = "Please restart the registration process with a different username."
    case confirmLink = "Please confirm your email through the link below:"
    case signInLink = "You can log into your account through the link below:"
    case resetLink = "Click the link below to reset your password:"
    case passwordWasReset = "Your password has been reset"
    case passwordWasChanged = "Your password has been changed."
    case notYouLink = "If you did not change your password, click the link below to reset it."

    // Subjects, as they are by default
    case confirmSubject = "Please confirm your email"
    case signInLinkSubject = "Login instructions"
    case resetSubject = "Password reset instructions"
    case passwordChangedSubject = "Your password has been changed"

    // What went wrong
    case unavailable = "The service cannot answer now. Please try again later."
    case notFound = "Not Found"
    case methodNotAllowed = "Method Not Allowed"
}
