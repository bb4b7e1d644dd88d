import SecurityCore

/// The security.toml that `securityctl init` writes: better values than Flask-Security's defaults, each with its reason,
/// where both programs read them. Values that are good by default are not repeated.
struct ConfigTemplate {
    /// What differs from site to site.
    struct Choices {
        /// The absolute path of the database.
        var database: String
        /// SECURITY_TOTP_ISSUER.
        var issuer: String
        /// SECURITY_TWO_FACTOR_REQUIRED.
        var requiresTwoFactor: Bool
    }

    /// One key of the file.
    struct Row {
        let key: String
        let value: Value
        /// Why it is there; one comment line for each line.
        let reason: String
    }

    /// What a key is set to.
    enum Value {
        /// TOML text.
        case toml(String)
        /// TOML text around 256 fresh random bits, written as 64 hex digits.
        case fresh(prefix: String, suffix: String)
    }

    private static let opening = """
        # The one policy of this site, read by libsecurity and by Flask-Security. It holds secrets: keep owner and mode.
        # A Python application reads it with app.config.from_mapping(tomllib.load(open(path, "rb"))).
        # "securityctl config check" judges it, "securityctl config show" shows what holds, security.toml(5) lists all keys.

        """

    private static let closing = """

        # Who may log in on hosts: every account, as long as nobody can register himself (SECURITY_REGISTERABLE = false).
        # Naming roles narrows it:
        # LIBSECURITY_PAM_ROLES_ACCEPTED = ["staff"]

        # Python's own freshness takes timedelta objects, which TOML cannot hold. In the application, to match the above:
        # app.config["SECURITY_FRESHNESS"] = timedelta(minutes=15)
        # app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(0)

        """

    let choices: Choices

    /// The file's text; nil when the random generator fails. Only keys that this build honours are in it.
    func text(random: (Int) -> Secret?) -> Secret? {
        var text = SecretBuilder(capacity: 8192)
        text.append(ConfigTemplate.opening)
        for row in rows where ConfigKeys.find(row.key)?.isHonoured == true {
            for line in ByteText(row.reason).words(between: 0x0A) { text.append("\n# " + line.string) }
            text.append("\n\(row.key) = ")
            switch row.value {
            case .toml(let value): text.append(value)
            case .fresh(let prefix, let suffix):
                guard let bytes = random(32) else { return nil }
                text.append(prefix)
                text.append(bytes.withBytes { Hex.encode($0) })
                text.append(suffix)
            }
            text.append("\n")
        }
        text.append(ConfigTemplate.closing)
        return text.finish()
    }

    private var rows: [Row] { secretRows + passwordRows + factorRows + accountRows + webRows }
}

extension ConfigTemplate.Row {
    fileprivate init(_ key: String, _ value: String, _ reason: String) {
        self.init(key: key, value: .toml(value), reason: reason)
    }

    fileprivate static func fresh(
        _ key: String, prefix: String = "\"", suffix: String = "\"", _ reason: String
    ) -> ConfigTemplate.Row {
        ConfigTemplate.Row(key: key, value: .fresh(prefix: prefix, suffix: suffix), reason: reason)
    }
}

/// The rows. References: NIST SP 800-63B-4, OWASP ASVS 5.0.
extension ConfigTemplate {
    private var secretRows: [Row] {
        [
            Row("SQLALCHEMY_DATABASE_URI", "\"sqlite:///\(choices.database)\"", "The account database."),
            .fresh("SECRET_KEY", "Signs sessions, tokens and links. A new one ends all of them."),
            .fresh(
                "SECURITY_PASSWORD_SALT",
                "Keys every password hash: a stolen database alone cannot be guessed at. Losing it loses all passwords."
            ),
            .fresh(
                "SECURITY_TOTP_SECRETS", prefix: "{ 1 = \"", suffix: "\" }",
                "Seals the keys of authenticator apps. To renew it add a tag 2 and keep 1 for what is sealed already."),
            Row(
                "LIBSECURITY_TOTP_WALLET_COST", "4",
                "Stretching adds nothing to 256 random bits, and costs 7 ms of each login at the default of 14."),
            Row("SECURITY_TOTP_ISSUER", "\"\(choices.issuer)\"", "The name that authenticator apps show."),
        ]
    }

    private var passwordRows: [Row] {
        let schemes = ["argon2", "bcrypt", "pbkdf2_sha512", "pbkdf2_sha256", "sha512_crypt", "sha256_crypt"]
        return [
            Row(
                "SECURITY_PASSWORD_HASH", "\"argon2\"",
                "Needs memory as well as time to guess at; Flask-Security's own default since 5.5 (5.0: bcrypt)."),
            Row(
                "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS",
                "{ argon2__rounds = 3, argon2__memory_cost = 65536, argon2__parallelism = 4 }",
                "RFC 9106 section 4, second recommended option: 64 MiB, 3 passes, 4 lanes."),
            Row(
                "SECURITY_PASSWORD_SCHEMES", "[" + schemes.map { "\"\($0)\"" }.joined(separator: ", ") + "]",
                "Without plaintext and des_crypt, which the default accepts: a column of plain text would log in."),
            Row(
                "SECURITY_PASSWORD_LENGTH_MIN", choices.requiresTwoFactor ? "8" : "15",
                choices.requiresTwoFactor
                    ? "Enough where a second factor is always needed (NIST 3.1.1.2)."
                    : "Where the password alone may let somebody in (NIST 3.1.1.2); 8 once two factors are required."),
            Row(
                "SECURITY_PASSWORD_CHECK_BREACHED", "\"best-effort\"",
                "Passwords from breaches are refused (NIST 3.1.1.2), as far as the service can be reached."),
            Row("SECURITY_CHANGEABLE", "true", "Users may change their own passwords: passwd, /change."),
        ]
    }

    private var factorRows: [Row] {
        [
            Row("SECURITY_TWO_FACTOR", "true", "Asks for a code where an account has a second factor."),
            Row(
                "SECURITY_TWO_FACTOR_REQUIRED", choices.requiresTwoFactor ? "true" : "false",
                "true: nobody logs in without a second factor. Enrol everybody first."),
            Row(
                "SECURITY_TWO_FACTOR_ENABLED_METHODS", "[\"authenticator\"]",
                "Mail is no second factor (NIST 3.1.3.1), and SMS a weak one (3.1.3.3)."),
            Row(
                "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY", "30",
                "Three codes are good at any time; the default of 120 seconds makes it nine (ASVS 6.5.5)."),
            Row(
                "SECURITY_TWO_FACTOR_RESCUE_EMAIL", "false",
                "A mailbox must not replace a second factor (ASVS 6.4.4): \"securityctl users reset-access\"."),
            Row(
                "SECURITY_MULTI_FACTOR_RECOVERY_CODES", "true",
                "Codes on paper for the day the app is lost; each works once."),
            Row(
                "LIBSECURITY_FRESHNESS", "\"15 minutes\"",
                "How long a completed factor counts before a change of factors (ASVS 7.5.1)."),
            Row("LIBSECURITY_FRESHNESS_GRACE_PERIOD", "0", "Nothing extends it."),
        ]
    }

    private var accountRows: [Row] {
        [
            Row(
                "SECURITY_USERNAME_MIN_LENGTH", "1",
                "User names are login names on hosts, which are often shorter than the default of 4."),
            Row(
                "SECURITY_RETURN_GENERIC_RESPONSES", "true",
                "Nobody learns from an answer whether an account exists (ASVS 6.3.8)."),
        ]
    }

    private var webRows: [Row] {
        [
            Row(
                "SECURITY_LOGIN_WITHIN", "\"10 minutes\"", "Life of a sign-in link; the default is a day (ASVS 6.5.5)."),
            Row("SECURITY_RESET_PASSWORD_WITHIN", "\"1 hours\"", "Life of a reset link; the default is 5 days."),
            Row("SECURITY_CONFIRM_EMAIL_WITHIN", "\"1 days\"", "Life of a confirmation link (NIST 4.2.1.2)."),
            Row("SECURITY_AUTO_LOGIN_AFTER_CONFIRM", "false", "A mail scanner that opens links signs nobody in."),
            Row("SECURITY_LOGOUT_METHODS", "[\"POST\"]", "A picture on another site cannot sign anybody out."),
            Row("SESSION_COOKIE_SECURE", "true", "Cookies travel over HTTPS only (ASVS 3.3)."),
            Row("SESSION_COOKIE_HTTPONLY", "true", "Scripts cannot read the session cookie."),
            Row("SESSION_COOKIE_SAMESITE", "\"Lax\"", "Other sites' forms come without the session."),
            Row("REMEMBER_COOKIE_SECURE", "true", "As for the session."),
            Row("REMEMBER_COOKIE_SAMESITE", "\"Lax\"", "As for the session."),
            Row("REMEMBER_COOKIE_DURATION", "1209600", "14 days; the default is a year (NIST 2.1.3)."),
            Row(
                "LIBSECURITY_REMEMBER", "\"bound\"",
                "Signing out ends remember cookies in copies too; securityd then takes none that the Python application set."
            ),
            Row("PERMANENT_SESSION_LIFETIME", "86400", "A day; the default is 31 (NIST 2.2.3)."),
            Row(
                "LIBSECURITY_SESSION_IDLE", "\"1 hour\"",
                "Of securityd's sessions; by default they live as long as their cookie (NIST 2.2.3)."),
            Row("SECURITY_TOKEN_MAX_AGE", "900", "Seconds; by default authentication tokens never end (ASVS 7.3)."),
            Row("SECURITY_WAN_ALLOW_USER_HINTS", "false", "Strangers do not learn who has security keys."),
        ]
    }
}
