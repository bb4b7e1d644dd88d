import SecurityCore

/// Puts the pages of the flows together: which fields, labels and links, in the reader's language.
struct PageBuilder {
    private let exchange: Exchange
    private var site: Site { exchange.site }

    init(_ exchange: Exchange) {
        self.exchange = exchange
    }

    // MARK: Pages

    func signIn(_ errors: FormErrors) throws -> WebResponse {
        var form = form("login_user_form", "SECURITY_LOGIN_URL", .login, errors)
        let names = exchange.identityAttributes
        if names.contains(where: { $0.equals("email") }) { form.fields.append(email(errors)) }
        if site.web.features.usernames, names.contains(where: { $0.equals("username") }) {
            form.fields.append(username(errors))
        }
        var password = password("password", .password, "current-password", errors)
        if site.web.features.recoverable {
            password.help = PageLink(exchange.text(.forgotPassword), exchange.url("SECURITY_RESET_URL"))
        }
        form.fields.append(password)
        var remember = FieldView(name: "remember", type: "checkbox", label: exchange.label(.rememberMe))
        remember.isChecked =
            exchange.method == "POST" ? exchange.submission.flag("remember") : site.web.features.remembersByDefault
        form.fields.append(remember)
        addNext(&form, errors)
        return try page("SECURITY_LOGIN_USER_TEMPLATE", .login, form)
    }

    func verify(_ errors: FormErrors) throws -> WebResponse {
        var form = form("verify_form", "SECURITY_VERIFY_URL", .verifyPassword, errors)
        if let next = exchange.parameter("next") { form.action += "?next=" + PercentCoding.encode(next) }
        form.fields = [password("password", .password, "current-password", errors)]
        return try page("SECURITY_VERIFY_TEMPLATE", .pleaseReauthenticate, form)
    }

    func register(_ errors: FormErrors, asksTwice: Bool) throws -> WebResponse {
        var form = form("register_user_form", "SECURITY_REGISTER_URL", .register, errors)
        form.fields = [email(errors)]
        if site.web.features.usernames { form.fields.append(username(errors)) }
        form.fields.append(password("password", .password, "new-password", errors))
        if asksTwice {
            form.fields.append(password("password_confirm", .retypePassword, "new-password", errors))
            addNext(&form, errors)
        }
        return try page("SECURITY_REGISTER_USER_TEMPLATE", .register, form)
    }

    func sendConfirmation(_ errors: FormErrors) throws -> WebResponse {
        var form = form("send_confirmation_form", "SECURITY_CONFIRM_URL", .resendConfirmationButton, errors)
        form.fields = [email(errors)]
        return try page("SECURITY_SEND_CONFIRMATION_TEMPLATE", .resendConfirmationTitle, form)
    }

    func sendLogin(_ errors: FormErrors) throws -> WebResponse {
        var form = form("send_login_form", "SECURITY_LOGIN_URL", .sendLoginLink, errors)
        form.fields = [email(errors)]
        return try page("SECURITY_SEND_LOGIN_TEMPLATE", .login, form)
    }

    func forgotPassword(_ errors: FormErrors) throws -> WebResponse {
        var form = form("forgot_password_form", "SECURITY_RESET_URL", .recoverPassword, errors)
        form.fields = [email(errors)]
        return try page("SECURITY_FORGOT_PASSWORD_TEMPLATE", .sendPasswordResetInstructions, form)
    }

    func resetPassword(_ errors: FormErrors, token: String) throws -> WebResponse {
        var form = form("reset_password_form", "SECURITY_RESET_URL", .resetPasswordButton, errors)
        form.action = exchange.url("SECURITY_RESET_URL", token: token)
        form.fields = [
            password("password", .password, "new-password", errors),
            password("password_confirm", .retypePassword, "new-password", errors),
        ]
        return try page(
            "SECURITY_RESET_PASSWORD_TEMPLATE", .resetPasswordTitle, form,
            values: ["reset_password_token": .text(token)])
    }

    func changePassword(_ errors: FormErrors, hasPassword: Bool) throws -> WebResponse {
        var form = form("change_password_form", "SECURITY_CHANGE_URL", .changePasswordButton, errors)
        if hasPassword { form.fields = [password("password", .password, "current-password", errors)] }
        form.fields += [
            password("new_password", .newPassword, "new-password", errors),
            password("new_password_confirm", .retypePassword, "new-password", errors),
        ]
        let lines: [PageText] = hasPassword ? [] : [.addsPassword]
        return try page(
            "SECURITY_CHANGE_PASSWORD_TEMPLATE", .changePasswordTitle, form, lines: lines,
            values: ["active_password": .bool(hasPassword)])
    }

    func endSessions(_ errors: FormErrors) throws -> WebResponse {
        var form = form("end_sessions_form", "LIBSECURITY_END_SESSIONS_URL", .endSessions, errors)
        form.errors = errors.fields.flatMap { $0.texts }
        return try page("", .endSessions, form, lines: [.endsSessions])
    }

    func sessionsEnded() throws -> WebResponse {
        var page = model("", exchange.label(.endSessions))
        page.values["lines"] = .list([.text(exchange.label(.sessionsEnded))])
        page.menu = try menu()
        return try respond(page)
    }

    /// The page behind a mailed link: opening it changes nothing, as programs that look into mails do that too.
    func confirmLink(title: PageText, action: String, _ errors: FormErrors = FormErrors()) throws -> WebResponse {
        var form = FormView(name: "link_form", action: action, submit: exchange.label(title))
        form.errors = errors.fields.flatMap { $0.texts }
        form.hidden = [HeaderField(site.web.csrf.field, exchange.csrfTokenText())]
        return try page("", title, form)
    }

    /// A page of LIBSECURITY_PROTECTED.
    func content(_ content: String) throws -> WebResponse {
        var page = model("")
        page.values["path"] = .text(exchange.request.rawPath.string)
        var lines: [String] = []
        if let user = try exchange.caller() {
            lines.append(exchange.label(.welcome) + " " + (try exchange.userName(of: user)))
            page.menu = [PageLink("Log out", exchange.url("SECURITY_LOGOUT_URL"))]
        } else {
            page.menu = [PageLink("Log in", exchange.url("SECURITY_LOGIN_URL"))]
        }
        page.values["lines"] = .list((lines + [content]).map { .text($0) })
        return try respond(page)
    }

    /// Something went wrong.
    func error(_ text: String, status: Int) throws -> WebResponse {
        var page = model("", text)
        page.values["lines"] = .list([.text("HTTP \(status)")])
        var response = try respond(page)
        response.status = status
        return response
    }

    // MARK: Their parts

    private func model(_ template: String, _ title: String = "") -> PageModel {
        var page = PageModel(template: site.web.text(template) ?? "", title: title)
        page.language = exchange.language
        page.flashes = exchange.takeFlashes()
        return page
    }

    private func page(
        _ template: String, _ title: PageText, _ form: FormView, lines: [PageText] = [],
        values: [String: PageValue] = [:]
    ) throws -> WebResponse {
        var page = model(template, exchange.label(title))
        page.forms = [form]
        page.values = values
        page.menu = try menu()
        page.values["lines"] = .list(lines.map { .text(exchange.label($0)) })
        return try respond(page)
    }

    private func respond(_ page: PageModel) throws -> WebResponse {
        .html(
            site.pages.render(
                page, stylesheet: site.stylesheetPath.string, menuTitle: exchange.label(.menu)))
    }

    private func form(_ name: String, _ url: String, _ submit: PageText, _ errors: FormErrors) -> FormView {
        var form = FormView(name: name, action: exchange.url(url), submit: exchange.label(submit))
        form.errors = errors[""] + errors[site.web.csrf.field]
        if site.web.csrf.isEnabled { form.hidden = [HeaderField(site.web.csrf.field, exchange.csrfTokenText())] }
        return form
    }

    private func addNext(_ form: inout FormView, _ errors: FormErrors) {
        let typed = exchange.submission.plain("next")
        let next = typed.isEmpty ? exchange.parameter("next") ?? "" : typed
        form.hidden.append(HeaderField("next", errors["next"].isEmpty ? next : ""))
        form.errors += errors["next"]
    }

    private func email(_ errors: FormErrors) -> FieldView {
        var field = FieldView(name: "email", type: "email", label: exchange.label(.emailAddress))
        field.value = exchange.method == "POST" ? exchange.submission.plain("email") : exchange.parameter("email") ?? ""
        field.autocomplete = "email"
        field.inputmode = "email"
        field.errors = errors["email"]
        return field
    }

    private func username(_ errors: FormErrors) -> FieldView {
        var field = FieldView(name: "username", type: "text", label: exchange.label(.username))
        field.value = exchange.submission.plain("username")
        field.autocomplete = "username"
        field.errors = errors["username"]
        return field
    }

    private func password(_ name: String, _ label: PageText, _ autocomplete: String, _ errors: FormErrors) -> FieldView
    {
        var field = FieldView(name: name, type: "password", label: exchange.label(label))
        field.autocomplete = autocomplete
        field.errors = errors[name]
        return field
    }

    private func menu() throws -> [PageLink] {
        let features = site.web.features
        guard features.registerable || features.recoverable || features.confirmable || features.unifiedSignIn else {
            return []
        }
        if try exchange.caller() != nil {
            var links = [PageLink(exchange.label(.signOut), exchange.url("SECURITY_LOGOUT_URL"))]
            if features.changeable {
                links.append(PageLink(exchange.label(.changePasswordButton), exchange.url("SECURITY_CHANGE_URL")))
            }
            links.append(PageLink(exchange.label(.endSessions), exchange.url("LIBSECURITY_END_SESSIONS_URL")))
            return links
        }
        let next = exchange.parameter("next").map { "?next=" + PercentCoding.encode($0, safe: "/") } ?? ""
        var links = [PageLink(exchange.label(.login), exchange.url("SECURITY_LOGIN_URL") + next)]
        if features.registerable {
            links.append(PageLink(exchange.label(.register), exchange.url("SECURITY_REGISTER_URL") + next))
        }
        if features.recoverable {
            links.append(PageLink(exchange.label(.forgotPassword), exchange.url("SECURITY_RESET_URL")))
        }
        if features.confirmable {
            links.append(PageLink(exchange.label(.confirmAccount), exchange.url("SECURITY_CONFIRM_URL")))
        }
        return links
    }
}
