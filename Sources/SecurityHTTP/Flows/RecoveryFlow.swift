import SecurityCore
import SecurityTokens

/// /reset: a mail with a link, and the new password behind it (Flask-Security: views.forgot_password, views.reset_password).
struct RecoveryFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    // MARK: The mail

    func request() throws -> WebResponse {
        if let refusal = try exchange.anonymousOnly() { return refusal }
        guard exchange.method == "POST" else { return try page(FormErrors()) }
        try exchange.checkCSRFOfAnybody()
        if let refusal = exchange.refusal(ofTypesIn: "email") { return refusal }
        var errors = FormErrors()
        let account = try exchange.account(byEmail: &errors)
        try exchange.checkCSRF(&errors)
        var isUnconfirmed = false
        if errors.isEmpty, let account {
            isUnconfirmed = exchange.mustConfirm(account)
            if !account.isActive {
                errors.add("email", exchange.text(.disabledAccount))
            } else if isUnconfirmed {
                errors.add("email", exchange.text(.confirmationRequired))
            }
        }
        if errors.isEmpty, let account {
            if site.web.features.sendsResetMail { try site.mail(exchange).reset(account) }
        } else if site.web.features.genericAnswers, site.web.features.sendsResetMail {
            try site.mail(exchange).pretend { try $0.reset($1) }
        }
        if site.web.features.genericAnswers { errors.squash(["email"]) }
        if !errors.isEmpty { return try refuse(errors, isUnconfirmed) }
        if !exchange.wantsJSON {
            exchange.flash(.passwordResetRequest, Message.Argument("email", exchange.typedEmail))
        }
        return try page(FormErrors())
    }

    private func refuse(_ errors: FormErrors, _ isUnconfirmed: Bool) throws -> WebResponse {
        if exchange.wantsJSON { return exchange.failure(errors) }
        if isUnconfirmed,
            let target = exchange.view(
                "SECURITY_REQUIRES_CONFIRMATION_ERROR_VIEW", adding: [("email", exchange.submission.plain("email"))])
        {
            exchange.flash(.confirmationRequired)
            return exchange.redirect(target)
        }
        return try page(errors)
    }

    private func page(_ errors: FormErrors) throws -> WebResponse {
        exchange.wantsJSON ? try exchange.success() : try PageBuilder(exchange).forgotPassword(errors)
    }

    // MARK: The link

    func open(_ token: String) throws -> WebResponse {
        if let refusal = try exchange.anonymousOnly() { return refusal }
        try exchange.checkCSRFOfAnybody()
        let bytes = Array(token.utf8)
        let finding = try exchange.tokens().check(.reset, bytes.span)
        switch finding.verdict {
        case .valid: break
        case .expired:
            guard let account = finding.account else { return try failed(.invalidResetPasswordToken, nil) }
            if let page = try exchange.askFirst(.sendPasswordResetInstructions, "SECURITY_RESET_URL", token: token) {
                return page
            }
            try site.mail(exchange).reset(account)
            return try failed(
                .passwordResetExpired, account, Message.Argument("email", account.email),
                Message.Argument("within", site.web.text("SECURITY_RESET_PASSWORD_WITHIN") ?? ""))
        default: return try failed(.invalidResetPasswordToken, nil)
        }
        guard let account = finding.account else { return try failed(.invalidResetPasswordToken, nil) }
        guard exchange.method != "POST" else { return try reset(account, token) }
        if site.web.features.singlePage,
            let target = try exchange.view(
                "SECURITY_RESET_VIEW", adding: [("token", token)] + exchange.parameters(of: account))
        {
            return exchange.redirect(target)
        }
        return try PageBuilder(exchange).resetPassword(FormErrors(), token: token)
    }

    private func reset(_ account: Account, _ token: String) throws -> WebResponse {
        if let refusal = exchange.refusal(ofTypesIn: "password", "password_confirm") { return refusal }
        var errors = FormErrors()
        let new = exchange.password("password")
        if new == nil { errors.add("password", exchange.text(.passwordNotProvided)) }
        exchange.checkRepetition(of: "password", in: "password_confirm", &errors)
        try exchange.checkCSRF(&errors)
        guard errors.isEmpty, let new else { return try refuse(errors, token) }
        // Flask-Security changes the password of an inactive account and says that all is well.
        guard account.isActive else { return try failed(.disabledAccount, nil) }
        let change = try exchange.passwordChange()
        let prepared: PreparedPassword
        switch try new.secret.withSecret({ try change.prepare($0, account: account.id) }) {
        case .ready(let password): prepared = password
        case .refused(let flaws):
            for flaw in flaws { errors.add("password", exchange.text(flaw.message)) }
            return try refuse(errors, token)
        }
        let bytes = Array(token.utf8)
        var isRedeemed = false
        let changed = try exchange.change(account) {
            isRedeemed = try exchange.tokens().redeem(.reset, bytes.span).verdict == .valid
            if isRedeemed { try change.commit(prepared, account: account.id) }
        } telling: { changed in
            if isRedeemed, site.web.features.sendsResetNotice { try site.mail(exchange).passwordReset(changed) }
        }
        return isRedeemed ? try finish(changed) : try failed(.invalidResetPasswordToken, nil)
    }

    private func finish(_ account: Account) throws -> WebResponse {
        guard site.web.features.signsInAfterReset, !exchange.needsSecondFactor(account), !exchange.mustConfirm(account)
        else {
            if exchange.wantsJSON { return exchange.json([]) }
            exchange.flash(.passwordResetNoLogin)
            return exchange.redirect(exchange.url("SECURITY_LOGIN_URL"))
        }
        try exchange.recordSignIn(account)
        try exchange.signIn(account, remember: nil)
        if exchange.wantsJSON { return try exchange.success(user: account, mayCarryToken: true) }
        exchange.flash(.passwordReset)
        return exchange.redirect(exchange.firstView("SECURITY_POST_RESET_VIEW", "SECURITY_POST_LOGIN_VIEW"))
    }

    private func refuse(_ errors: FormErrors, _ token: String) throws -> WebResponse {
        if exchange.wantsJSON { return exchange.failure(errors) }
        return try PageBuilder(exchange).resetPassword(errors, token: token)
    }

    /// A GET is a browser that came from a mail, whatever it accepts; a POST may be a script.
    private func failed(_ key: MessageKey, _ account: Account?, _ arguments: Message.Argument...) throws -> WebResponse
    {
        let message = Message(key, arguments: arguments)
        if exchange.method == "POST", exchange.wantsJSON {
            var errors = FormErrors()
            errors.add("", exchange.text(message))
            return exchange.failure(errors)
        }
        return try exchange.linkRefused(
            message, key, account: account, errors: "SECURITY_RESET_ERROR_VIEW",
            page: exchange.url("SECURITY_RESET_URL"))
    }
}
