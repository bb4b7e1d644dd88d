import Testing

@testable import SecurityCore

/// What `config show` shows.
@Suite struct PolicyShowTests {
    private func shown(_ key: String, _ lines: String) -> (value: String, origin: EffectiveSetting.Origin)? {
        EffectiveSetting.all(in: Secret(utf8: PolicyTexts.file(lines))).first { $0.key.name == key }
            .map { ($0.value, $0.origin) }
    }

    @Test(arguments: [
        ("SECRET_KEY", "\"***\""), ("SECURITY_PASSWORD_SALT", "\"***\""),
        ("SECURITY_TOTP_SECRETS", "{ 1 = \"***\", \"b c\" = \"***\" }"), ("SECRET_KEY_FALLBACKS", "[\"***\", \"***\"]"),
        ("MAIL_PASSWORD", "\"***\""), ("SECURITY_SMS_SERVICE_CONFIG", "{ AUTH_TOKEN = \"***\" }"),
        ("WTF_CSRF_SECRET_KEY", "\"***\""), ("SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS", "[\"***\"]"),
    ])
    func `secrets are masked`(_ key: String, _ value: String) {
        let lines = """
            SECURITY_TOTP_SECRETS = { 1 = "hidden", "b c" = "hidden" }
            MAIL_PASSWORD = "hidden"
            SECRET_KEY_FALLBACKS = ["hidden", "hidden"]
            SECURITY_SMS_SERVICE_CONFIG = { AUTH_TOKEN = "hidden" }
            WTF_CSRF_SECRET_KEY = "hidden"
            SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS = ["hidden"]
            """
        #expect(shown(key, lines)?.value == value)
    }

    @Test(arguments: [
        ("postgresql://u:hidden@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("postgresql://u:hid/d?e@n@h/d?password=hidden", "postgresql://u:***@h/d?***"),
        ("postgresql://u@h:5432/d", "postgresql://u@h:5432/d"),
        ("postgresql:///d?password=hidden", "postgresql:///d?***"),
        ("sqlite:////var/lib/users.db", "sqlite:////var/lib/users.db"), ("", ""), ("u:hidden@h/d", "***"),
    ])
    func `the password of a database URI is masked`(_ uri: String, _ shown: String) {
        #expect(self.shown("SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URI = \"\(uri)\"")?.value == "\"\(shown)\"")
    }

    @Test func `an empty secret is shown as empty`() {
        #expect(shown("MAIL_PASSWORD", "MAIL_PASSWORD = \"\"")?.value == "\"\"")
    }

    @Test(arguments: [
        "\"a\\\"b\\\\c\\u0001é\"", "-5", "1.5", "true", "[\"a\", [1, 2]]", "{ a = 1, b-2 = { \"c d\" = false } }", "[]",
        "{}",
    ])
    func `a value is shown as TOML that means the same`(_ value: String) {
        #expect(shown("SECURITY_CACHE_CONTROL", "SECURITY_CACHE_CONTROL = \(value)")?.value == value)
    }

    @Test func `a value says where it comes from`() throws {
        #expect(shown("MAIL_PORT", "MAIL_PORT = 587")?.origin == .file(line: 4))
        let absent = try #require(shown("MAIL_PORT", ""))
        #expect(absent.value == "25" && absent.origin == .fallback)
    }

    @Test func `every key is shown, and none of a text that is not TOML`() {
        #expect(EffectiveSetting.all(in: Secret(utf8: "")).count == ConfigKeys.names.count)
        #expect(EffectiveSetting.all(in: Secret(utf8: "=")).isEmpty)
    }
}
