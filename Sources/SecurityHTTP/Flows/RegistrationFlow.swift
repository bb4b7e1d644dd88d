import SecurityCore
import SecurityStore
import SecurityTokens

/// /register (Flask-Security: views.register, registerable).
///
/// With SECURITY_RETURN_GENERIC_RESPONSES a taken address or name answers as a new one, costs the same hash, and its owner gets a
/// mail. Flask-Security's `user` key, which only a new account's answer has, is left out of both then.
struct RegistrationFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    /// What somebody wants to have.
    private struct Draft {
        var email: String?
        var username: String?
        var password: JSONString?
        var owner: Account?
        var isNameTaken = false
    }

    func respond() throws -> WebResponse {
        if let refusal = try exchange.anonymousOnly() { return refusal }
        guard exchange.method == "POST" else { return try page(FormErrors()) }
        if let refusal = exchange.refusal(ofTypesIn: "email", "username", "password") { return refusal }
        var errors = FormErrors()
        let draft = try draft(&errors)
        guard errors.isEmpty, let email = draft.email else { return try refuse(draft, errors) }
        return try create(draft, email)
    }

    /// All fields are judged, so that everything is told at once.
    private func draft(_ errors: inout FormErrors) throws -> Draft {
        var draft = Draft()
        draft.email = exchange.newEmail(&errors)
        if let email = draft.email {
            let found = try exchange.store().accounts(where: .email, equals: email, ignoringCase: true)
            if let owner = found.first {
                draft.owner = owner
                errors.add(
                    "email", exchange.text(.emailAlreadyAssociated, Message.Argument("email", email)))
            }
        }
        if site.web.features.usernames { try judgeUsername(&draft, &errors) }
        judgePassword(&draft, &errors)
        if asksTwice { judgeConfirmation(draft, &errors) }
        try exchange.checkCSRF(&errors)
        return draft
    }

    /// Flask-Security asks for the password twice only in a form, and only where no mail is confirmed.
    private var asksTwice: Bool { !exchange.submission.isJSON && !site.web.features.confirmable }

    private func judgeUsername(_ draft: inout Draft, _ errors: inout FormErrors) throws {
        switch Username.judge(exchange.submission.plain("username"), site.policy.usernames) {
        case .failure(.missing) where !site.web.features.usernameRequired: return
        case .failure(let flaw): errors.add("username", exchange.text(flaw.message))
        case .success(let name):
            draft.username = name
            if try !exchange.store().accounts(where: .username, equals: name, ignoringCase: true).isEmpty {
                draft.isNameTaken = true
                errors.add(
                    "username", exchange.text(.usernameAlreadyAssociated, Message.Argument("username", name)))
            }
        }
    }

    private func judgePassword(_ draft: inout Draft, _ errors: inout FormErrors) {
        draft.password = exchange.password("password")
        let isNeeded = site.web.features.passwordRequired || !site.web.features.unifiedSignIn
        guard let password = draft.password else {
            if isNeeded { errors.add("password", exchange.text(.passwordNotProvided)) }
            return
        }
        let words = [draft.email, draft.username].compactMap { $0 }
        for flaw in exchange.flaws(of: password.secret, PasswordFacts(words: words)) { errors.add("password", flaw) }
    }

    private func judgeConfirmation(_ draft: Draft, _ errors: inout FormErrors) {
        exchange.checkNext(&errors)
        // Here an empty copy is told only when nothing else is wrong.
        let isMissing = exchange.password("password_confirm") == nil
        guard !isMissing || (errors.isEmpty && !site.web.features.unifiedSignIn) else { return }
        exchange.checkRepetition(of: "password", in: "password_confirm", &errors)
    }

    private func create(_ draft: Draft, _ email: String) throws -> WebResponse {
        if let refusal = try exchange.registrationRefusal() { return refusal }
        let random = site.environment.random
        guard let uniquifier = Uniquifier.make(random: random), let handle = Uniquifier.make(random: random) else {
            throw SiteError.noRandomness
        }
        var new = NewAccount(
            email: email, username: draft.username, password: nil, isActive: true, isConfirmed: false,
            fsUniquifier: uniquifier, webAuthnHandle: handle)
        if let password = draft.password {
            new.password = try password.secret.withSecret { SharedSecret(try site.hasher.hash($0)) }
        }
        var made: Account?
        do {
            try exchange.atomically {
                let id = try exchange.store().createAccount(new, now: exchange.now)
                guard let account = try exchange.store().account(id: id) else { throw SiteError.accountGone }
                if site.web.features.sendsRegisterMail { try site.mail(exchange).welcome(account) }
                made = account
            }
        } catch StoreError.conflict {
            // Somebody else was faster: the same answer as if they had been long ago.
            var errors = FormErrors()
            return try refuse(try self.draft(&errors), errors)
        }
        guard let made else { throw SiteError.accountGone }
        if site.web.features.confirmable {
            exchange.flash(.confirmRegistration, Message.Argument("email", email))
        }
        return try registered(made)
    }

    private func registered(_ account: Account) throws -> WebResponse {
        let signsIn = !site.web.features.confirmable || site.policy.factors.loginWithoutConfirmation
        let needsFactor = exchange.needsSecondFactor(account)
        if signsIn, !needsFactor {
            try exchange.recordSignIn(account)
            try exchange.signIn(account, remember: nil)
        }
        guard exchange.wantsJSON else {
            return exchange.redirect(exchange.target(after: "SECURITY_POST_REGISTER_VIEW"))
        }
        let isTold = !site.web.features.genericAnswers
        return try exchange.success(user: isTold ? account : nil, mayCarryToken: signsIn && !needsFactor)
    }

    private func refuse(_ draft: Draft, _ errors: FormErrors) throws -> WebResponse {
        var errors = errors
        if site.web.features.genericAnswers, draft.owner != nil || draft.isNameTaken {
            var taken = ["email"]
            if draft.isNameTaken { taken.append("username") }
            errors.squash(taken)
            if errors.isEmpty, let email = draft.email { return try pretend(draft, email) }
        }
        if exchange.wantsJSON { return exchange.failure(errors) }
        return try page(errors)
    }

    /// The answer of a registration that made nothing.
    private func pretend(_ draft: Draft, _ email: String) throws -> WebResponse {
        if let refusal = try exchange.registrationRefusal() { return refusal }
        if let password = draft.password { password.secret.withSecret { site.hasher.spend(on: $0) } }
        if site.web.features.confirmable {
            exchange.flash(.confirmRegistration, Message.Argument("email", email))
        }
        if site.web.features.sendsRegisterMail {
            if let owner = draft.owner {
                try site.mail(exchange).alreadyRegistered(owner)
            } else {
                try site.mail(exchange).nameTaken(email: email, username: draft.username ?? "")
            }
        }
        if exchange.wantsJSON { return try exchange.success() }
        return exchange.redirect(exchange.target(after: "SECURITY_POST_REGISTER_VIEW"))
    }

    private func page(_ errors: FormErrors) throws -> WebResponse {
        if exchange.wantsJSON { return try exchange.success() }
        return try PageBuilder(exchange).register(errors, asksTwice: !site.web.features.confirmable)
    }
}
