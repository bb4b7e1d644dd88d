import SecurityCore

/// What a site's configuration says about the service alone: routes, targets, cookies, mails.
struct WebPolicy: Sendable {
    /// Which flows exist.
    struct Features: Sendable {
        var registerable: Bool
        var confirmable: Bool
        var recoverable: Bool
        var changeable: Bool
        var passwordless: Bool
        var unifiedSignIn: Bool
        var usernames: Bool
        var usernameRequired: Bool
        var passwordRequired: Bool
        var flashes: Bool
        var genericAnswers: Bool
        var singlePage: Bool
        var sendsRegisterMail: Bool
        var sendsResetMail: Bool
        var sendsResetNotice: Bool
        var sendsChangeNotice: Bool
        var signsInAfterConfirmation: Bool
        var signsInAfterReset: Bool
        var remembersByDefault: Bool
        var answersTokens: Bool
        var answersPlainUnauthenticated: Bool
        /// LIBSECURITY_LINK_CONFIRM: a mailed link shows a button first.
        var linksAskFirst: Bool

        /// A key by which mails with links are sent; nil = none are.
        var keyThatMailsLinks: String? {
            if confirmable { return "SECURITY_CONFIRMABLE" }
            if recoverable { return "SECURITY_RECOVERABLE" }
            return passwordless ? "SECURITY_PASSWORDLESS" : nil
        }
    }

    let features: Features
    let csrf: CSRFPolicy
    let session: CookieRule
    let remember: CookieRule
    /// REMEMBER_COOKIE_DURATION in seconds.
    let rememberSeconds: Int64
    let rememberRefreshes: Bool
    let sessionRefreshes: Bool
    let sessionProtection: String?
    let prefix: String
    let applicationRoot: String
    let serverName: String?
    /// SECURITY_SUBDOMAIN: where the flows are, below ``serverName``.
    let subdomain: String?
    let publicURL: String?
    let scheme: String
    let tokenKey: String
    let tokenHeader: String
    let realm: String
    let apiMechanisms: [Mechanism]
    let logoutMethods: [String]
    let allowsSubdomains: Bool
    let redirectHost: String?
    let redirectPattern: RedirectPattern
    /// By names that are equal when their bytes are.
    let viewNames: [ByteText: String]
    let payload: [SettingEntry]
    let proxies: ProxyPolicy
    let messageLimits: MessageLimits
    /// LIBSECURITY_REMEMBER = "bound".
    let bindsRemembered: Bool
    let protected: [ProtectedRule]
    let templateFolder: String?
    /// LIBSECURITY_HEADERS.
    let sendsSecurityHeaders: Bool
    /// LIBSECURITY_ORIGIN_CHECK.
    let checksOrigin: Bool
    /// LIBSECURITY_OPENAPI.
    let isDescribed: Bool
    private let texts: [String: String]

    /// Throws ``InvalidConfiguration``.
    init(_ settings: Settings, policy: Policy) throws {
        features = Features(settings, policy)
        csrf = CSRFPolicy(settings, policy)
        session = CookieRule(session: settings)
        remember = CookieRule(remember: settings)
        rememberSeconds = (settings.duration("REMEMBER_COOKIE_DURATION") ?? 0) / 1_000_000
        rememberRefreshes = settings.bool("REMEMBER_COOKIE_REFRESH_EACH_REQUEST")
        sessionRefreshes = settings.bool("SESSION_REFRESH_EACH_REQUEST")
        sessionProtection = settings.text("SESSION_PROTECTION")
        prefix = settings.text("SECURITY_URL_PREFIX") ?? ""
        applicationRoot = settings.text("APPLICATION_ROOT") ?? "/"
        serverName = settings.text("SERVER_NAME")
        subdomain = settings.text("SECURITY_SUBDOMAIN")
        if subdomain != nil, serverName == nil {
            throw InvalidConfiguration("SECURITY_SUBDOMAIN", "is below SERVER_NAME, which is not set")
        }
        publicURL = settings.text("LIBSECURITY_PUBLIC_URL")
        scheme = settings.text("PREFERRED_URL_SCHEME") ?? "http"
        tokenKey = settings.text("SECURITY_TOKEN_AUTHENTICATION_KEY") ?? "auth_token"
        tokenHeader = settings.text("SECURITY_TOKEN_AUTHENTICATION_HEADER") ?? "Authentication-Token"
        realm = settings.text("SECURITY_DEFAULT_HTTP_AUTH_REALM") ?? "Login Required"
        apiMechanisms = settings.texts("SECURITY_API_ENABLED_METHODS").compactMap { Mechanism(rawValue: $0) }
        logoutMethods = settings.texts("SECURITY_LOGOUT_METHODS")
        allowsSubdomains = settings.bool("SECURITY_REDIRECT_ALLOW_SUBDOMAINS")
        redirectHost = settings.text("SECURITY_REDIRECT_HOST")
        redirectPattern =
            settings.text("SECURITY_REDIRECT_VALIDATE_MODE") == "regex"
            ? RedirectPattern(settings.text("SECURITY_REDIRECT_VALIDATE_RE")) : .none
        let names = settings["LIBSECURITY_VIEW_NAMES"]?.entries ?? []
        let blueprint = settings.text("SECURITY_BLUEPRINT_NAME") ?? "security"
        let start = prefix
        let ours = WebPolicy.endpoints.map { endpoint in
            (ByteText("\(blueprint).\(endpoint.name)"), start + (settings.text(endpoint.key) ?? "/"))
        }
        viewNames = Dictionary(
            ours + names.compactMap { entry in entry.value.text.map { (ByteText(entry.name), $0) } },
            uniquingKeysWith: { $1 })
        payload = settings["LIBSECURITY_USER_PAYLOAD"]?.entries ?? []
        proxies = try ProxyPolicy(settings)
        messageLimits = MessageLimits(settings)
        bindsRemembered = settings.text("LIBSECURITY_REMEMBER") == "bound"
        protected = try ProtectedRule.all(settings)
        sendsSecurityHeaders = settings.text("LIBSECURITY_HEADERS") != "off"
        checksOrigin = settings.bool("LIBSECURITY_ORIGIN_CHECK")
        isDescribed = settings.bool("LIBSECURITY_OPENAPI")
        templateFolder = settings.text("LIBSECURITY_TEMPLATE_DIR")
        var texts: [String: String] = [:]
        for section in ConfigKeys.sections {
            for key in section.keys where WebPolicy.isNamedText(key.name) {
                if let text = settings.text(key.name) { texts[key.name] = text }
            }
        }
        for key in ["SECURITY_POST_LOGIN_VIEW", "SECURITY_POST_LOGOUT_VIEW"] where !settings.isSet(key) {
            texts[key] = applicationRoot
        }
        texts["MAIL_SENDER"] = WebPolicy.sender(settings)
        self.texts = texts
    }

    /// Flask-Security's names of its endpoints without a token, which may stand in place of a path as `security.login`
    /// (SECURITY_BLUEPRINT_NAME).
    static let endpoints: [(name: String, key: String)] = [
        ("login", "SECURITY_LOGIN_URL"), ("logout", "SECURITY_LOGOUT_URL"), ("verify", "SECURITY_VERIFY_URL"),
        ("register", "SECURITY_REGISTER_URL"), ("send_confirmation", "SECURITY_CONFIRM_URL"),
        ("forgot_password", "SECURITY_RESET_URL"), ("change_password", "SECURITY_CHANGE_URL"),
    ]

    /// Keys that are read by their names: routes, targets, templates, subjects, and how long links are good.
    private static func isNamedText(_ name: String) -> Bool {
        let name = ByteText(name)
        return ["_URL", "_VIEW", "_TEMPLATE", "_WITHIN"].contains { name.has(suffix: $0) } || name.holds("_SUBJECT")
    }

    private static func sender(_ settings: Settings) -> String {
        for key in ["SECURITY_EMAIL_SENDER", "MAIL_DEFAULT_SENDER"] where settings.isSet(key) {
            if let text = settings[key]?.text { return text }
            let parts = settings[key]?.elements.compactMap { $0.text } ?? []
            if parts.count == 2 { return "\(parts[0]) <\(parts[1])>" }
        }
        return "no-reply@localhost"
    }

    /// The path of a route, such as of `SECURITY_LOGIN_URL`.
    func url(_ key: String) -> String { prefix + (texts[key] ?? "/") }

    /// Where the OpenAPI description is.
    var descriptionPath: String { prefix + "/openapi.yaml" }

    /// The text of a key named above; nil for None.
    func text(_ key: String) -> String? { texts[key] }

    /// What the *_TEMPLATE keys name.
    var pageTemplates: [String] { texts.filter { ByteText($0.key).has(suffix: "_TEMPLATE") }.map { $0.value } }

    /// From whom mails are.
    var sender: String { texts["MAIL_SENDER"] ?? "no-reply@localhost" }

    /// Scheme and authority of links in mails: never the request's.
    var linkBase: String? { flowAuthority.map { scheme + "://" + $0 } ?? publicURL }

    /// The authority of the flows; nil = that of any request.
    private var flowAuthority: String? { serverName.map { name in subdomain.map { $0 + "." + name } ?? name } }

    /// Whether the flows are at the host of a request: everywhere but where SECURITY_SUBDOMAIN says.
    func servesFlows(at host: String) -> Bool {
        guard subdomain != nil, let authority = flowAuthority else { return true }
        func name(_ authority: String) -> ByteText {
            let name = ByteText(authority).lowered.cut(at: 0x3A).before
            return name.dropping(suffix: ".") ?? name
        }
        return name(host) == name(authority)
    }
}

extension WebPolicy.Features {
    fileprivate init(_ settings: Settings, _ policy: Policy) {
        registerable = settings.bool("SECURITY_REGISTERABLE")
        confirmable = policy.factors.confirmable
        recoverable = settings.bool("SECURITY_RECOVERABLE")
        changeable = policy.isChangeable
        passwordless = settings.bool("SECURITY_PASSWORDLESS")
        unifiedSignIn = settings.bool("SECURITY_UNIFIED_SIGNIN")
        usernames = policy.usernames.isEnabled
        usernameRequired = policy.usernames.isRequired
        passwordRequired = settings.bool("SECURITY_PASSWORD_REQUIRED")
        flashes = settings.bool("SECURITY_FLASH_MESSAGES")
        genericAnswers = settings.bool("SECURITY_RETURN_GENERIC_RESPONSES")
        singlePage = settings.text("SECURITY_REDIRECT_BEHAVIOR") == "spa"
        sendsRegisterMail = settings.bool("SECURITY_SEND_REGISTER_EMAIL")
        sendsResetMail = settings.bool("SECURITY_SEND_PASSWORD_RESET_EMAIL")
        sendsResetNotice = settings.bool("SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL")
        sendsChangeNotice = settings.bool("SECURITY_SEND_PASSWORD_CHANGE_EMAIL")
        signsInAfterConfirmation = settings.bool("SECURITY_AUTO_LOGIN_AFTER_CONFIRM")
        // 5.0 always signs in; the key, which says otherwise, came later.
        signsInAfterReset =
            !settings.isSet("SECURITY_AUTO_LOGIN_AFTER_RESET") || settings.bool("SECURITY_AUTO_LOGIN_AFTER_RESET")
        remembersByDefault = settings.bool("SECURITY_DEFAULT_REMEMBER_ME")
        answersTokens = settings.bool("SECURITY_BACKWARDS_COMPAT_AUTH_TOKEN")
        answersPlainUnauthenticated = settings.bool("SECURITY_BACKWARDS_COMPAT_UNAUTHN")
        linksAskFirst = settings.text("LIBSECURITY_LINK_CONFIRM") != "get"
    }
}

/// A cookie's name and attributes.
struct CookieRule: Sendable {
    var name: String
    var attributes: CookieAttributes

    fileprivate init(session settings: Settings) {
        name = settings.text("SESSION_COOKIE_NAME") ?? "session"
        attributes = CookieAttributes(settings, "SESSION_COOKIE_")
        attributes.path =
            settings.text("SESSION_COOKIE_PATH") ?? settings.text("APPLICATION_ROOT") ?? "/"
    }

    fileprivate init(remember settings: Settings) {
        name = settings.text("REMEMBER_COOKIE_NAME") ?? "remember_token"
        attributes = CookieAttributes(settings, "REMEMBER_COOKIE_")
    }
}

extension CookieAttributes {
    fileprivate init(_ settings: Settings, _ prefix: String) {
        domain = settings.text(prefix + "DOMAIN")
        path = settings.text(prefix + "PATH") ?? "/"
        isSecure = settings.bool(prefix + "SECURE")
        isHTTPOnly = settings.bool(prefix + "HTTPONLY")
        sameSite = settings.text(prefix + "SAMESITE")
    }
}

/// SECURITY_REDIRECT_VALIDATE_RE. The pattern of Flask-Security itself is built in; another one refuses everything that is no
/// plain path, since a rule that cannot be read must not let anything through.
enum RedirectPattern: Sendable, Equatable {
    case none, standard, unreadable

    init(_ pattern: String?) {
        switch pattern {
        case nil, #"^/{4,}|\\{3,}|[\s\000-\037][/\\]{2,}"#, #"^/{4}|\\{3}|[\s\000-\037][/\\]{2}"#: self = .standard
        default: self = .unreadable
        }
    }

    /// Whether a URL is refused.
    func refuses(_ url: ByteText) -> Bool {
        switch self {
        case .none: return false
        case .unreadable: return !url.has(prefix: "/") || url.has(prefix: "//") || url.holds(0x5C)
        case .standard:
            if url.has(prefix: "////") || url.holds(#"\\\"#) { return true }
            let bytes = Array(url.utf8)
            return bytes.indices.contains { index in
                bytes[index] <= 0x20 && bytes.indices.contains(index + 2)
                    && [0x2F, 0x5C].contains(bytes[index + 1]) && [0x2F, 0x5C].contains(bytes[index + 2])
            }
        }
    }
}

/// Ways to say who one is, in the order in which they are tried.
enum Mechanism: String, CaseIterable, Sendable {
    case token, session, basic
}
