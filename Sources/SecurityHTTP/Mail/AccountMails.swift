import Mustache
import SecurityCore
import SecurityTokens

/// The mails of the flows: what each says, and whose link is in it (Flask-Security: templates/security/email).
///
/// A site's own `security/email/<name>.txt` and `.html` in LIBSECURITY_TEMPLATE_DIR go before what is written here, with
/// Flask-Security's names for their variables (securityd(8)).
struct AccountMails {
    let exchange: Exchange
    /// Whether mails are only written and taken away again.
    private(set) var arePretended = false
    private var site: Site { exchange.site }

    /// A paragraph: a sentence, or a link that stands alone on its line.
    private enum Line {
        case text(String)
        case link(String)
    }

    /// A link that speaks for an account.
    private struct Link {
        let kind: AccountTokenKind
        /// What the names of its variables begin with.
        let name: String
        /// The key of its route.
        let url: String
        /// The key of how long it is good.
        let within: String

        static let confirmation = Link(
            kind: .confirmation, name: "confirmation", url: "SECURITY_CONFIRM_URL",
            within: "SECURITY_CONFIRM_EMAIL_WITHIN")
        static let login = Link(
            kind: .login, name: "login", url: "SECURITY_LOGIN_URL", within: "SECURITY_LOGIN_WITHIN")
        static let reset = Link(
            kind: .reset, name: "reset", url: "SECURITY_RESET_URL", within: "SECURITY_RESET_PASSWORD_WITHIN")
    }

    func welcome(_ account: Account) throws {
        var lines = [Line.text(greeting(.welcomeAddress, account.email))]
        var variables = variables(of: account)
        if site.web.features.confirmable {
            lines += [
                .text(exchange.label(.welcomeConfirmLink)),
                .link(try add(.confirmation, for: account, to: &variables)),
            ]
        }
        let end = site.web.features.confirmable ? end(of: .confirmation) : nil
        try send(.welcome, account.email, lines, variables, until: end)
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
        try send(.alreadyRegistered, account.email, lines, variables)
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
            .nameTaken, email, lines, ["email": email, "username": username])
    }

    func confirmation(_ account: Account) throws {
        try sendLink(.confirmation, .confirmation, account, [.text(exchange.label(.confirmLink))])
    }

    func signInLink(_ account: Account) throws {
        try sendLink(
            .signInLink, .login, account,
            [
                .text(greeting(.welcomeAddress, account.email)),
                .text(exchange.label(.signInLink)),
            ])
    }

    func reset(_ account: Account) throws {
        try sendLink(.reset, .reset, account, [.text(exchange.label(.resetLink))])
    }

    func passwordReset(_ account: Account) throws {
        try send(
            .passwordReset, account.email,
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
            .passwordChanged, account.email, lines, variables(of: account))
    }

    /// Does the work of a mail with a link, for somebody who has no account: it is written, counted and taken away again.
    func pretend(_ mail: (AccountMails, Account) throws -> Void) throws {
        let random = site.environment.random
        guard let uniquifier = Uniquifier.make(random: random), let password = Uniquifier.make(random: random) else {
            throw SiteError.noRandomness
        }
        var mails = self
        mails.arePretended = true
        let nobody = Account(
            id: 0, email: exchange.typedEmail, username: nil, isActive: false, isConfirmed: false,
            fsUniquifier: uniquifier,
            password: SharedSecret(utf8: password), primaryMethod: nil, totpWallet: nil, recoveryCodes: nil,
            hasSecondaryKey: false)
        try mail(mails, nobody)
    }

    // MARK: Their parts

    private func sendLink(_ name: MailName, _ link: Link, _ account: Account, _ lines: [Line]) throws {
        var variables = variables(of: account)
        let url = try add(link, for: account, to: &variables)
        try send(name, account.email, lines + [.link(url)], variables, until: end(of: link))
    }

    /// Makes a link, with what templates may show of it.
    private func add(_ link: Link, for account: Account, to variables: inout [String: Any]) throws -> String {
        let token = try token(link.kind, account)
        let url = try exchange.link(exchange.url(link.url, token: token))
        variables[link.name + "_link"] = url
        variables[link.name + "_token"] = token
        if let within = site.web.text(link.within) { variables["within"] = within }
        return url
    }

    /// When a link of now is good no more; nil = never, or a link that never is.
    private func end(of link: Link) -> Instant? {
        guard let seconds = link.kind.rule(site.policy.tokens)?.maxAgeSeconds, seconds > 0 else { return nil }
        let (end, overflow) = exchange.now.seconds.addingReportingOverflow(seconds)
        return overflow ? nil : Instant(seconds: end)
    }

    /// A token of a second of its own, as its time is all that tells it from another one of the account.
    private func token(_ kind: AccountTokenKind, _ account: Account) throws -> String {
        let store = try exchange.store()
        let subject = "link:\(kind):\(account.id)"
        let moment = try store.ownSecond(subject, now: exchange.now)
        let environment = Environment(now: { moment }, random: site.environment.random)
        return try AccountTokens(policy: site.policy, store: store, environment: environment).make(kind, for: account)
            .text
    }

    private func variables(of account: Account) -> [String: Any] {
        var user: [String: Any] = ["id": account.id, "email": account.email, "active": account.isActive]
        // An empty text would count as true in a section.
        if let name = account.username, !name.isEmpty { user["username"] = name }
        return ["user": user]
    }

    /// What every template may ask for, by the names of Flask-Security's own templates.
    private var common: [String: Any] {
        let features = site.web.features
        var common: [String: Any] = [
            "security": [
                "registerable": features.registerable, "confirmable": features.confirmable,
                "recoverable": features.recoverable, "changeable": features.changeable,
                "passwordless": features.passwordless, "trackable": site.policy.isTrackable,
            ],
            "_fsdomain": MustacheLambda { text in exchange.text(Message(sentence: text)) },
        ]
        if let base = site.web.linkBase {
            let routes = WebPolicy.endpoints.map { ($0.name, site.web.url($0.key)) }
            common["url_for_security"] = Dictionary(
                routes.filter { site.routes.template(of: RequestPath($0.1)) != nil }.map { ($0.0, base + $0.1) },
                uniquingKeysWith: { first, _ in first })
        }
        return common
    }

    private func greeting(_ text: PageText, _ email: String) -> String {
        exchange.label(text, Message.Argument("email", email))
    }

    private func filled(_ text: PageText, _ name: String, _ value: String) -> String {
        exchange.label(text, Message.Argument(name, value))
    }

    private func send(
        _ name: MailName, _ recipient: String, _ lines: [Line], _ variables: [String: Any],
        until expires: Instant? = nil
    ) throws {
        let text = lines.map { line in
            switch line {
            case .text(let text), .link(let text): text
            }
        }.joined(separator: "\n\n")
        let html = lines.map { line in
            switch line {
            case .text(let text): "<p>\(HTMLText.escaped(text))</p>"
            case .link(let link): "<p><a href=\"\(HTMLText.escaped(link))\">\(HTMLText.escaped(link))</a></p>"
            }
        }.joined(separator: "\n")
        var mail = OutgoingMail(
            recipient: recipient, sender: site.web.sender,
            subject: exchange.text(Message(sentence: site.web.text(name.subject) ?? "")),
            text: own(name.textTemplate, variables) ?? text + "\n",
            html: own(name.htmlTemplate, variables) ?? html + "\n")
        mail.expires = expires
        try exchange.send(mail, name, isPretended: arePretended)
    }

    /// What the site's own template makes of a mail; nil = there is none.
    private func own(_ template: String, _ variables: [String: Any]) -> String? {
        site.templates[template]?.render(variables.merging(common) { own, _ in own })
    }
}
