import SecurityCore
import SecurityTokens

/// /login with SECURITY_PASSWORDLESS: a mail with a link that signs in (Flask-Security: views.send_login, views.token_login).
struct SignInLinkFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    func request() throws -> WebResponse {
        guard exchange.method == "POST" else { return try page(FormErrors(), nil) }
        try exchange.checkCSRFOfAnybody()
        if let refusal = exchange.refusal(ofTypesIn: "email") { return refusal }
        var errors = FormErrors()
        let account = try exchange.account(byEmail: &errors)
        if account?.isActive == false { errors.add("email", exchange.text(.disabledAccount)) }
        try exchange.checkCSRF(&errors)
        let isGeneric = site.web.features.genericAnswers
        if errors.isEmpty, let account {
            try site.mail(exchange).signInLink(account)
        } else if isGeneric {
            try site.mail(exchange).pretend { try $0.signInLink($1) }
        }
        if isGeneric { errors.squash(["email"]) }
        guard errors.isEmpty else { return exchange.wantsJSON ? exchange.failure(errors) : try page(errors, nil) }
        if !exchange.wantsJSON {
            let address = isGeneric ? exchange.typedEmail : account?.email ?? ""
            exchange.flash(.loginEmailSent, Message.Argument("email", address))
        }
        // Only the answer of a known account could hold its `user`.
        return try page(FormErrors(), isGeneric ? nil : account)
    }

    private func page(_ errors: FormErrors, _ account: Account?) throws -> WebResponse {
        exchange.wantsJSON ? try exchange.success(user: account) : try PageBuilder(exchange).sendLogin(errors)
    }

    func open(_ token: String) throws -> WebResponse {
        if let refusal = try exchange.anonymousOnly() { return refusal }
        let bytes = Array(token.utf8)
        let finding = try exchange.tokens().check(.login, bytes.span)
        switch finding.verdict {
        case .valid: break
        case .expired:
            guard let account = finding.account else { return try failed(.invalidLoginToken, nil) }
            if let page = try exchange.askFirst(.sendLoginLink, "SECURITY_LOGIN_URL", token: token) { return page }
            try site.mail(exchange).signInLink(account)
            return try failed(
                .loginExpired, account, Message.Argument("email", account.email),
                Message.Argument("within", site.web.text("SECURITY_LOGIN_WITHIN") ?? ""))
        default: return try failed(.invalidLoginToken, nil)
        }
        if let page = try exchange.askFirst(.login, "SECURITY_LOGIN_URL", token: token) { return page }
        // Flask-Security lets the mail stand for both factors.
        if let account = finding.account, exchange.needsSecondFactor(account) {
            return try failed(.twoFactorPermissionDenied, nil)
        }
        guard let account = finding.account, try exchange.tokens().redeem(.login, bytes.span).verdict == .valid else {
            return try failed(.invalidLoginToken, nil)
        }
        try exchange.recordSignIn(account)
        try exchange.signIn(account, remember: nil)
        if site.web.features.singlePage,
            let target = try exchange.view("SECURITY_POST_LOGIN_VIEW", adding: exchange.parameters(of: account))
        {
            return exchange.redirect(target)
        }
        exchange.flash(.passwordlessLoginSuccessful)
        return exchange.redirect(exchange.target(after: "SECURITY_POST_LOGIN_VIEW"))
    }

    private func failed(_ key: MessageKey, _ account: Account?, _ arguments: Message.Argument...) throws -> WebResponse
    {
        try exchange.linkRefused(
            Message(key, arguments: arguments), key, account: account, errors: "SECURITY_LOGIN_ERROR_VIEW",
            page: exchange.url("SECURITY_LOGIN_URL"))
    }
}
