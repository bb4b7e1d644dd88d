import SecurityCore
import SecurityTokens

/// /change (Flask-Security: views.change_password). Who has no password shows a fresh session instead of the old one.
struct ChangePasswordFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    func respond() throws -> WebResponse {
        try exchange.authenticated(by: site.web.apiMechanisms) { caller in
            if caller.account.password == nil {
                let rule = site.policy.freshness
                guard exchange.isFresh(within: rule.within, grace: rule.grace, by: caller.mechanism) else {
                    return try exchange.notFresh(caller.account)
                }
            }
            guard exchange.method == "POST" else { return try page(caller.account, FormErrors()) }
            return try change(caller.account)
        }
    }

    private func change(_ account: Account) throws -> WebResponse {
        let refusal = exchange.refusal(ofTypesIn: "password", "new_password", "new_password_confirm")
        if let refusal { return refusal }
        var errors = FormErrors()
        let new = exchange.password("new_password")
        if new == nil { errors.add("new_password", exchange.text(.passwordNotProvided)) }
        exchange.checkRepetition(of: "new_password", in: "new_password_confirm", &errors)
        try exchange.checkCSRF(&errors)
        guard errors.isEmpty, let new else { return try page(account, errors) }
        if account.password != nil, let flaw = try flawOfOldPassword(account, new) {
            errors.add("password", flaw)
            return try page(account, errors)
        }
        return try store(new, for: account)
    }

    private func flawOfOldPassword(_ account: Account, _ new: JSONString) throws -> String? {
        guard let old = exchange.password("password") else { return exchange.text(.passwordNotProvided) }
        let check = try old.secret.withSecret { secret in
            try exchange.passwordCheck(
                .attribute(.email, value: account.email, ignoringCase: false), secret, purpose: .confirmation)
        }
        guard check.isProven, check.account?.id == account.id else { return exchange.text(.invalidPassword) }
        return old == new ? exchange.text(.passwordIsTheSame) : nil
    }

    private func store(_ new: JSONString, for account: Account) throws -> WebResponse {
        let change = try exchange.passwordChange()
        var facts = PasswordFacts()
        facts.old = exchange.password("password")?.secret
        let prepared: PreparedPassword
        switch try new.secret.withSecret({ try change.prepare($0, account: account.id, beside: facts) }) {
        case .ready(let password): prepared = password
        case .refused(let flaws):
            var errors = FormErrors()
            for flaw in flaws { errors.add("new_password", exchange.text(flaw.message)) }
            return try page(account, errors)
        }
        let changed = try exchange.change(account) {
            try change.commit(prepared, account: account.id)
        } telling: {
            try site.mail(exchange).passwordChanged($0)
        }
        try exchange.signIn(changed, remember: exchange.cookies[site.web.remember.name] != nil)
        if exchange.wantsJSON { return try exchange.success(user: changed, mayCarryToken: true) }
        exchange.flash(.passwordChange)
        return exchange.redirect(exchange.firstView("SECURITY_POST_CHANGE_VIEW", "SECURITY_POST_LOGIN_VIEW"))
    }

    private func page(_ account: Account, _ errors: FormErrors) throws -> WebResponse {
        let hasPassword = account.password != nil
        guard exchange.wantsJSON else {
            return try PageBuilder(exchange).changePassword(errors, hasPassword: hasPassword)
        }
        guard errors.isEmpty else { return exchange.failure(errors) }
        return try exchange.success([JSONMember("active_password", .bool(hasPassword))], user: account)
    }
}
