import Testing

@testable import SecurityCore

/// What each honoured key does to the policy. A key may be marked as honoured only with a row here.
@Suite struct PolicyValueTests {
    struct Effect: CustomTestStringConvertible, Sendable {
        let key: String
        let lines: String
        let isSeen: @Sendable (Policy) -> Bool
        var testDescription: String { key }

        init(_ key: String, _ value: String, with others: String..., isSeen: @escaping @Sendable (Policy) -> Bool) {
            self.key = key
            lines = (others + ["\(key) = \(value)"]).joined(separator: "\n")
            self.isSeen = isSeen
        }
    }

    private static let long = "\"fedcba9876543210fedcba9876543210\""
    private static let totp = PolicyTexts.totp
    private static let unified = totp + "\nSECURITY_UNIFIED_SIGNIN = true"

    static let effects = [
        Effect("SECRET_KEY", long) { $0.secrets.secretKey.starts("fedc") },
        Effect("SQLALCHEMY_DATABASE_URI", "\"postgresql+psycopg2://u:p@h/d\"") { policy in
            if case .postgresql(let uri) = policy.database {
                uri.starts("postgresql+psycopg2://u:p@h/d")
            } else {
                false
            }
        },
        Effect("SECURITY_PASSWORD_HASH", "\"argon2\"") { $0.passwords.scheme == .argon2 },
        Effect("SECURITY_PASSWORD_SCHEMES", "[\"plaintext\", \"bcrypt\"]") {
            $0.passwords.schemes == [.plaintext, .bcrypt] && $0.passwords.allowsPlaintext
        },
        Effect("SECURITY_DEPRECATED_PASSWORD_SCHEMES", "[\"des_crypt\"]") {
            $0.passwords.deprecated == .named([.desCrypt])
        },
        Effect("SECURITY_PASSWORD_SALT", "\"salty\"") { $0.secrets.passwordSalt?.starts("salty") == true },
        Effect("SECURITY_PASSWORD_SINGLE_HASH", "true") { $0.passwords.singleHash == .all },
        Effect("SECURITY_PASSWORD_HASH_OPTIONS", "{ bcrypt = { rounds = 11 } }") {
            $0.passwords.options[.bcrypt]?.newRounds == 11 && $0.passwords.options[.argon2]?.rounds == 10
        },
        Effect("SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", "{ bcrypt__rounds = 13 }") {
            $0.passwords.options == [.bcrypt: SchemeOptions(rounds: 13)]
        },
        Effect("SECURITY_PASSWORD_LENGTH_MIN", "15") { $0.passwords.minimumLength == 15 },
        Effect("LIBSECURITY_PASSWORD_SCHEMES", "[\"yescrypt\"]") { $0.passwords.ownSchemes == [.yescrypt] },
        Effect("LIBSECURITY_PASSWORD_LENGTH_MAX", "256") { $0.passwords.maximumLength == 256 },
        Effect("SECURITY_PASSWORD_CHECK_BREACHED", "\"strict\"") { $0.passwords.breached.mode == .strict },
        Effect("SECURITY_PASSWORD_BREACHED_COUNT", "7") { $0.passwords.breached.count == 7 },
        Effect("LIBSECURITY_BREACHED_FILE", "\"/srv/pwned\"") { $0.passwords.breached.file == "/srv/pwned" },
        Effect("LIBSECURITY_BREACHED_URL", "\"https://mirror.example/\"") {
            $0.passwords.breached.service == "https://mirror.example/"
        },
        Effect("SECURITY_PASSWORD_COMPLEXITY_CHECKER", "\"zxcvbn\"") { $0.passwords.strength == StrengthPolicy() },
        Effect("SECURITY_ZXCVBN_MINIMUM_SCORE", "4", with: "SECURITY_PASSWORD_COMPLEXITY_CHECKER = \"zxcvbn\"") {
            $0.passwords.strength?.minimumScore == 4
        },
        Effect(
            "LIBSECURITY_PASSWORD_CONTEXT_WORDS", "[\"acme\"]",
            with: "SECURITY_PASSWORD_COMPLEXITY_CHECKER = \"zxcvbn\""
        ) { $0.passwords.strength?.contextWords == ["acme"] },
        Effect(
            "LIBSECURITY_ZXCVBN_FILE", "\"/srv/words\"", with: "SECURITY_PASSWORD_COMPLEXITY_CHECKER = \"zxcvbn\""
        ) { $0.passwords.strength?.file == "/srv/words" },
        Effect("SECURITY_PASSWORD_NORMALIZE_FORM", "\"NFC\"") { $0.passwords.normalization == .nfc },
        Effect(
            "SECURITY_USER_IDENTITY_ATTRIBUTES",
            "[{ us_phone_number = { mapper = \"uia_phone_mapper\" } }, { email = {} }]"
        ) {
            $0.identities == [
                IdentityAttribute(column: .phone, mapper: .phone, caseInsensitive: false),
                IdentityAttribute(column: .email, mapper: .email, caseInsensitive: false),
            ]
        },
        Effect("SECURITY_USERNAME_ALLOWED_CHARS", "[\"L\", \"Pd\"]") { $0.usernames.allowedCategories == ["L", "Pd"] },
        Effect("SECURITY_EMAIL_VALIDATOR_ARGS", "{ allow_quoted_local = true, timeout = 3 }") {
            $0.addresses.email.allowsQuotedLocal && $0.addresses.email.timeoutSeconds == 3
        },
        Effect("SECURITY_PHONE_REGION_DEFAULT", "\"DE\"") { $0.addresses.phoneRegion == "DE" },
        Effect("SECURITY_USERNAME_ENABLE", "true") {
            $0.usernames.isEnabled
                && $0.identities.last == IdentityAttribute(column: .username, mapper: .username, caseInsensitive: true)
        },
        Effect("SECURITY_USERNAME_REQUIRED", "true") { $0.usernames.isRequired },
        Effect("SECURITY_USERNAME_MIN_LENGTH", "2") { $0.usernames.minimumLength == 2 },
        Effect("SECURITY_USERNAME_MAX_LENGTH", "64") { $0.usernames.maximumLength == 64 },
        Effect("SECURITY_USERNAME_NORMALIZE_FORM", "\"\"") { $0.usernames.normalization == nil },
        Effect("SECURITY_INPUT_NORMALIZE_FORM", "\"NFKC\"", with: "SECURITY_USERNAME_NORMALIZE_FORM = \"NFD\"") {
            $0.usernames.normalization == .nfkc
        },
        Effect("SECURITY_TOTP_SECRETS", "{ 9 = \(long), 10 = \(long) }") { $0.secrets.totpSecrets.defaultTag == "10" },
        Effect("SECURITY_TWO_FACTOR_SECRET", "{ old = \(long) }") { $0.secrets.totpSecrets.defaultTag == "old" },
        Effect("SECURITY_TOTP_ISSUER", "\"Example\"", with: "SECURITY_TWO_FACTOR_URI_SERVICE_NAME = \"old\"") {
            $0.totp.issuer == "Example"
        },
        Effect("SECURITY_TWO_FACTOR_URI_SERVICE_NAME", "\"old\"") { $0.totp.issuer == "old" },
        Effect("SECURITY_TWO_FACTOR", "true", with: totp) { $0.factors.twoFactor },
        Effect("SECURITY_TWO_FACTOR_REQUIRED", "true", with: "SECURITY_WEBAUTHN = true") { $0.factors.isRequired },
        Effect("SECURITY_TWO_FACTOR_ENABLED_METHODS", "[\"mail\", \"sms\"]") {
            $0.factors.enabledMethods == [.email, .sms]
        },
        Effect("SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY", "30") { $0.totp.authenticatorValidity == 30 },
        Effect("LIBSECURITY_TOTP_SINGLE_USE", "false") { !$0.totp.singleUse },
        Effect("SECURITY_TWO_FACTOR_MAIL_VALIDITY", "60") { $0.totp.mailValidity == 60 },
        Effect("SECURITY_TWO_FACTOR_SMS_VALIDITY", "60") { $0.totp.smsValidity == 60 },
        Effect("SECURITY_UNIFIED_SIGNIN", "true", with: totp) { $0.factors.unifiedStandIns == [.authenticator, .sms] },
        Effect("SECURITY_US_ENABLED_METHODS", "[\"password\", \"sms\"]", with: unified) {
            $0.factors.unifiedStandIns == [.sms]
        },
        Effect("SECURITY_US_MFA_REQUIRED", "[\"password\", \"sms\"]", with: unified) {
            $0.factors.unifiedStandIns == [.authenticator, .email]
        },
        Effect("SECURITY_US_TOKEN_VALIDITY", "60") { $0.totp.unifiedValidity == 60 },
        Effect("LIBSECURITY_CODE_SINGLE_USE", "false") { !$0.totp.sentSingleUse },
        Effect("LIBSECURITY_TOTP_RESEAL", "false") { !$0.totp.reseals },
        Effect("LIBSECURITY_TOTP_WALLET_COST", "4") { $0.totp.walletCost == 4 },
        Effect("SECURITY_WEBAUTHN", "true") { $0.factors.webAuthn },
        Effect("SECURITY_CONFIRMABLE", "true") { $0.factors.confirmable },
        Effect("SECURITY_LOGIN_WITHOUT_CONFIRMATION", "true") { $0.factors.loginWithoutConfirmation },
        Effect("SECURITY_MULTI_FACTOR_RECOVERY_CODES", "true", with: totp) { $0.factors.recoveryCodes },
        Effect("SECURITY_MULTI_FACTOR_RECOVERY_CODES_N", "10") { $0.factors.recoveryCodeCount == 10 },
        Effect("SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS", "[\"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\"]") {
            $0.secrets.recoveryCodes.isEncrypted
        },
        Effect("SECURITY_MULTI_FACTOR_RECOVERY_CODE_TTL", "60") { $0.secrets.recoveryCodes.maxAge == 60 },
        Effect("SECURITY_TRACKABLE", "true") { $0.isTrackable },
        Effect("SECURITY_CHANGEABLE", "true") { $0.isChangeable },
        Effect("SECURITY_REGISTERABLE", "true") { $0.hosts.admission == .nobody },
        Effect("LIBSECURITY_PAM_ROLES_ACCEPTED", "[\"staff\"]") { $0.hosts.admission == .roles(["staff"]) },
        Effect("LIBSECURITY_PAM_IDENTITY", "[\"email\"]") { $0.hosts.identities == [.email] },
        Effect("LIBSECURITY_PAM_EMAIL_DOMAIN", "\"example.org\"") { $0.hosts.emailDomain == "example.org" },
        Effect("LIBSECURITY_PAM_ALLOW_ROOT", "true") { $0.hosts.allowsRoot },
        Effect("LIBSECURITY_THROTTLE", "false") { !$0.throttle.isEnabled },
        Effect("LIBSECURITY_THROTTLE_FREE", "0") { $0.throttle.freeFailures == 0 },
        Effect("LIBSECURITY_THROTTLE_HOST_FREE", "50") { $0.throttle.hostFreeFailures == 50 },
        Effect("LIBSECURITY_THROTTLE_DELAY", "1500", with: "LIBSECURITY_THROTTLE_DELAY_MAX = 2000") {
            $0.throttle.firstDelay == 1500
        },
        Effect("LIBSECURITY_THROTTLE_DELAY_MAX", "\"30 minutes\"") { $0.throttle.longestDelay == 1800 },
        Effect("LIBSECURITY_THROTTLE_LIMIT", "50") { $0.throttle.limit == 50 },
        Effect("LIBSECURITY_THROTTLE_TRUST", "\"1 week\"") { $0.throttle.trustSeconds == 604_800 },
        Effect("SECURITY_FRESHNESS", "\"2 hours\"") { $0.freshness.within == 7_200_000_000 },
        Effect("SECURITY_FRESHNESS_GRACE_PERIOD", "0") { $0.freshness.grace == 0 },
        Effect("LIBSECURITY_FRESHNESS", "-1", with: "SECURITY_FRESHNESS = \"2 hours\"") {
            $0.freshness.within == -1_000_000
        },
        Effect("LIBSECURITY_FRESHNESS_GRACE_PERIOD", "\"5 milliseconds\"", with: "SECURITY_FRESHNESS_GRACE_PERIOD = 60")
        {
            $0.freshness.grace == 5000
        },
        Effect("SECURITY_CONFIRM_SALT", "\"c\"") { $0.tokens.confirmation.salt == "c" },
        Effect("SECURITY_RESET_SALT", "\"r\"") { $0.tokens.reset.salt == "r" },
        Effect("SECURITY_LOGIN_SALT", "\"l\"") { $0.tokens.login.salt == "l" },
        Effect("SECURITY_REMEMBER_SALT", "\"a\"") { $0.tokens.authentication.salt == "a" },
        Effect("SECURITY_CHANGE_EMAIL_SALT", "\"e\"") { $0.tokens.changeEmail.salt == "e" },
        Effect("SECURITY_TWO_FACTOR_VALIDITY_SALT", "\"v\"") { $0.tokens.twoFactorValidity.salt == "v" },
        Effect("SECURITY_TWO_FACTOR_SETUP_SALT", "\"t\"") { $0.tokens.twoFactorSetup.salt == "t" },
        Effect("SECURITY_US_SETUP_SALT", "\"u\"") { $0.tokens.unifiedSetup.salt == "u" },
        Effect("SECURITY_WAN_SALT", "\"w\"") {
            $0.tokens.webAuthnRegistration.salt == "w" && $0.tokens.webAuthnSignIn.salt == "w"
        },
        Effect("SECURITY_REFRESH_TOKEN_SALT", "\"f\"") { $0.tokens.refresh.salt == "f" },
        Effect("SECURITY_CONFIRM_EMAIL_WITHIN", "\"2 days\"") { $0.tokens.confirmation.maxAgeSeconds == 172_800 },
        Effect("SECURITY_RESET_PASSWORD_WITHIN", "\"1 hours\"") { $0.tokens.reset.maxAgeSeconds == 3600 },
        Effect("SECURITY_LOGIN_WITHIN", "\"-1 milliseconds\"") { $0.tokens.login.maxAgeSeconds == -1 },
        Effect("SECURITY_CHANGE_EMAIL_WITHIN", "\"1 hours\"") { $0.tokens.changeEmail.maxAgeSeconds == 3600 },
        Effect("SECURITY_TWO_FACTOR_LOGIN_VALIDITY", "\"1 weeks\"") {
            $0.tokens.twoFactorValidity.maxAgeSeconds == 604_800
        },
        Effect("SECURITY_TWO_FACTOR_SETUP_WITHIN", "\"1 minutes\"") { $0.tokens.twoFactorSetup.maxAgeSeconds == 60 },
        Effect("SECURITY_US_SETUP_WITHIN", "\"2 minutes\"") { $0.tokens.unifiedSetup.maxAgeSeconds == 120 },
        Effect("SECURITY_WAN_REGISTER_WITHIN", "\"3 minutes\"") {
            $0.tokens.webAuthnRegistration.maxAgeSeconds == 180
        },
        Effect("SECURITY_WAN_SIGNIN_WITHIN", "\"2 minutes\"") { $0.tokens.webAuthnSignIn.maxAgeSeconds == 120 },
        Effect("WTF_CSRF_SECRET_KEY", "\"another\"") { $0.secrets.csrfKey?.starts("another") == true },
        Effect("WTF_CSRF_TIME_LIMIT", "\"\"") { $0.tokens.csrf.maxAgeSeconds == nil },
        Effect("SECURITY_TOKEN_MAX_AGE", "900.9") { $0.tokens.authentication.maxAgeSeconds == 900 },
        Effect("SECURITY_HASHING_SCHEMES", "[\"hex_md5\"]") { $0.tokens.hashingSchemes == [.hexMD5] },
        Effect("SECURITY_DEPRECATED_HASHING_SCHEMES", "[\"sha256_crypt\"]") {
            $0.tokens.hashingSchemes == [.hexMD5, .password(.sha256Crypt)]
        },
        Effect("SECRET_KEY_FALLBACKS", "[\"one\", \"two\"]") { $0.secrets.fallbackKeys.count == 2 },
        Effect("PERMANENT_SESSION_LIFETIME", "60") { $0.tokens.sessionMaxAgeSeconds == 60 },
        Effect("SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN", "false") { $0.tokens.freshnessInTokens == false },
        Effect("LIBSECURITY_LINK_SINGLE_USE", "false") { !$0.tokens.linksAreSingleUse },
        Effect("LIBSECURITY_SESSION_IDLE", "\"2 hours\"") { $0.tokens.sessionIdleSeconds == 7200 },
        Effect("LIBSECURITY_SESSION_REVOCATION", "false") { !$0.tokens.sessionsAreRevocable },
        Effect("LIBSECURITY_CLI_PASSWORD_ARGUMENT", "true") { $0.allowsPasswordArgument },
    ]

    static let allEffects: [Effect] = effects + messageEffects

    @Test(arguments: allEffects) func `an honoured key changes the policy`(_ effect: Effect) throws {
        let reading = PolicyTexts.read(effect.lines)
        let policy = try #require(reading.policy, "\(reading.errors)")
        #expect(effect.isSeen(policy))
        #expect(!effect.isSeen(try #require(PolicyTexts.read("").policy)))
    }

    /// Those that the service alone reads have their rows in SecurityHTTPTests.
    @Test func `every honoured key has a row here, and no other key`() {
        let honoured = ConfigKeys.sections.flatMap(\.keys).filter(\.isHonoured)
        let rows = Set(Self.allEffects.map(\.key))
        let missing = honoured.filter { !rows.contains($0.name) }
        #expect(missing.filter { $0.component.contains("core") || $0.component.contains("pam") }.map(\.name) == [])
        #expect(rows.subtracting(honoured.map(\.name)) == [])
        #expect(Self.allEffects.count == rows.count)
    }

    @Test(arguments: [
        ("SECURITY_PASSWORD_SINGLE_HASH = false", SingleHash.named([.plaintext])),
        ("SECURITY_PASSWORD_SINGLE_HASH = \"\"", .named([.plaintext])),
        ("SECURITY_PASSWORD_SINGLE_HASH = []", .named([.plaintext])),
        ("SECURITY_PASSWORD_SINGLE_HASH = [\"bcrypt\"]", .named([.bcrypt])),
        ("", .named(PasswordScheme.defaultSingleHash)),
    ])
    func `single hashes are chosen as Flask-Security chooses them`(_ lines: String, _ expected: SingleHash) {
        #expect(PolicyTexts.read(lines).policy?.passwords.singleHash == expected)
    }

    @Test func `options of argon2 go by both of their names`() throws {
        let options =
            "{ argon2__time_cost = 4, argon2__memory_cost = 20000, argon2__parallelism = 2, argon2__hash_len = 24,"
            + " argon2__salt_len = 24, argon2__type = \"I\", bcrypt__ident = \"$2a$\", bcrypt__truncate_error = true,"
            + " bcrypt__min_rounds = 11, bcrypt__max_rounds = 14, bcrypt__default_rounds = 12, all__vary_rounds = 0.1 }"
        let policy = try #require(PolicyTexts.read("SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = \(options)").policy)
        var argon2 = SchemeOptions(rounds: 4)
        (argon2.memoryCost, argon2.parallelism, argon2.hashLength, argon2.saltLength) = (20000, 2, 24, 24)
        argon2.argon2Type = .i
        var bcrypt = SchemeOptions()
        (bcrypt.minimumRounds, bcrypt.maximumRounds, bcrypt.newRounds, bcrypt.bcryptVariant) = (11, 14, 12, "2a")
        #expect(policy.passwords.options == [.argon2: argon2, .bcrypt: bcrypt])
    }

    @Test(arguments: [
        ("sqlite:////var/lib/users.db", "/var/lib/users.db"), ("sqlite+pysqlite:////a%20b.db", "/a%20b.db"),
        ("sqlite:///users.db?timeout=5", "/etc/libsecurity/users.db"),
        ("sqlite:///../x/users.db", "/etc/libsecurity/../x/users.db"),
    ])
    func `an SQLite path is absolute, or beside the file`(_ uri: String, _ path: String) throws {
        let reading = PolicyTexts.read("SQLALCHEMY_DATABASE_URI = \"\(uri)\"")
        guard case .sqlite(let found) = try #require(reading.policy).database else {
            Issue.record("not SQLite")
            return
        }
        #expect(found == path)
    }

    @Test(arguments: ["LIBSECURITY_FRESHNESS = 0", "LIBSECURITY_FRESHNESS = \"-5 minutes\""])
    func `freshness that is switched off needs no shorter grace period`(_ lines: String) {
        #expect(PolicyTexts.read(lines).errors.isEmpty)
    }

    @Test func `everybody may log in on hosts while nobody can register`() {
        #expect(PolicyTexts.read("").policy?.hosts.admission == .everybody)
        #expect(
            PolicyTexts.read("SECURITY_REGISTERABLE = true\nLIBSECURITY_PAM_ROLES_ACCEPTED = [\"*\"]").policy?.hosts
                .admission == .everybody)
    }
}

extension SharedSecret {
    fileprivate func starts(_ text: String) -> Bool {
        withBytes { bytes in
            bytes.count >= text.utf8.count && zip(bytes.indices, text.utf8).allSatisfy { bytes[$0] == $1 }
        }
    }
}
