import SecurityCore
import SecurityTokens

/// /login and /logout (Flask-Security: views.login, views.logout).
///
/// | request | JSON | HTML |
/// | --- | --- | --- |
/// | GET, anonymous | 200, `identity_attributes` | the page |
/// | GET, signed in | 200, `user` | 302 POST_LOGIN_VIEW |
/// | POST, signed in | 400 ANONYMOUS_USER_REQUIRED | 302 POST_LOGIN_VIEW, `next` ignored |
/// | POST, right | 200, `user` | 302 `next` or POST_LOGIN_VIEW |
/// | POST, wrong | 400, field errors | 200, the page with them |
struct SignInFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    func respond() throws -> WebResponse {
        if let user = try exchange.caller() {
            if exchange.method != "POST", exchange.wantsJSON { return try exchange.success(user: user) }
            if exchange.wantsJSON { return exchange.failure(.anonymousUserRequired, status: 400) }
            return exchange.redirect(exchange.firstView("SECURITY_POST_LOGIN_VIEW"))
        }
        guard exchange.method == "POST" else { return try page(FormErrors()) }
        try exchange.checkCSRFOfAnybody()
        if let refusal = exchange.refusal(ofTypesIn: "email", "username", "password", "next") { return refusal }
        return try signIn()
    }

    private func signIn() throws -> WebResponse {
        var errors = FormErrors()
        let identity = try identity(&errors)
        let password = exchange.password("password")
        if password == nil { errors.add("password", exchange.text(.passwordNotProvided)) }
        exchange.checkNext(&errors)
        try exchange.checkCSRF(&errors)
        guard errors.isEmpty, let password, let identity else { return try refuse(errors, isProven: false) }
        let check = try password.secret.withSecret { secret in
            try exchange.passwordCheck(identity.login, secret, purpose: .login)
        }
        if check.step == .granted, let account = check.account { return try grant(account) }
        guard check.isProven, let account = check.account else {
            if check.account == nil, !identity.isThrottled(check.step) {
                errors.add(identity.field, exchange.text(.userDoesNotExist))
            } else {
                errors.add("password", exchange.text(.invalidPassword))
            }
            return try refuse(errors, isProven: false)
        }
        return try refuse(account, identity.field)
    }

    /// The password was right, so its owner may know what else stands in the way.
    private func refuse(_ account: Account, _ field: String) throws -> WebResponse {
        var errors = FormErrors()
        if exchange.mustConfirm(account) {
            errors.add(field, exchange.text(.confirmationRequired))
            if !exchange.wantsJSON,
                let target = exchange.view(
                    "SECURITY_REQUIRES_CONFIRMATION_ERROR_VIEW",
                    adding: [("email", exchange.submission.plain("email"))])
            {
                exchange.flash(.confirmationRequired)
                return exchange.redirect(target)
            }
        } else if !account.isActive {
            errors.add(field, exchange.text(.disabledAccount))
        } else {
            errors.add("", exchange.text(.twoFactorPermissionDenied))
        }
        return try refuse(errors, isProven: true)
    }

    private func grant(_ account: Account) throws -> WebResponse {
        exchange.forgetSecondFactor()
        try exchange.signIn(account, remember: exchange.submission.flag("remember"))
        if exchange.wantsJSON { return try exchange.success(user: account, mayCarryToken: true) }
        return exchange.redirect(exchange.target(after: "SECURITY_POST_LOGIN_VIEW"))
    }

    /// What the form names, by Flask-Security's order: the address where one is given, else the user name.
    private struct Named {
        let field: String
        let login: LoginIdentity

        /// Whether nobody was looked up, because of the throttle.
        func isThrottled(_ step: Step) -> Bool { step == .denied(.throttled) || step == .denied(.exhausted) }
    }

    private func identity(_ errors: inout FormErrors) throws -> Named? {
        let rules = site.policy.identities
        if let rule = rules.first(where: { $0.column == .email }), !exchange.submission.plain("email").isEmpty {
            guard let address = exchange.email(&errors, isOptional: true) else { return nil }
            return Named(
                field: "email", login: .attribute(.email, value: address, ignoringCase: rule.caseInsensitive))
        }
        if site.web.features.usernames, let rule = rules.first(where: { $0.column == .username }) {
            switch Username.judge(exchange.submission.plain("username"), site.policy.usernames) {
            case .success(let name):
                return Named(
                    field: "username", login: .attribute(.username, value: name, ignoringCase: rule.caseInsensitive))
            case .failure(.missing):
                return Named(field: "", login: .attribute(.username, value: "", ignoringCase: false))
            case .failure(let flaw):
                errors.add("username", exchange.text(flaw.message))
                return nil
            }
        }
        return Named(field: "email", login: .attribute(.email, value: "", ignoringCase: false))
    }

    private func refuse(_ errors: FormErrors, isProven: Bool) throws -> WebResponse {
        var errors = errors
        if site.web.features.genericAnswers, !isProven {
            errors.squash(["", "email", "username", "password"], to: exchange.text(.genericAuthnFailed))
        }
        if exchange.wantsJSON { return exchange.failure(errors) }
        return try page(errors)
    }

    private func page(_ errors: FormErrors) throws -> WebResponse {
        if exchange.wantsJSON {
            let names = exchange.identityAttributes.map { JSONValue.text($0) }
            return try exchange.success([JSONMember("identity_attributes", .array(names))])
        }
        return try PageBuilder(exchange).signIn(errors)
    }

    /// /logout: no body, and never an error.
    func signOut() throws -> WebResponse {
        exchange.forgetSecondFactor()
        if try exchange.caller() != nil { try exchange.signOut() }
        if exchange.request.method == "POST", exchange.wantsJSON { return exchange.json([]) }
        return exchange.redirect(exchange.target(after: "SECURITY_POST_LOGOUT_VIEW"))
    }
}
