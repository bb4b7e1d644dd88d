import SecurityCore

/// What each endpoint takes and answers.
extension APIDescription {
    /// The operations of an endpoint, by the key of its path; none for one that is not described.
    func operations(of endpoint: RouteTable.Endpoint) -> [APIOperation] {
        let all =
            switch (endpoint.key, endpoint.takesToken) {
            case ("SECURITY_LOGIN_URL", false): web.features.passwordless ? signInLinkRequest : signIn
            case ("SECURITY_LOGIN_URL", true): mailedLink("SignIn", "Signs in by a mailed link.", [.refusal])
            case ("SECURITY_LOGOUT_URL", _): signOut
            case ("SECURITY_VERIFY_URL", _): verify
            case ("SECURITY_REGISTER_URL", _): registration
            case ("SECURITY_CONFIRM_URL", false): confirmationRequest
            case ("SECURITY_CONFIRM_URL", true):
                mailedLink("Confirmation", "Confirms a mail address by a mailed link.", [])
            case ("SECURITY_RESET_URL", false): resetRequest
            case ("SECURITY_RESET_URL", true): reset
            case ("SECURITY_CHANGE_URL", _): change
            case ("LIBSECURITY_END_SESSIONS_URL", _): endSessions
            default: [APIOperation]()
            }
        return all.filter { endpoint.methods.contains($0.method) }
    }

    private var signIn: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getSignIn", summary: "Tells who is signed in, or by what one signs in.",
                caller: .anonymous,
                answers: [.members([Fields.identityAttributes.required]), .members([Fields.user.required])],
                outcomes: [.page, .redirect]),
            APIOperation(
                method: "POST", id: "signIn", summary: "Signs in with a password.", caller: .anonymous,
                fields: Fields.identities(web, policy) + [
                    Fields.password("password").required, Fields.remember, Fields.next,
                ], query: tokenQuery + [Fields.next],
                answers: [.members([Fields.user.required])], outcomes: [.page, .redirect, .refusal]),
        ]
    }

    private var signOut: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getSignOut", summary: "Signs out and leads on.", query: [Fields.next],
                outcomes: [.redirect]),
            APIOperation(
                method: "POST", id: "signOut", summary: "Signs out; no error where nobody is signed in.",
                csrf: .nowhere, query: [Fields.next], answers: [.nothing], outcomes: [.redirect]),
        ]
    }

    private var verify: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getVerify", summary: "Tells how a session is made fresh.",
                caller: .authenticated(web.apiMechanisms),
                answers: [.members([Fields.webAuthn.required, Fields.user.required])], outcomes: [.page]),
            APIOperation(
                method: "POST", id: "verify", summary: "Makes the session fresh by the password.",
                caller: .authenticated(web.apiMechanisms), fields: [Fields.password("password").required],
                query: tokenQuery + [Fields.next],
                answers: [.members([Fields.user.required])], outcomes: [.page, .redirect, .refusal]),
        ]
    }

    private var endSessions: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getEndSessions", summary: "Gives a CSRF token for ending the other sessions.",
                caller: .authenticated([.session]), answers: [.members([Fields.user.required])],
                outcomes: [.page, .redirect]),
            APIOperation(
                method: "POST", id: "endSessions", summary: "Ends all other sessions, tokens and links of the account.",
                caller: .authenticated([.session]), query: tokenQuery,
                answers: [.members([Fields.user.required])], outcomes: [.page, .redirect, .refusal]),
        ]
    }

    private var registration: [APIOperation] {
        let features = web.features
        let password = Fields.newPassword("password", policy)
        let username = Fields.username(policy)
        return [
            APIOperation(
                method: "GET", id: "getRegister", summary: "Gives a CSRF token for the registration.",
                caller: .anonymous, answers: [.members([])], outcomes: [.page, .redirect, .refusal]),
            APIOperation(
                method: "POST", id: "register", summary: "Makes an account.", caller: .anonymous,
                fields: [
                    Fields.email.required,
                    features.passwordRequired || !features.unifiedSignIn ? password.required : password,
                ] + (features.usernames ? [features.usernameRequired ? username.required : username] : []),
                query: tokenQuery + [Fields.next],
                answers: [.members(features.genericAnswers ? [] : [Fields.user.required])],
                outcomes: [.page, .redirect, .refusal]),
        ]
    }

    private var confirmationRequest: [APIOperation] {
        requestOfMail("Confirmation", "the link that confirms a mail address", members: [], redirects: false)
    }

    private var signInLinkRequest: [APIOperation] {
        requestOfMail("SignInLink", "a link that signs in", members: [Fields.user.required], redirects: false)
    }

    private var resetRequest: [APIOperation] {
        requestOfMail("Reset", "a link that sets a new password", members: [], redirects: true)
    }

    /// An endpoint that mails a link to an account. One with `redirects` is only for who is not signed in.
    private func requestOfMail(_ name: String, _ what: String, members: [APIField], redirects: Bool) -> [APIOperation] {
        let caller: APIOperation.Caller = redirects ? .anonymous : .anybody
        return [
            APIOperation(
                method: "GET", id: "get\(name)Request", summary: "Gives a CSRF token for asking for \(what).",
                caller: caller, answers: [.members([])],
                outcomes: redirects ? [.page, .redirect, .refusal] : [.page]),
            APIOperation(
                method: "POST", id: "request\(name)", summary: "Mails \(what).", caller: caller,
                fields: [Fields.email.required],
                answers: [.members(members)], outcomes: redirects ? [.page, .redirect, .refusal] : [.page, .refusal]),
        ]
    }

    /// A link that a browser opens from a mail.
    private func mailedLink(
        _ name: String, _ summary: String, _ further: Set<APIOperation.Outcome>
    ) -> [APIOperation] {
        let shown = web.features.linksAskFirst ? "Shows the button of a mailed link." : summary
        let outcomes: Set<APIOperation.Outcome> = [.page, .redirect, .notFound]
        return [
            APIOperation(
                method: "GET", id: "get\(name)Link", summary: shown, caller: .anonymous,
                outcomes: outcomes.union(further)),
            APIOperation(
                method: "POST", id: "use\(name)Link", summary: summary, caller: .anonymous,
                outcomes: outcomes.union(further)),
        ]
    }

    private var reset: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getResetLink", summary: "Shows the form for a new password, or leads to it.",
                caller: .anonymous, outcomes: [.page, .redirect, .refusal, .notFound]),
            APIOperation(
                method: "POST", id: "reset", summary: "Sets a new password by the token of a mailed link.",
                caller: .anonymous,
                fields: [
                    Fields.newPassword("password", policy).required, Fields.password("password_confirm").required,
                ], query: tokenQuery,
                answers: answersOfReset, outcomes: [.page, .redirect, .refusal, .notFound]),
        ]
    }

    /// Who has a second factor is not signed in by a mailed link.
    private var answersOfReset: [APIOperation.Answer] {
        guard web.features.signsInAfterReset else { return [.nothing] }
        return [.members([Fields.user.required])] + (policy.factors.isActive ? [.nothing] : [])
    }

    private var change: [APIOperation] {
        [
            APIOperation(
                method: "GET", id: "getChange", summary: "Tells whether the caller has a password.",
                caller: .authenticated(web.apiMechanisms),
                answers: [.members([Fields.activePassword.required, Fields.user.required])],
                outcomes: [.page, .redirect]),
            APIOperation(
                method: "POST", id: "change",
                summary: "Changes the caller's password. Who has none shows a fresh session instead of the old one.",
                caller: .authenticated(web.apiMechanisms),
                fields: [
                    Fields.password("password"), Fields.newPassword("new_password", policy).required,
                    Fields.password("new_password_confirm").required,
                ], query: tokenQuery,
                answers: [.members([Fields.user.required])], outcomes: [.page, .redirect, .refusal]),
        ]
    }

    /// A page of LIBSECURITY_PROTECTED that is a JSON document.
    func operations(of rule: ProtectedRule) -> [APIOperation] {
        rule.methods.map { method in
            APIOperation(
                method: method, id: nil, summary: "A document of this site.",
                caller: rule.mechanisms.isEmpty ? .anonymous : .authenticated(rule.mechanisms), csrf: .header,
                answers: [.document], outcomes: [.page, .redirect, .forbidden])
        }
    }

    private var tokenQuery: [APIField] { web.features.answersTokens ? [] : [Fields.includeToken] }
}
