import SecurityCore
import SecurityTokens

/// /confirm: a new mail, and the link in it (Flask-Security: views.send_confirmation, views.confirm_email).
struct ConfirmationFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    // MARK: A new mail

    func request() throws -> WebResponse {
        guard exchange.method == "POST" else { return try page(FormErrors()) }
        try exchange.checkCSRFOfAnybody()
        if let refusal = exchange.refusal(ofTypesIn: "email") { return refusal }
        var errors = FormErrors()
        let account = try exchange.account(byEmail: &errors)
        if account?.isConfirmed == true { errors.add("email", exchange.text(.alreadyConfirmed)) }
        try exchange.checkCSRF(&errors)
        if errors.isEmpty, let account {
            try site.mail(exchange).confirmation(account)
        } else if site.web.features.genericAnswers {
            try site.mail(exchange).pretend { try $0.confirmation($1) }
        }
        if site.web.features.genericAnswers { errors.squash(["email"]) }
        guard errors.isEmpty else { return exchange.wantsJSON ? exchange.failure(errors) : try page(errors) }
        if !exchange.wantsJSON {
            exchange.flash(.confirmationRequest, Message.Argument("email", exchange.typedEmail))
        }
        return try page(FormErrors())
    }

    private func page(_ errors: FormErrors) throws -> WebResponse {
        exchange.wantsJSON ? try exchange.success() : try PageBuilder(exchange).sendConfirmation(errors)
    }

    // MARK: The link

    func open(_ token: String) throws -> WebResponse {
        let bytes = Array(token.utf8)
        let finding = try exchange.tokens().check(.confirmation, bytes.span)
        guard let account = finding.account else { return try failed(.invalidConfirmationToken, nil) }
        switch finding.verdict {
        case .used: return try failed(.alreadyConfirmed, account)
        case .expired:
            if let page = try exchange.askFirst(.resendConfirmationButton, "SECURITY_CONFIRM_URL", token: token) {
                return page
            }
            try site.mail(exchange).confirmation(account)
            return try failed(
                .confirmationExpired, account, Message.Argument("email", account.email),
                Message.Argument("within", site.web.text("SECURITY_CONFIRM_EMAIL_WITHIN") ?? ""))
        case .valid: break
        default: return try failed(.invalidConfirmationToken, nil)
        }
        if let page = try exchange.askFirst(.confirmAccount, "SECURITY_CONFIRM_URL", token: token) { return page }
        guard try exchange.tokens().redeem(.confirmation, bytes.span).verdict == .valid else {
            return try failed(.alreadyConfirmed, account)
        }
        return try confirmed(account)
    }

    private func confirmed(_ account: Account) throws -> WebResponse {
        if try exchange.caller()?.id != account.id {
            if try exchange.caller() != nil { try exchange.signOut() }
            if site.web.features.signsInAfterConfirmation, !exchange.needsSecondFactor(account), account.isActive {
                try exchange.recordSignIn(account)
                try exchange.signIn(account, remember: nil)
            }
        }
        if site.web.features.singlePage,
            let target = try exchange.view(
                "SECURITY_POST_CONFIRM_VIEW",
                adding: exchange.parameters(Message(.emailConfirmed), .emailConfirmed, account))
        {
            return exchange.redirect(target)
        }
        exchange.flash(.emailConfirmed)
        let next =
            site.web.features.signsInAfterConfirmation
            ? exchange.view("SECURITY_POST_LOGIN_VIEW") : exchange.url("SECURITY_LOGIN_URL")
        return exchange.redirect(exchange.view("SECURITY_POST_CONFIRM_VIEW") ?? next ?? site.web.applicationRoot)
    }

    private func failed(_ key: MessageKey, _ account: Account?, _ arguments: Message.Argument...) throws -> WebResponse
    {
        let error = "SECURITY_CONFIRM_ERROR_VIEW"
        return try exchange.linkRefused(
            Message(key, arguments: arguments), key, account: account, errors: error,
            page: exchange.view(error) ?? exchange.url("SECURITY_CONFIRM_URL"))
    }
}
