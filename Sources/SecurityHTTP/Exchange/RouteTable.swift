import SecurityCore

/// The endpoints that a site has, by its features.
struct RouteTable: Sendable {
    struct Route: Sendable {
        let methods: [String]
        /// Whether a POST hashes a password; a GET never does.
        let hashes: Bool
        /// Whether it belongs to a flow: it takes fields from a body, and lies on SECURITY_SUBDOMAIN.
        let isFlow: Bool
        let answer: @Sendable (Exchange, _ token: String) throws -> WebResponse
    }

    /// An endpoint of a flow.
    struct Endpoint: Sendable {
        /// The configuration key of its path.
        let key: String
        /// The path, without the token.
        let path: String
        let takesToken: Bool
        let methods: [String]
    }

    /// The endpoints of the flows that are switched on.
    private(set) var endpoints: [Endpoint] = []
    /// The rules whose pages the service serves itself.
    private(set) var pages: [ProtectedRule] = []
    private var exact: [RequestPath: Route] = [:]
    /// Routes with a token behind the path.
    private var tokens: [(path: RequestPath, route: Route)] = []

    init(_ web: WebPolicy, _ policy: Policy) {
        let features = web.features
        if features.passwordless {
            add(web, "SECURITY_LOGIN_URL") { exchange, _ in try SignInLinkFlow(exchange: exchange).request() }
            addToken(web, "SECURITY_LOGIN_URL", hashes: false) { exchange, token in
                try SignInLinkFlow(exchange: exchange).open(token)
            }
        } else {
            add(web, "SECURITY_LOGIN_URL", hashes: true) { exchange, _ in try SignInFlow(exchange: exchange).respond() }
        }
        if !web.logoutMethods.isEmpty {
            add(web, "SECURITY_LOGOUT_URL", methods: web.logoutMethods) { exchange, _ in
                try SignInFlow(exchange: exchange).signOut()
            }
        }
        if policy.freshness.within >= 0 {
            add(web, "SECURITY_VERIFY_URL", hashes: true) { exchange, _ in try VerifyFlow(exchange: exchange).respond()
            }
        }
        if features.registerable {
            add(web, "SECURITY_REGISTER_URL", hashes: true) { exchange, _ in
                try RegistrationFlow(exchange: exchange).respond()
            }
        }
        if features.confirmable {
            add(web, "SECURITY_CONFIRM_URL", hashes: true) { exchange, _ in
                try ConfirmationFlow(exchange: exchange).request()
            }
            addToken(web, "SECURITY_CONFIRM_URL", hashes: true) { exchange, token in
                try ConfirmationFlow(exchange: exchange).open(token)
            }
        }
        if features.recoverable {
            add(web, "SECURITY_RESET_URL", hashes: true) { exchange, _ in
                try RecoveryFlow(exchange: exchange).request()
            }
            addToken(web, "SECURITY_RESET_URL", hashes: true) { exchange, token in
                try RecoveryFlow(exchange: exchange).open(token)
            }
        }
        if features.changeable {
            add(web, "SECURITY_CHANGE_URL", hashes: true) { exchange, _ in
                try ChangePasswordFlow(exchange: exchange).respond()
            }
        }
        add(web, "LIBSECURITY_END_SESSIONS_URL") { exchange, _ in try EndSessionsFlow(exchange: exchange).respond() }
        exact[RequestPath("/authz")] = Route(methods: ["GET", "HEAD", "POST"], hashes: false, isFlow: false) {
            exchange, _ in
            try ProtectedFlow(exchange: exchange).authorize()
        }
        if web.isDescribed {
            exact[RequestPath(web.descriptionPath)] = Route(methods: ["GET", "HEAD"], hashes: false, isFlow: false) {
                exchange, _ in
                WebResponse(
                    status: 200, headers: [HeaderField("Content-Type", "application/yaml")],
                    body: exchange.site.description)
            }
        }
        for rule in web.protected where rule.isPage {
            guard let path = rule.path, exact[path] == nil else { continue }
            pages.append(rule)
            exact[path] = Route(methods: rule.methods, hashes: false, isFlow: false) { exchange, _ in
                try ProtectedFlow(exchange: exchange).page(rule)
            }
        }
    }

    private mutating func add(
        _ web: WebPolicy, _ key: String, methods: [String] = ["GET", "POST"], hashes: Bool = false,
        _ answer: @escaping @Sendable (Exchange, String) throws -> WebResponse
    ) {
        exact[RequestPath(web.url(key))] = Route(methods: methods, hashes: hashes, isFlow: true, answer: answer)
        // Of two with one path the later one is served.
        endpoints.removeAll { $0.path == web.url(key) && !$0.takesToken }
        endpoints.append(Endpoint(key: key, path: web.url(key), takesToken: false, methods: methods))
    }

    private mutating func addToken(
        _ web: WebPolicy, _ key: String, hashes: Bool,
        _ answer: @escaping @Sendable (Exchange, String) throws -> WebResponse
    ) {
        let route = Route(methods: ["GET", "POST"], hashes: hashes, isFlow: true, answer: answer)
        tokens.append((RequestPath(web.url(key)), route))
        guard !endpoints.contains(where: { $0.path == web.url(key) && $0.takesToken }) else { return }
        endpoints.append(Endpoint(key: key, path: web.url(key), takesToken: true, methods: route.methods))
    }

    /// A path as this table writes it, with `{token}` in place of a token.
    func template(of path: RequestPath) -> String? { find(path)?.template }

    /// The route of a path, how the table writes it, and the token behind it.
    func find(_ path: RequestPath) -> (route: Route, template: String, token: String)? {
        if let index = exact.index(forKey: path) { return (exact[index].value, exact[index].key.string, "") }
        for (base, route) in tokens {
            guard let token = path.segment(below: base) else { continue }
            return (route, base.token("{token}"), token)
        }
        return nil
    }
}
