import Testing

@testable import SecurityCore

/// What is wrong with a file: line, key, and the words that say what to write instead.
@Suite struct PolicyFlawTests {
    struct Flaw: CustomTestStringConvertible, Sendable {
        let lines: String
        let line: Int?
        let key: String?
        let words: [String]
        var testDescription: String { lines.split(separator: "\n").joined(separator: "; ") }

        init(_ lines: String, at line: Int?, _ key: String?, _ words: String...) {
            self.lines = lines
            self.line = line
            self.key = key
            self.words = words
        }
    }

    static let errors = [
        // Names.
        Flaw(
            "SECURITY_TWO_FACTR = true", at: 4, "SECURITY_TWO_FACTR", "not a known key",
            "did you mean SECURITY_TWO_FACTOR?"),
        Flaw("SECURITY_SECRET_KEY = \"x\"", at: 4, "SECURITY_SECRET_KEY", "did you mean SECRET_KEY?"),
        Flaw("LIBSECURITY_TWO_FACTOR = true", at: 4, "LIBSECURITY_TWO_FACTOR", "did you mean SECURITY_TWO_FACTOR?"),
        Flaw("SECURITY_QUITE_ANOTHER = 1", at: 4, "SECURITY_QUITE_ANOTHER", "`securityctl config keys`"),
        Flaw(
            "[SECURITY_TOTP_SECRETS]\n1 = \"TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B\"\nSECURITY_TWO_FACTOR = true",
            at: 6,
            "SECURITY_TWO_FACTOR", "stands inside the table [SECURITY_TOTP_SECRETS]", "move it above line 4"),
        Flaw(
            "[application]\nSECURITY_TWO_FACTOR = true", at: 5, "SECURITY_TWO_FACTOR", "inside the table [application]"),
        Flaw(
            "[[LIBSECURITY_PROTECTED]]\npath = \"/\"\nSECURITY_TWO_FACTOR = true", at: 6, "SECURITY_TWO_FACTOR",
            "inside the table [LIBSECURITY_PROTECTED]", "above line 4"),
        Flaw(
            "[tool.x]\na = 1\n[tool.y.z]\nLIBSECURITY_THROTTLE = true", at: 7, "LIBSECURITY_THROTTLE",
            "inside the table [tool]", "above line 4"),
        // TOML itself.
        Flaw("SECURITY_TWO_FACTOR = yes", at: 4, nil, "not valid TOML"),
        Flaw("SECURITY_TWO_FACTOR = true\nSECURITY_TWO_FACTOR = true", at: 5, nil, "not valid TOML"),
        Flaw("a.b.c.d.e.f.g.h.i = 1", at: 4, nil, "dotted key has more than 8 parts"),
        // Types.
        Flaw(
            "SECURITY_TWO_FACTOR = \"true\"", at: 4, "SECURITY_TWO_FACTOR", "true or false, not a string",
            "`SECURITY_TWO_FACTOR = false`"),
        Flaw(
            "SECURITY_PASSWORD_LENGTH_MIN = \"8\"", at: 4, "SECURITY_PASSWORD_LENGTH_MIN",
            "a whole number, not a string"),
        Flaw("SECURITY_PASSWORD_HASH = [\"bcrypt\"]", at: 4, "SECURITY_PASSWORD_HASH", "a string, not a list"),
        Flaw("SECURITY_PASSWORD_SALT = 146585145", at: 3, "SECURITY_PASSWORD_SALT", "a string, not an integer"),
        Flaw(
            "SECURITY_TOTP_SECRETS = { 1 = 5 }", at: 4, "SECURITY_TOTP_SECRETS", "an integer for \"1\"", "strings only"),
        Flaw("SECURITY_TOTP_SECRETS = \"x\"", at: 4, "SECURITY_TOTP_SECRETS", "a table of strings, not a string"),
        Flaw("SECURITY_MSG_LOGIN = \"Sign in\"", at: 4, "SECURITY_MSG_LOGIN", "a pair [text, level]"),
        Flaw("SECURITY_MSG_LOGIN = [\"Sign in\"]", at: 4, "SECURITY_MSG_LOGIN", "a pair [text, level]"),
        Flaw("SECURITY_LOGIN_FORM = \"LoginForm\"", at: 4, "SECURITY_LOGIN_FORM", "Python object", "leave the key out"),
        Flaw("SECURITY_I18N_DIRNAME = [1]", at: 4, "SECURITY_I18N_DIRNAME", "strings only, not an integer"),
        Flaw("LIBSECURITY_PROTECTED = [\"/x\"]", at: 4, "LIBSECURITY_PROTECTED", "tables only, not a string"),
        Flaw("SECURITY_REGISTERABLE = 1979-05-27", at: 4, "SECURITY_REGISTERABLE", "true or false, not a date"),
        Flaw("SECURITY_ZXCVBN_MINIMUM_SCORE = 5", at: 4, "SECURITY_ZXCVBN_MINIMUM_SCORE", "is 5", "at most 4"),
        Flaw("MAIL_PORT = 0", at: 4, "MAIL_PORT", "is 0", "at least 1"),
        // Durations.
        Flaw("SECURITY_LOGIN_WITHIN = \"1.5 hours\"", at: 4, "SECURITY_LOGIN_WITHIN", "such as \"30 minutes\""),
        Flaw("SECURITY_LOGIN_WITHIN = \"2days\"", at: 4, "SECURITY_LOGIN_WITHIN", "such as \"30 minutes\""),
        Flaw("SECURITY_LOGIN_WITHIN = \"3 months\"", at: 4, "SECURITY_LOGIN_WITHIN", "no unit of time", "weeks, days"),
        Flaw("LIBSECURITY_FRESHNESS = 1e300", at: 4, "LIBSECURITY_FRESHNESS", "longer than any date"),
        Flaw("LIBSECURITY_FRESHNESS = nan", at: 4, "LIBSECURITY_FRESHNESS", "longer than any date"),
        // Secrets.
        Flaw("# no SECRET_KEY", at: nil, "SECRET_KEY", "is missing", "openssl rand -hex 32"),
        Flaw("SECRET_KEY = \"\"", at: 3, "SECRET_KEY", "is empty", "openssl rand -hex 32"),
        Flaw(
            "# no SECURITY_PASSWORD_SALT", at: nil, "SECURITY_PASSWORD_SALT", "is missing",
            "bcrypt hashes are made with it"),
        Flaw("SECURITY_PASSWORD_SALT = \"\"", at: 3, "SECURITY_PASSWORD_SALT", "SECURITY_PASSWORD_SINGLE_HASH"),
        Flaw("SECURITY_TWO_FACTOR = true", at: nil, "SECURITY_TOTP_SECRETS", "SECURITY_TWO_FACTOR needs it"),
        Flaw("SECURITY_UNIFIED_SIGNIN = true", at: nil, "SECURITY_TOTP_SECRETS", "SECURITY_UNIFIED_SIGNIN needs it"),
        Flaw(
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES = true\nSECURITY_TOTP_SECRETS = {}", at: 5, "SECURITY_TOTP_SECRETS",
            "needs it"),
        Flaw("SECURITY_TOTP_SECRETS = { 1 = \"\" }", at: 4, "SECURITY_TOTP_SECRETS", "empty secret for the tag \"1\""),
        Flaw(
            "SECURITY_TOTP_SECRETS = { \"a b\" = \"x\" }", at: 4, "SECURITY_TOTP_SECRETS", "the tag \"a b\"",
            "letters, digits"),
        // Password schemes.
        Flaw(
            "SECURITY_PASSWORD_HASH = \"argon\"", at: 4, "SECURITY_PASSWORD_HASH", "no scheme of passlib",
            "did you mean \"argon2\"?"),
        Flaw("SECURITY_PASSWORD_HASH = \"phpass\"", at: 4, "SECURITY_PASSWORD_HASH", "this version cannot make"),
        Flaw("SECURITY_PASSWORD_HASH = \"yescrypt\"", at: 4, "SECURITY_PASSWORD_HASH", "LIBSECURITY_PASSWORD_SCHEMES"),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"yescrypt\"]", at: 4, "SECURITY_PASSWORD_SCHEMES",
            "Flask-Security does not start"),
        Flaw("LIBSECURITY_PASSWORD_SCHEMES = [\"md5_crypt\"]", at: 4, "LIBSECURITY_PASSWORD_SCHEMES", "yescrypt"),
        Flaw("SECURITY_PASSWORD_HASH = \"\"", at: 4, "SECURITY_PASSWORD_HASH", "is empty"),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"argon2\"]", at: nil, "SECURITY_PASSWORD_HASH",
            "\"bcrypt\", which is not in SECURITY_PASSWORD_SCHEMES"),
        Flaw(
            "SECURITY_PASSWORD_HASH = \"argon2\"\nSECURITY_PASSWORD_SCHEMES = [\"bcrypt\"]", at: 4,
            "SECURITY_PASSWORD_HASH", "not in SECURITY_PASSWORD_SCHEMES"),
        Flaw("SECURITY_PASSWORD_SCHEMES = []", at: 4, "SECURITY_PASSWORD_SCHEMES", "is empty"),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"bcrypt\"]", at: 4, "SECURITY_PASSWORD_SCHEMES",
            "\"bcrypt\" twice"),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"sha512crypt\"]", at: 4, "SECURITY_PASSWORD_SCHEMES",
            "did you mean \"sha512_crypt\"?"),
        Flaw(
            "SECURITY_PASSWORD_HASH = \"plaintext\"", at: 4, "SECURITY_PASSWORD_HASH",
            "needs SECURITY_PASSWORD_SCHEMES in this file"),
        Flaw(
            "SECURITY_DEPRECATED_HASHING_SCHEMES = [\"auto\", \"hex_md5\"]", at: 4,
            "SECURITY_DEPRECATED_HASHING_SCHEMES", "auto stands alone"),
        Flaw(
            "SECURITY_DEPRECATED_HASHING_SCHEMES = [\"bcrypt\"]", at: 4, "SECURITY_DEPRECATED_HASHING_SCHEMES",
            "not in SECURITY_HASHING_SCHEMES"),
        Flaw(
            "SECURITY_DEPRECATED_HASHING_SCHEMES = [\"hex_md5\", \"sha256_crypt\"]", at: 4,
            "SECURITY_DEPRECATED_HASHING_SCHEMES", "leave one for new links"),
        Flaw(
            "SECURITY_DEPRECATED_PASSWORD_SCHEMES = [\"auto\", \"bcrypt\"]", at: 4,
            "SECURITY_DEPRECATED_PASSWORD_SCHEMES", "mixes \"auto\""),
        Flaw(
            "SECURITY_DEPRECATED_PASSWORD_SCHEMES = [\"bcrypt\"]", at: 4, "SECURITY_DEPRECATED_PASSWORD_SCHEMES",
            "which is SECURITY_PASSWORD_HASH"),
        Flaw(
            "SECURITY_DEPRECATED_PASSWORD_SCHEMES = [\"django_argon2\"]", at: 4, "SECURITY_DEPRECATED_PASSWORD_SCHEMES",
            "not in SECURITY_PASSWORD_SCHEMES"),
        Flaw(
            "SECURITY_PASSWORD_SINGLE_HASH = [\"bcrpt\"]", at: 4, "SECURITY_PASSWORD_SINGLE_HASH",
            "did you mean \"bcrypt\"?"),
        Flaw("SECURITY_PASSWORD_SINGLE_HASH = 1", at: 4, "SECURITY_PASSWORD_SINGLE_HASH", "true or false"),
        // Costs.
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrpt__rounds = 12 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "did you mean \"bcrypt__rounds\"?"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__round = 12 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "did you mean \"bcrypt__rounds\"?"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = 3 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "is 3", "from 4 to 18"),
        Flaw(
            "[SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS]\nbcrypt__rounds = 12\nsha512_crypt__rounds = 5", at: 6,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "is 5", "from 1000"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = \"12\" }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "a whole number, not a string"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { argon2__type = \"x\" }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "\"id\", \"i\", \"d\""),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__ident = \"2x\" }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "\"2b\""),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { argon2__memory_cost = 31 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "at least 8 for each of the 4 lanes"),
        Flaw(
            "SECURITY_PASSWORD_HASH_OPTIONS = { bcrypt = 12 }", at: 4, "SECURITY_PASSWORD_HASH_OPTIONS",
            "a table for each scheme"),
        Flaw(
            "SECURITY_PASSWORD_HASH_OPTIONS = { bcrypt = { cost = 12 } }", at: 4, "SECURITY_PASSWORD_HASH_OPTIONS",
            "no such option"),
        Flaw(
            "SECURITY_PASSWORD_LENGTH_MIN = 130", at: 4, "SECURITY_PASSWORD_LENGTH_MIN",
            "more than LIBSECURITY_PASSWORD_LENGTH_MAX"),
        Flaw(
            "SECURITY_PASSWORD_NORMALIZE_FORM = \"NFCK\"", at: 4, "SECURITY_PASSWORD_NORMALIZE_FORM",
            "NFC, NFD, NFKC, NFKD", "did you mean"),
        Flaw(
            "SECURITY_PASSWORD_CHECK_BREACHED = \"Strict\"", at: 4, "SECURITY_PASSWORD_CHECK_BREACHED", "\"strict\"",
            "\"best-effort\""),
        Flaw("SECURITY_PASSWORD_BREACHED_COUNT = 0", at: 4, "SECURITY_PASSWORD_BREACHED_COUNT", "at least 1"),
        // Factors.
        Flaw(
            "SECURITY_TWO_FACTOR_REQUIRED = true", at: 4, "SECURITY_TWO_FACTOR_REQUIRED", "no second factor is on",
            "SECURITY_TWO_FACTOR = true"),
        Flaw(
            "\(PolicyTexts.totp)\nSECURITY_TWO_FACTOR = true\nSECURITY_TWO_FACTOR_ENABLED_METHODS = []", at: 6,
            "SECURITY_TWO_FACTOR_ENABLED_METHODS", "is empty", "[\"authenticator\"]"),
        Flaw(
            "\(PolicyTexts.totp)\nSECURITY_UNIFIED_SIGNIN = true\nSECURITY_US_ENABLED_METHODS = []", at: 6,
            "SECURITY_US_ENABLED_METHODS", "is empty"),
        Flaw(
            "SECURITY_TWO_FACTOR_ENABLED_METHODS = [\"authentictor\"]", at: 4, "SECURITY_TWO_FACTOR_ENABLED_METHODS",
            "did you mean \"authenticator\"?"),
        Flaw("SECURITY_TOTP_ISSUER = \"a:b\"", at: 4, "SECURITY_TOTP_ISSUER", "contains \":\"", "leave it out"),
        Flaw(
            "SECURITY_TWO_FACTOR_URI_SERVICE_NAME = \"a:b\"", at: 4, "SECURITY_TWO_FACTOR_URI_SERVICE_NAME",
            "contains \":\""),
        Flaw(
            "\(PolicyTexts.totp)\nSECURITY_TWO_FACTOR = true\nSECURITY_TWO_FACTOR_URI_SERVICE_NAME = \"\"", at: 6,
            "SECURITY_TWO_FACTOR_URI_SERVICE_NAME", "is empty"),
        Flaw(
            "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY = -1", at: 4, "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY",
            "at least 0"),
        Flaw("LIBSECURITY_TOTP_WALLET_COST = 21", at: 4, "LIBSECURITY_TOTP_WALLET_COST", "at most 20"),
        Flaw(
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N = 0", at: 4, "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N", "at least 1"),
        // Identities.
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [\"email\"]", at: 4, "SECURITY_USER_IDENTITY_ATTRIBUTES",
            "tables only, not a string", "uia_email_mapper"),
        Flaw("SECURITY_USER_IDENTITY_ATTRIBUTES = []", at: 4, "SECURITY_USER_IDENTITY_ATTRIBUTES", "is empty"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ fs_uniquifier = {} }]", at: 4,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "\"fs_uniquifier\"", "email, username, us_phone_number"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ \"a\\\" OR 1\" = {} }]", at: 4, "SECURITY_USER_IDENTITY_ATTRIBUTES",
            "by which nobody may be looked up"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = {} },\n{ email = {} }]", at: 5,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "\"email\" twice"),
        Flaw(
            "SECURITY_EMAIL_VALIDATOR_ARGS = { allow_smtputf = true }", at: 4, "SECURITY_EMAIL_VALIDATOR_ARGS",
            "did you mean \"allow_smtputf8\"?"),
        Flaw(
            "SECURITY_EMAIL_VALIDATOR_ARGS = { strict = 1 }", at: 4, "SECURITY_EMAIL_VALIDATOR_ARGS", "true or false"),
        Flaw(
            "SECURITY_EMAIL_VALIDATOR_ARGS = { timeout = 0 }", at: 4, "SECURITY_EMAIL_VALIDATOR_ARGS", "from 1 to 300"),
        Flaw(
            "SECURITY_EMAIL_VALIDATOR_ARGS = { dns_resolver = \"x\" }", at: 4, "SECURITY_EMAIL_VALIDATOR_ARGS",
            "Python object"),
        Flaw(
            "SECURITY_PHONE_REGION_DEFAULT = \"Germany\"", at: 4, "SECURITY_PHONE_REGION_DEFAULT", "two capitals"),
        Flaw(
            "SECURITY_USERNAME_ALLOWED_CHARS = [\"letters\"]", at: 4, "SECURITY_USERNAME_ALLOWED_CHARS",
            "no category of Unicode"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = {}, username = {} }]", at: 4,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "each entry has one key"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = 1 }]", at: 4, "SECURITY_USER_IDENTITY_ATTRIBUTES",
            "must be a table"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = { mapper = \"lower\" } }]", at: 4,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "uia_identity_mapper"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = { case_insensitive = 1 } }]", at: 4,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "true or false"),
        Flaw(
            "SECURITY_USER_IDENTITY_ATTRIBUTES = [{ email = { insensitive = true } }]", at: 4,
            "SECURITY_USER_IDENTITY_ATTRIBUTES", "\"case_insensitive\""),
        Flaw(
            "SECURITY_USERNAME_MIN_LENGTH = 40", at: 4, "SECURITY_USERNAME_MIN_LENGTH",
            "more than SECURITY_USERNAME_MAX_LENGTH"),
        // Hosts.
        Flaw("LIBSECURITY_PAM_IDENTITY = []", at: 4, "LIBSECURITY_PAM_IDENTITY", "is empty"),
        Flaw("LIBSECURITY_PAM_IDENTITY = [\"mail\"]", at: 4, "LIBSECURITY_PAM_IDENTITY", "username, email"),
        Flaw("LIBSECURITY_PAM_EMAIL_DOMAIN = \"@example.org\"", at: 4, "LIBSECURITY_PAM_EMAIL_DOMAIN", "without `@`"),
        Flaw(
            "LIBSECURITY_PAM_ROLES_ACCEPTED = [\"*\", \"staff\"]", at: 4, "LIBSECURITY_PAM_ROLES_ACCEPTED",
            "mixes \"*\""),
        Flaw(
            "LIBSECURITY_PAM_ROLES_ACCEPTED = [\"staff\", \"\"]", at: 4, "LIBSECURITY_PAM_ROLES_ACCEPTED", "empty name"),
        // Throttle and freshness.
        Flaw("LIBSECURITY_THROTTLE_DELAY = 0", at: 4, "LIBSECURITY_THROTTLE_DELAY", "from 1 second"),
        Flaw("LIBSECURITY_THROTTLE_TRUST = \"-1 days\"", at: 4, "LIBSECURITY_THROTTLE_TRUST", "from 0 seconds"),
        Flaw(
            "LIBSECURITY_THROTTLE_DELAY = \"2 hours\"", at: 4, "LIBSECURITY_THROTTLE_DELAY",
            "longer than LIBSECURITY_THROTTLE_DELAY_MAX"),
        Flaw(
            "LIBSECURITY_THROTTLE_LIMIT = 4", at: nil, "LIBSECURITY_THROTTLE_FREE",
            "less than LIBSECURITY_THROTTLE_LIMIT"),
        Flaw(
            "LIBSECURITY_FRESHNESS = 3600", at: 4, "LIBSECURITY_FRESHNESS", "grace period",
            "LIBSECURITY_FRESHNESS_GRACE_PERIOD = 0"),
        Flaw(
            "LIBSECURITY_FRESHNESS_GRACE_PERIOD = \"24 hours\"", at: 4, "LIBSECURITY_FRESHNESS_GRACE_PERIOD",
            "not shorter than"),
        // The database.
        Flaw("# no SQLALCHEMY_DATABASE_URI", at: nil, "SQLALCHEMY_DATABASE_URI", "is missing", "sqlite:////"),
        Flaw(
            "SQLALCHEMY_DATABASE_URI = \"postgres://u@h/d\"", at: 3, "SQLALCHEMY_DATABASE_URI",
            "write \"postgresql://\""),
        Flaw("SQLALCHEMY_DATABASE_URI = \"mysql+pymysql://h/d\"", at: 3, "SQLALCHEMY_DATABASE_URI", "names \"mysql\""),
        Flaw("SQLALCHEMY_DATABASE_URI = \"/var/lib/users.db\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no database URI"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"sqlite://\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no path"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"sqlite://users.db\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no path"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"sqlite:///:memory:\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no file"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"sqlite:///?timeout=5\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no file"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"\"", at: 3, "SQLALCHEMY_DATABASE_URI", "no database URI"),
    ]

    @Test(arguments: errors) func `an error names its line, its key and the mend`(_ flaw: Flaw) {
        let reading = PolicyTexts.read(flaw.lines)
        #expect(reading.policy == nil)
        #expect(reading.errors.count == 1, "\(reading.errors)")
        expect(flaw, among: reading.errors)
    }

    static let warnings = [
        Flaw("SECRET_KEY = \"short\"", at: 3, "SECRET_KEY", "5 bytes", "at least 32"),
        Flaw("SECURITY_TOTP_SECRETS = { 1 = \"short\" }", at: 4, "SECURITY_TOTP_SECRETS", "5 bytes", "the tag \"1\""),
        Flaw(
            "SECURITY_REGISTERABLE = true", at: nil, "LIBSECURITY_PAM_ROLES_ACCEPTED", "nobody may log in on hosts",
            "[\"*\"]"),
        Flaw("LIBSECURITY_PAM_ROLES_ACCEPTED = []", at: 4, "LIBSECURITY_PAM_ROLES_ACCEPTED", "nobody"),
        Flaw("LIBSECURITY_PAM_ALLOW_ROOT = true", at: 4, "LIBSECURITY_PAM_ALLOW_ROOT", "become root"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = 5 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "below 10"),
        Flaw(
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { argon2__memory_cost = 1024 }", at: 4,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "19456"),
        Flaw(
            "SECURITY_PASSWORD_HASH_OPTIONS = { bcrypt = { rounds = 12 } }", at: 4, "SECURITY_PASSWORD_HASH_OPTIONS",
            "deprecated"),
        Flaw("SECURITY_PASSWORD_LENGTH_MIN = 6", at: 4, "SECURITY_PASSWORD_LENGTH_MIN", "fewer than 8"),
        Flaw("LIBSECURITY_PASSWORD_LENGTH_MAX = 32", at: 4, "LIBSECURITY_PASSWORD_LENGTH_MAX", "at least 64"),
        Flaw(
            "LIBSECURITY_BREACHED_FILE = \"/srv/pwned\"", at: 4, "LIBSECURITY_BREACHED_FILE", "no password is looked up"
        ),
        Flaw(
            "SECURITY_PASSWORD_CHECK_BREACHED = \"strict\"", at: 4, "SECURITY_PASSWORD_CHECK_BREACHED",
            "without LIBSECURITY_BREACHED_FILE"),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"plaintext\"]", at: 4, "SECURITY_PASSWORD_SCHEMES",
            "\"plaintext\""),
        Flaw(
            "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"phpass\"]", at: 4, "SECURITY_PASSWORD_SCHEMES", "\"phpass\"",
            "does not recognise"),
        Flaw(
            "SECURITY_PASSWORD_SALT = \"\"\nSECURITY_PASSWORD_SINGLE_HASH = [\"bcrypt\"]\nSECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"argon2\"]",
            at: 3, "SECURITY_PASSWORD_SALT", "argon2"),
        Flaw(
            "\(PolicyTexts.totp)\nSECURITY_TOTP_ISSUER = \"x\"\nSECURITY_TWO_FACTOR = true\nSECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY = 60",
            at: 7, "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY", "5 codes", "write 30"),
        Flaw("LIBSECURITY_TOTP_SINGLE_USE = false", at: 4, "LIBSECURITY_TOTP_SINGLE_USE", "use it again"),
        Flaw("\(PolicyTexts.totp)\nSECURITY_TWO_FACTOR = true", at: nil, "SECURITY_TOTP_ISSUER", "service_name"),
        Flaw("LIBSECURITY_THROTTLE = false", at: 4, "LIBSECURITY_THROTTLE", "guessed"),
        Flaw("LIBSECURITY_THROTTLE_LIMIT = 200", at: 4, "LIBSECURITY_THROTTLE_LIMIT", "100"),
        Flaw(
            "SECURITY_RETURN_GENERIC_RESPONSES = true\nLIBSECURITY_MAIL_FIRST_ATTEMPT = \"request\"", at: 5,
            "LIBSECURITY_MAIL_FIRST_ATTEMPT", "write \"worker\""),
        Flaw(
            "SECURITY_RETURN_GENERIC_RESPONSES = true\nSECURITY_REGISTERABLE = true", at: 5, "SECURITY_REGISTERABLE",
            "without SECURITY_CONFIRMABLE"),
        Flaw("LIBSECURITY_PROXY_FIX = { x_for = 1 }", at: 4, "LIBSECURITY_PROXY_FIX", "name the addresses"),
    ]

    @Test(arguments: warnings) func `a warning keeps the policy`(_ flaw: Flaw) {
        let reading = PolicyTexts.read(flaw.lines)
        #expect(reading.policy != nil)
        expect(flaw, among: reading.diagnostics.filter { $0.severity == .warning })
    }

    static let hints = [
        Flaw("MAIL_SERVR = \"x\"", at: 4, "MAIL_SERVR", "did you mean MAIL_SERVER?"),
        Flaw("TWO_FACTOR = true", at: 4, "TWO_FACTOR", "did you mean SECURITY_TWO_FACTOR?"),
        Flaw("PAM_ALLOW_ROOT = true", at: 4, "PAM_ALLOW_ROOT", "did you mean LIBSECURITY_PAM_ALLOW_ROOT?"),
        Flaw("security_two_factor = true", at: 4, "security_two_factor", "did you mean SECURITY_TWO_FACTOR?"),
        Flaw(
            "SQLALCHEMY_DATABASE_URL = \"x\"", at: 4, "SQLALCHEMY_DATABASE_URL", "did you mean SQLALCHEMY_DATABASE_URI?"
        ),
        Flaw("SECURITY_FRESHNESS = \"2 hours\"", at: 4, "SECURITY_FRESHNESS", "write LIBSECURITY_FRESHNESS"),
        Flaw("SECURITY_LOGIN_WITHIN = 600", at: 4, "SECURITY_LOGIN_WITHIN", "plural unit", "\"1 days\""),
        Flaw("SECURITY_LOGIN_WITHIN = \"1 day\"", at: 4, "SECURITY_LOGIN_WITHIN", "plural unit"),
        Flaw("SQLALCHEMY_DATABASE_URI = \"sqlite:///users.db\"", at: 3, "SQLALCHEMY_DATABASE_URI", "relative path"),
        Flaw(
            "\(PolicyTexts.totp)\nSECURITY_TWO_FACTOR = true", at: nil, "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY",
            "120 by default", "9 codes", "write 30"),
    ]

    @Test(arguments: hints) func `a hint keeps the policy`(_ flaw: Flaw) {
        let reading = PolicyTexts.read(flaw.lines)
        #expect(reading.policy != nil)
        expect(flaw, among: reading.diagnostics.filter { $0.severity == .hint })
    }

    @Test(arguments: ["", "MY_OWN_KEY = 1\n[tool.x]\ny = 2", "SQLALCHEMY_TRACK_MODIFICATIONS = false", "DEBUG = true"])
    func `what belongs to the application is passed over`(_ lines: String) {
        #expect(PolicyTexts.read(lines).diagnostics.isEmpty)
    }

    @Test func `all problems of a file are told at once, in the order of lines`() {
        let reading = PolicyTexts.read("SECURITY_TWO_FACTOR = 1\n# no SECRET_KEY\nMAIL_PORT = 0\nSECURITY_X_Y_Z = 1")
        #expect(reading.errors.map(\.key) == ["SECURITY_TWO_FACTOR", "MAIL_PORT", "SECURITY_X_Y_Z", "SECRET_KEY"])
        #expect(reading.errors.map(\.line) == [3, 5, 6, nil])
    }

    @Test func `a diagnostic reads as compilers write it`() {
        let error = PolicyTexts.read("MAIL_PORT = 0").errors.first
        #expect(
            error?.description
                == "/etc/libsecurity/security.toml:4: error: MAIL_PORT is 0, and must be at least 1")
    }

    @Test(arguments: [
        "SECRET_KEY = [\"very-secret-text\"]", "SECURITY_PASSWORD_SALT = [\"very-secret-text\"]",
        "SECURITY_TOTP_SECRETS = { 1 = [\"very-secret-text\"] }", "SECURITY_TOTP_SECRETS = \"very-secret-text\"",
        "SQLALCHEMY_DATABASE_URI = \"postgres://u:very-secret-text@h/d\"",
        "SQLALCHEMY_DATABASE_URI = \"very-secret-text\"", "MAIL_PASSWORD = [\"very-secret-text\"]",
        "SECRET_KEY = \"very-secret-text\"", "SECRET_KEY = \"very-secret-text", "SECRET_KEY = very-secret-text",
    ])
    func `no diagnostic repeats a secret`(_ lines: String) {
        let diagnostics = PolicyTexts.read(lines).diagnostics
        #expect(!diagnostics.isEmpty)
        #expect(!diagnostics.contains { $0.message.contains("very-secret") })
    }

    private func expect(_ flaw: Flaw, among diagnostics: [Diagnostic]) {
        let found = diagnostics.first { $0.key == flaw.key && flaw.words.allSatisfy($0.message.contains) }
        #expect(found != nil, "\(diagnostics)")
        #expect(found?.line == flaw.line)
    }
}
