import Mustache
import SecurityCore
import SecurityTokens

/// The mails of the flows: what each says, and whose link is in it (Flask-Security: templates/security/email).
///
/// A site's own `security/email/<name>.txt` and `.html` in LIBSECURITY_TEMPLATE_DIR go before what is written here, with
/// Flask-Security's names for their variables.
struct AccountMails {
    let exchange: Exchange
    private var site: Site { exchange.site }

    /// A paragraph: a sentence, or a link that stands alone on its line.
    private enum Line {
        case text(String)
        case link(String)
    }

    func welcome(_ account: Account) throws {
        var lines = [Line.text(greeting(.welcomeAddress, account.email))]
        var variables = variables(of: account)
        if site.web.features.confirmable {
            let token = try token(.confirmation, account)
            let link = try exchange.link(exchange.url("SECURITY_CONFIRM_URL", token: token))
            lines += [.text(exchange.label(.welcomeConfirmLink)), .link(link)]
            variables["confirmation_link"] = link
            variables["confirmation_token"] = token
        }
        try send("welcome", "SECURITY_EMAIL_SUBJECT_REGISTER", account.email, lines, variables)
    }

    func alreadyRegistered(_ account: Account) throws {
        var variables = variables(of: account)
        var lines = [
            Line.text(greeting(.helloAddress, account.email)),
            .text(
                exchange.label(.alreadyRegistered)),
        ]
        if let name = account.username, !name.isEmpty {
            lines.append(
                .text(
                    filled(
                        .alsoUsername, "username",
                        name)))
        }
        if site.web.features.recoverable {
            let link = try exchange.link(exchange.url("SECURITY_RESET_URL"))
            lines += [
                .text(exchange.label(.forgotLink)),
                .link(link),
            ]
            variables["recovery_link"] = link
        }
        try send("welcome_existing", "SECURITY_EMAIL_SUBJECT_REGISTER", account.email, lines, variables)
    }

    func nameTaken(email: String, username: String) throws {
        let lines = [
            Line.text(greeting(.helloAddress, email)),
            .text(
                filled(
                    .usernameTaken, "username", username)),
            .text(exchange.label(.chooseOtherUsername)),
        ]
        try send(
            "welcome_existing_username", "SECURITY_EMAIL_SUBJECT_REGISTER", email, lines,
            ["email": email, "username": username])
    }

    func confirmation(_ account: Account) throws {
        try sendLink(
            "confirmation", .confirmation, "SECURITY_CONFIRM_URL", "SECURITY_EMAIL_SUBJECT_CONFIRM", account,
            [.text(exchange.label(.confirmLink))], "confirmation_instructions")
    }

    func signInLink(_ account: Account) throws {
        try sendLink(
            "login", .login, "SECURITY_LOGIN_URL", "SECURITY_EMAIL_SUBJECT_PASSWORDLESS", account,
            [
                .text(greeting(.welcomeAddress, account.email)),
                .text(exchange.label(.signInLink)),
            ], "login_instructions")
    }

    func reset(_ account: Account) throws {
        try sendLink(
            "reset", .reset, "SECURITY_RESET_URL", "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET", account,
            [.text(exchange.label(.resetLink))], "reset_instructions")
    }

    func passwordReset(_ account: Account) throws {
        try send(
            "reset_notice", "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE", account.email,
            [.text(exchange.label(.passwordWasReset))], variables(of: account))
    }

    func passwordChanged(_ account: Account) throws {
        guard site.web.features.sendsChangeNotice else { return }
        var lines = [Line.text(exchange.label(.passwordWasChanged))]
        if site.web.features.recoverable {
            lines.append(
                .text(exchange.label(.notYouLink)))
            lines.append(.link(try exchange.link(exchange.url("SECURITY_RESET_URL"))))
        }
        try send(
            "change_notice", "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE", account.email, lines,
            variables(of: account))
    }

    /// Does the work of a mail with a link, for somebody who has no account: one hash, and one transaction that leaves nothing.
    func pretend() throws {
        let random = site.environment.random
        guard let uniquifier = Uniquifier.make(random: random), let password = Uniquifier.make(random: random) else {
            throw SiteError.noRandomness
        }
        let nobody = Account(
            id: 0, email: exchange.typedEmail, username: nil, isActive: false, isConfirmed: false,
            fsUniquifier: uniquifier,
            password: SharedSecret(utf8: password), primaryMethod: nil, totpWallet: nil, recoveryCodes: nil,
            hasSecondaryKey: false)
        let text = try token(.reset, nobody)
        let mail = OutgoingMail(recipient: "", sender: "", subject: "", text: text, html: text)
        try exchange.atomically {
            let store = try exchange.store()
            let id = try site.mailer.enqueue(
                mail, isClaimed: true, store: store, environment: site.environment, now: exchange.now)
            _ = try store.removeMessage(id)
        }
    }

    // MARK: Their parts

    private func sendLink(
        _ kind: String, _ token: AccountTokenKind, _ url: String, _ subject: String, _ account: Account,
        _ lines: [Line], _ name: String
    ) throws {
        let text = try self.token(token, account)
        let link = try exchange.link(exchange.url(url, token: text))
        var variables = variables(of: account)
        variables[kind + "_link"] = link
        variables[kind + "_token"] = text
        try send(name, subject, account.email, lines + [.link(link)], variables)
    }

    private func token(_ kind: AccountTokenKind, _ account: Account) throws -> String {
        try exchange.tokens().make(kind, for: account).text
    }

    private func variables(of account: Account) -> [String: Any] {
        ["user": ["email": account.email, "username": account.username ?? ""]]
    }

    private func greeting(_ text: PageText, _ email: String) -> String {
        exchange.label(text, Message.Argument("email", email))
    }

    private func filled(_ text: PageText, _ name: String, _ value: String) -> String {
        exchange.label(text, Message.Argument(name, value))
    }

    private func send(
        _ name: String, _ subject: String, _ recipient: String, _ lines: [Line], _ variables: [String: Any]
    ) throws {
        let text = lines.map { line in
            switch line {
            case .text(let text), .link(let text): text
            }
        }.joined(separator: "\n\n")
        let html = lines.map { line in
            switch line {
            case .text(let text): "<p>\(site.escaped(text))</p>"
            case .link(let link): "<p><a href=\"\(site.escaped(link))\">\(site.escaped(link))</a></p>"
            }
        }.joined(separator: "\n")
        let mail = OutgoingMail(
            recipient: recipient, sender: site.web.sender,
            subject: exchange.text(Message(sentence: site.web.text(subject) ?? "")),
            text: try own(name + ".txt", variables, isHTML: false) ?? text + "\n",
            html: try own(name + ".html", variables, isHTML: true) ?? html + "\n")
        try exchange.send(mail)
    }

    private func own(_ name: String, _ variables: [String: Any], isHTML: Bool) throws -> String? {
        guard let folder = site.web.templateFolder,
            let bytes = SmallFile.read(folder + "/security/email/" + name, limit: 1 << 20)
        else { return nil }
        let kind = isHTML ? "" : "{{% CONTENT_TYPE:TEXT}}\n"
        return try MustacheTemplate(string: kind + String(decoding: bytes, as: UTF8.self)).render(variables)
    }
}
