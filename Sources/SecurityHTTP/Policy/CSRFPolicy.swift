import SecurityCore

/// How Flask-WTF and Flask-Security check CSRF tokens on this site.
struct CSRFPolicy: Sendable {
    /// WTF_CSRF_ENABLED.
    let isEnabled: Bool
    /// LIBSECURITY_CSRF_PROTECT: Flask-WTF's CSRFProtect is set up, so that headers count.
    let isProtecting: Bool
    /// WTF_CSRF_CHECK_DEFAULT: before any view; else as the mechanism of authentication asks.
    let checksEveryView: Bool
    /// SECURITY_CSRF_PROTECT_MECHANISMS.
    let mechanisms: Set<Mechanism>
    /// SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS.
    let ignoresAnonymous: Bool
    let field: String
    /// In lower case.
    let headers: [String]
    /// WTF_CSRF_TIME_LIMIT in seconds; nil = none.
    let timeLimit: Int64?
    let methods: Set<String>
    let checksReferrer: Bool
    let cookie: CookieRule?
    let refreshesCookie: Bool

    init(_ settings: Settings, _ policy: Policy) {
        isEnabled = settings.bool("WTF_CSRF_ENABLED")
        isProtecting = settings.bool("LIBSECURITY_CSRF_PROTECT")
        checksEveryView = settings.bool("WTF_CSRF_CHECK_DEFAULT")
        mechanisms = Set(
            settings.texts("SECURITY_CSRF_PROTECT_MECHANISMS").compactMap { Mechanism(rawValue: $0) })
        ignoresAnonymous = settings.bool("SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS")
        field = settings.text("WTF_CSRF_FIELD_NAME") ?? "csrf_token"
        timeLimit = settings.integer("WTF_CSRF_TIME_LIMIT").map { Int64($0) }
        methods = Set(settings.texts("WTF_CSRF_METHODS"))
        checksReferrer = settings.bool("WTF_CSRF_SSL_STRICT")
        refreshesCookie = settings.bool("SECURITY_CSRF_COOKIE_REFRESH_EACH_REQUEST")
        cookie = CSRFPolicy.cookie(settings)
        var headers = settings.texts("WTF_CSRF_HEADERS")
        if cookie != nil, let own = settings.text("SECURITY_CSRF_HEADER") { headers.append(own) }
        self.headers = headers.map { ByteText($0).lowered.string }
    }

    /// SECURITY_CSRF_COOKIE_NAME, or the older place of the name in SECURITY_CSRF_COOKIE.
    private static func cookie(_ settings: Settings) -> CookieRule? {
        let table = settings["SECURITY_CSRF_COOKIE"]
        guard let name = settings.text("SECURITY_CSRF_COOKIE_NAME") ?? table?["key"]?.text, !name.isEmpty else {
            return nil
        }
        var attributes = CookieAttributes()
        attributes.sameSite = table?["samesite"].map { $0.text ?? "" } ?? "Strict"
        if attributes.sameSite == "" { attributes.sameSite = nil }
        attributes.isHTTPOnly = table?["httponly"]?.bool ?? false
        attributes.isSecure = table?["secure"]?.bool ?? false
        attributes.path = table?["path"]?.text ?? "/"
        attributes.domain = table?["domain"]?.text
        return CookieRule(name: name, attributes: attributes)
    }
}

extension CookieRule {
    init(name: String, attributes: CookieAttributes) {
        self.name = name
        self.attributes = attributes
    }
}
