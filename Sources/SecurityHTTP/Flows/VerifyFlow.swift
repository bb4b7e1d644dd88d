import SecurityCore
import SecurityTokens

/// /verify: shows the password once more, for endpoints that ask for a fresh session (Flask-Security: views.verify).
struct VerifyFlow {
    let exchange: Exchange

    func respond() throws -> WebResponse {
        try exchange.authenticated(by: exchange.site.web.apiMechanisms) { caller in
            guard exchange.method == "POST" else { return try page(caller.account, FormErrors()) }
            return try verify(caller.account)
        }
    }

    private func verify(_ account: Account) throws -> WebResponse {
        if let refusal = exchange.refusal(ofTypesIn: "password") { return refusal }
        var errors = FormErrors()
        let password = exchange.password("password")
        if password == nil { errors.add("password", exchange.text(.passwordNotProvided)) }
        try exchange.checkCSRF(&errors)
        guard errors.isEmpty, let password else { return try page(account, errors) }
        let check = try password.secret.withSecret { secret in
            try exchange.passwordCheck(
                .attribute(.email, value: account.email, ignoringCase: false), secret, purpose: .confirmation)
        }
        guard check.isProven, check.account?.id == account.id else {
            errors.add("password", exchange.text(.invalidPassword))
            return try page(account, errors)
        }
        exchange.session["fs_paa"] = .real(Double(exchange.now.microseconds) / 1_000_000)
        if exchange.wantsJSON { return try exchange.success(user: account, mayCarryToken: true) }
        exchange.flash(.reauthenticationSuccessful)
        return exchange.redirect(exchange.target(after: "SECURITY_POST_VERIFY_VIEW"))
    }

    private func page(_ account: Account, _ errors: FormErrors) throws -> WebResponse {
        guard exchange.wantsJSON else { return try PageBuilder(exchange).verify(errors) }
        guard errors.isEmpty else { return exchange.failure(errors) }
        return try exchange.success(
            [JSONMember("has_webauthn_verify_credential", .bool(false))], user: account)
    }
}
