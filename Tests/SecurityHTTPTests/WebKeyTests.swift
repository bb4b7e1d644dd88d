import Foundation
import SecurityCore
import Testing

@testable import SecurityHTTP

/// Every key that the service alone honours, with a value that is not its default. A row that changes nothing fails.
@Suite struct WebKeyTests {
    /// Key and value as TOML.
    static let rows: [(key: String, value: String)] = [
        ("SECURITY_LOGIN_URL", #""/in""#),
        ("SECURITY_LOGOUT_URL", #""/out""#),
        ("SECURITY_LOGOUT_METHODS", #"["POST"]"#),
        ("SECURITY_POST_LOGIN_VIEW", #""/a""#),
        ("SECURITY_POST_LOGOUT_VIEW", #""/a""#),
        ("SECURITY_UNAUTHORIZED_VIEW", #""/a""#),
        ("SECURITY_LOGIN_USER_TEMPLATE", #""a.html""#),
        ("SECURITY_VERIFY_URL", #""/v""#),
        ("SECURITY_VERIFY_TEMPLATE", #""a.html""#),
        ("SECURITY_SEND_REGISTER_EMAIL", #"false"#),
        ("SECURITY_EMAIL_SUBJECT_REGISTER", #""Hi""#),
        ("SECURITY_REGISTER_USER_TEMPLATE", #""a.html""#),
        ("SECURITY_POST_REGISTER_VIEW", #""/a""#),
        ("SECURITY_REGISTER_URL", #""/r""#),
        ("SECURITY_CONFIRM_URL", #""/c""#),
        ("SECURITY_SEND_CONFIRMATION_TEMPLATE", #""a.html""#),
        ("SECURITY_EMAIL_SUBJECT_CONFIRM", #""Hi""#),
        ("SECURITY_CONFIRM_ERROR_VIEW", #""/a""#),
        ("SECURITY_POST_CONFIRM_VIEW", #""/a""#),
        ("SECURITY_AUTO_LOGIN_AFTER_CONFIRM", #"false"#),
        ("SECURITY_REQUIRES_CONFIRMATION_ERROR_VIEW", #""/a""#),
        ("SECURITY_CHANGE_URL", #""/c""#),
        ("SECURITY_POST_CHANGE_VIEW", #""/a""#),
        ("SECURITY_CHANGE_PASSWORD_TEMPLATE", #""a.html""#),
        ("SECURITY_SEND_PASSWORD_CHANGE_EMAIL", #"false"#),
        ("SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE", #""Hi""#),
        ("SECURITY_RECOVERABLE", #"true"#),
        ("SECURITY_RESET_URL", #""/r""#),
        ("SECURITY_RESET_PASSWORD_TEMPLATE", #""a.html""#),
        ("SECURITY_FORGOT_PASSWORD_TEMPLATE", #""a.html""#),
        ("SECURITY_POST_RESET_VIEW", #""/a""#),
        ("SECURITY_RESET_VIEW", #""/a""#),
        ("SECURITY_RESET_ERROR_VIEW", #""/a""#),
        ("SECURITY_SEND_PASSWORD_RESET_EMAIL", #"false"#),
        ("SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL", #"false"#),
        ("SECURITY_EMAIL_SUBJECT_PASSWORD_RESET", #""Hi""#),
        ("SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE", #""Hi""#),
        ("SECURITY_PASSWORDLESS", #"true"#),
        ("SECURITY_SEND_LOGIN_TEMPLATE", #""a.html""#),
        ("SECURITY_EMAIL_SUBJECT_PASSWORDLESS", #""Hi""#),
        ("SECURITY_LOGIN_ERROR_VIEW", #""/a""#),
        ("SECURITY_URL_PREFIX", #""/p""#),
        ("SECURITY_FLASH_MESSAGES", #"false"#),
        ("SECURITY_TOKEN_AUTHENTICATION_KEY", #""k""#),
        ("SECURITY_TOKEN_AUTHENTICATION_HEADER", #""K""#),
        ("SECURITY_DEFAULT_HTTP_AUTH_REALM", #""r""#),
        ("SECURITY_REDIRECT_BEHAVIOR", #""spa""#),
        ("SECURITY_REDIRECT_HOST", #""h""#),
        ("SECURITY_REDIRECT_ALLOW_SUBDOMAINS", #"true"#),
        ("SECURITY_REDIRECT_VALIDATE_MODE", #""regex""#),
        ("SECURITY_CSRF_PROTECT_MECHANISMS", #"["basic"]"#),
        ("SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS", #"true"#),
        ("SECURITY_CSRF_COOKIE_NAME", #""c""#),
        ("SECURITY_CSRF_COOKIE_REFRESH_EACH_REQUEST", #"true"#),
        ("SECURITY_EMAIL_SENDER", #""a@example.com""#),
        ("SECURITY_BACKWARDS_COMPAT_UNAUTHN", #"true"#),
        ("SECURITY_BACKWARDS_COMPAT_AUTH_TOKEN", #"true"#),
        ("SECURITY_API_ENABLED_METHODS", #"["basic"]"#),
        ("SECURITY_DEFAULT_REMEMBER_ME", #"true"#),
        ("SECURITY_RETURN_GENERIC_RESPONSES", #"true"#),
        ("SECURITY_AUTO_LOGIN_AFTER_RESET", #"false"#),
        ("SECURITY_EMAIL_PLAINTEXT", #"false"#),
        ("SECURITY_EMAIL_HTML", #"false"#),
        ("SERVER_NAME", #""a.example""#),
        ("APPLICATION_ROOT", #""/a""#),
        ("PREFERRED_URL_SCHEME", #""https""#),
        ("SESSION_COOKIE_NAME", #""s""#),
        ("SESSION_COOKIE_HTTPONLY", #"false"#),
        ("SESSION_COOKIE_SECURE", #"true"#),
        ("SESSION_COOKIE_SAMESITE", #""Lax""#),
        ("SESSION_COOKIE_DOMAIN", #""a.example""#),
        ("SESSION_COOKIE_PATH", #""/a""#),
        ("SESSION_REFRESH_EACH_REQUEST", #"false"#),
        ("SESSION_PROTECTION", #""strong""#),
        ("REMEMBER_COOKIE_NAME", #""r""#),
        ("REMEMBER_COOKIE_DURATION", #"5"#),
        ("REMEMBER_COOKIE_DOMAIN", #""a.example""#),
        ("REMEMBER_COOKIE_PATH", #""/a""#),
        ("REMEMBER_COOKIE_SECURE", #"true"#),
        ("REMEMBER_COOKIE_HTTPONLY", #"false"#),
        ("REMEMBER_COOKIE_SAMESITE", #""Lax""#),
        ("WTF_CSRF_ENABLED", #"false"#),
        ("WTF_CSRF_CHECK_DEFAULT", #"false"#),
        ("WTF_CSRF_FIELD_NAME", #""t""#),
        ("WTF_CSRF_HEADERS", #"["X-T"]"#),
        ("WTF_CSRF_METHODS", #"["POST"]"#),
        ("WTF_CSRF_SSL_STRICT", #"false"#),
        ("MAIL_SERVER", #""m.example""#),
        ("MAIL_PORT", #"2525"#),
        ("MAIL_USE_TLS", #"true"#),
        ("MAIL_USE_SSL", #"true"#),
        ("MAIL_USERNAME", #""u""#),
        ("MAIL_DEFAULT_SENDER", #""b@example.com""#),
        ("LIBSECURITY_MAIL_FIRST_ATTEMPT", #""request""#),
        ("LIBSECURITY_MAIL", #""maildir:/m""#),
        ("LIBSECURITY_MAIL_CA", #""/ca.pem""#),
        ("SECURITY_SMS_SERVICE", "\"file\"\nSECURITY_SMS_SERVICE_CONFIG = { PATH = \"/f\" }"),
        ("SECURITY_SMS_SERVICE_CONFIG", #"{ PHONE_NUMBER = "+1" }"#),
        ("LIBSECURITY_MAIL_INTERVAL", "5"),
        ("LIBSECURITY_MAIL_HOURLY_ACCOUNT", "5"),
        ("LIBSECURITY_MAIL_HOURLY_ORIGIN", "5"),
        ("LIBSECURITY_REGISTER_HOURLY_ORIGIN", "5"),
        ("LIBSECURITY_OUTBOX_MAX", "5"),
        ("LIBSECURITY_REMEMBER", #""bound""#),
        ("LIBSECURITY_LINK_CONFIRM", #""get""#),
        ("LIBSECURITY_ORIGIN_CHECK", #"false"#),
        ("LIBSECURITY_END_SESSIONS_URL", #""/e""#),
        ("LIBSECURITY_HEADERS", #""off""#),
        ("LIBSECURITY_OPENAPI", #"false"#),
        ("LIBSECURITY_PUBLIC_URL", #""https://a.example""#),
        ("LIBSECURITY_TEMPLATE_DIR", #""/t""#),
        ("LIBSECURITY_CSRF_PROTECT", #"true"#),
        ("LIBSECURITY_PROXY_FIX", #"{ x_for = 1 }"#),
        ("LIBSECURITY_USER_PAYLOAD", #"{ email = "email" }"#),
        ("LIBSECURITY_VIEW_NAMES", #"{ a = "/b" }"#),
        ("LIBSECURITY_PROTECTED", #"[{ path = "/a" }]"#),
    ]

    private static func reading(_ line: String) throws -> String {
        let site = try SiteFixture(line)
        var described = ""
        dump(try site.web(), to: &described)
        dump(try Mailer(site.settings), to: &described)
        // A dictionary has no order.
        return described.split(separator: "\n").sorted().joined(separator: "\n")
    }

    @Test(arguments: rows)
    func `a key changes what the service does`(row: (key: String, value: String)) throws {
        #expect(try Self.reading("\(row.key) = \(row.value)") != Self.reading(""))
    }

    /// The keys that stand as settings in the tests of the running service.
    private static func testedFromOutside() throws -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../HTTP")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let texts = try files.filter { $0.lastPathComponent.hasPrefix("test_") && $0.pathExtension == "py" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
        return ConfigKeys.sections.flatMap(\.keys).map(\.name).filter { name in
            texts.contains { $0.contains("\"\(name)\": ") }
        }
    }

    @Test func `no key of the service is claimed without a row`() throws {
        let claimed = ConfigKeys.sections.flatMap(\.keys).filter { key in
            key.isHonoured && key.component != "cli" && !["core", "pam"].contains { key.component.contains($0) }
        }
        let tested = Set(Self.rows.map(\.key)).union(try Self.testedFromOutside())
        let elsewhere = claimed.map(\.name).filter { !tested.contains($0) && !WebKeyTests.readByPolicy($0) }
        #expect(elsewhere == [])
    }

    /// Keys that ``Policy`` holds, which has rows of its own.
    private static func readByPolicy(_ name: String) -> Bool {
        name.hasSuffix("_SALT") || name.hasSuffix("_WITHIN")
            || [
                "SECURITY_REGISTERABLE", "PERMANENT_SESSION_LIFETIME", "SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN",
                "SECURITY_PHONE_REGION_DEFAULT", "SECURITY_USERNAME_REQUIRED", "SECURITY_USERNAME_MIN_LENGTH",
                "SECURITY_USERNAME_MAX_LENGTH", "LIBSECURITY_BREACHED_URL", "SECURITY_HASHING_SCHEMES",
                "SECURITY_DEPRECATED_HASHING_SCHEMES", "SECURITY_UNIFIED_SIGNIN",
                "SECURITY_WEBAUTHN", "WTF_CSRF_SECRET_KEY", "WTF_CSRF_TIME_LIMIT", "SECURITY_TWO_FACTOR_LOGIN_VALIDITY",
            ].contains(name)
    }
}
