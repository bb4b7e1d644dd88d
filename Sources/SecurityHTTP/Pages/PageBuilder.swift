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
        var form = form("login_user_form", "SECURITY_LOGIN_URL", "Login", errors)
        let names = exchange.identityAttributes
        if names.contains("email") { form.fields.append(email(errors)) }
        if site.web.features.usernames, names.contains("username") { form.fields.append(username(errors)) }
        form.fields.append(password("password", "Password", "current-password", errors))
        var remember = FieldView(name: "remember", type: "checkbox", label: exchange.label("Remember Me"))
        remember.isChecked =
            exchange.method == "POST" ? exchange.submission.flag("remember") : site.web.features.remembersByDefault
        form.fields.append(remember)
        addNext(&form, errors)
        return try page("SECURITY_LOGIN_USER_TEMPLATE", "Login", form)
    }

    func verify(_ errors: FormErrors) throws -> WebResponse {
        var form = form("verify_form", "SECURITY_VERIFY_URL", "Verify Password", errors)
        if let next = exchange.parameter("next") { form.action += "?next=" + PercentCoding.encode(next) }
        form.fields = [password("password", "Password", "current-password", errors)]
        return try page("SECURITY_VERIFY_TEMPLATE", "Please Reauthenticate", form)
    }

    func register(_ errors: FormErrors, asksTwice: Bool) throws -> WebResponse {
        var form = form("register_user_form", "SECURITY_REGISTER_URL", "Register", errors)
        form.fields = [email(errors)]
        if site.web.features.usernames { form.fields.append(username(errors)) }
        form.fields.append(password("password", "Password", "new-password", errors))
        if asksTwice {
            form.fields.append(password("password_confirm", "Retype Password", "new-password", errors))
            addNext(&form, errors)
        }
        return try page("SECURITY_REGISTER_USER_TEMPLATE", "Register", form)
    }

    func sendConfirmation(_ errors: FormErrors) throws -> WebResponse {
        var form = form("send_confirmation_form", "SECURITY_CONFIRM_URL", "Resend Confirmation Instructions", errors)
        form.fields = [email(errors)]
        return try page("SECURITY_SEND_CONFIRMATION_TEMPLATE", "Resend confirmation instructions", form)
    }

    func sendLogin(_ errors: FormErrors) throws -> WebResponse {
        var form = form("send_login_form", "SECURITY_LOGIN_URL", "Send Login Link", errors)
        form.fields = [email(errors)]
        return try page("SECURITY_SEND_LOGIN_TEMPLATE", "Login", form)
    }

    func forgotPassword(_ errors: FormErrors) throws -> WebResponse {
        var form = form("forgot_password_form", "SECURITY_RESET_URL", "Recover Password", errors)
        form.fields = [email(errors)]
        return try page("SECURITY_FORGOT_PASSWORD_TEMPLATE", "Send password reset instructions", form)
    }

    func resetPassword(_ errors: FormErrors, token: String) throws -> WebResponse {
        var form = form("reset_password_form", "SECURITY_RESET_URL", "Reset Password", errors)
        form.action = exchange.url("SECURITY_RESET_URL", token: token)
        form.fields = [
            password("password", "Password", "new-password", errors),
            password("password_confirm", "Retype Password", "new-password", errors),
        ]
        return try page("SECURITY_RESET_PASSWORD_TEMPLATE", "Reset password", form)
    }

    func changePassword(_ errors: FormErrors, hasPassword: Bool) throws -> WebResponse {
        var form = form("change_password_form", "SECURITY_CHANGE_URL", "Change Password", errors)
        if hasPassword { form.fields = [password("password", "Password", "current-password", errors)] }
        form.fields += [
            password("new_password", "New Password", "new-password", errors),
            password("new_password_confirm", "Retype Password", "new-password", errors),
        ]
        let lines = hasPassword ? [] : ["You do not currently have a password - this will add one."]
        return try page("SECURITY_CHANGE_PASSWORD_TEMPLATE", "Change password", form, lines: lines)
    }

    /// The page behind a mailed link: opening it changes nothing, as programs that look into mails do that too.
    func confirmLink(title: String, action: String, _ errors: FormErrors = FormErrors()) throws -> WebResponse {
        var form = FormView(name: "link_form", action: action, submit: exchange.label("Submit"))
        form.errors = errors.fields.flatMap { $0.texts }
        form.hidden = [HeaderField(site.web.csrf.field, exchange.csrfTokenText())]
        return try page("", title, form)
    }

    /// A page of LIBSECURITY_PROTECTED.
    func content(_ content: String) throws -> WebResponse {
        var page = model("", "")
        page.values["path"] = .text(exchange.request.rawPath)
        var lines: [String] = []
        if let user = try exchange.caller() {
            lines.append(exchange.label("Welcome") + " " + exchange.userName(of: user))
            page.menu = [PageLink("Log out", exchange.url("SECURITY_LOGOUT_URL"))]
        } else {
            page.menu = [PageLink("Log in", exchange.url("SECURITY_LOGIN_URL"))]
        }
        page.values["lines"] = .list((lines + [content]).map { .text($0) })
        return try respond(page)
    }

    /// Something went wrong.
    func error(_ text: String, status: Int) throws -> WebResponse {
        var page = model("", "\(status)")
        page.values["lines"] = .list([.text(text)])
        var response = try respond(page)
        response.status = status
        return response
    }

    // MARK: Their parts

    private func model(_ template: String, _ title: String) -> PageModel {
        var page = PageModel(template: site.web.text(template) ?? "", title: exchange.label(title))
        page.language = exchange.language
        page.flashes = exchange.takeFlashes()
        return page
    }

    private func page(
        _ template: String, _ title: String, _ form: FormView, lines: [String] = []
    ) throws -> WebResponse {
        var page = model(template, title)
        page.forms = [form]
        page.menu = try menu()
        page.values["lines"] = .list(lines.map { .text(exchange.label($0)) })
        return try respond(page)
    }

    private func respond(_ page: PageModel) throws -> WebResponse {
        .html(
            try site.pages.render(
                page, stylesheet: site.stylesheetPath, menuTitle: exchange.label("Menu")))
    }

    private func form(_ name: String, _ url: String, _ submit: String, _ errors: FormErrors) -> FormView {
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
        var field = FieldView(name: "email", type: "email", label: exchange.label("Email Address"))
        field.value = exchange.method == "POST" ? exchange.submission.plain("email") : exchange.parameter("email") ?? ""
        field.autocomplete = "email"
        field.inputmode = "email"
        field.errors = errors["email"]
        return field
    }

    private func username(_ errors: FormErrors) -> FieldView {
        var field = FieldView(name: "username", type: "text", label: exchange.label("Username"))
        field.value = exchange.submission.plain("username")
        field.autocomplete = "username"
        field.errors = errors["username"]
        return field
    }

    private func password(_ name: String, _ label: String, _ autocomplete: String, _ errors: FormErrors) -> FieldView {
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
            var links = [PageLink(exchange.label("Sign out"), exchange.url("SECURITY_LOGOUT_URL"))]
            if features.changeable {
                links.append(PageLink(exchange.label("Change Password"), exchange.url("SECURITY_CHANGE_URL")))
            }
            return links
        }
        let next = exchange.parameter("next").map { "?next=" + PercentCoding.encode($0, safe: "/") } ?? ""
        var links = [PageLink(exchange.label("Login"), exchange.url("SECURITY_LOGIN_URL") + next)]
        if features.registerable {
            links.append(PageLink(exchange.label("Register"), exchange.url("SECURITY_REGISTER_URL") + next))
        }
        if features.recoverable {
            links.append(PageLink(exchange.label("Forgot password"), exchange.url("SECURITY_RESET_URL")))
        }
        if features.confirmable {
            links.append(PageLink(exchange.label("Confirm account"), exchange.url("SECURITY_CONFIRM_URL")))
        }
        return links
    }
}
