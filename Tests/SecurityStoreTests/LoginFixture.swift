import SecurityCore

@testable import SecurityStore

/// A site with accounts of every kind, a clock that only the test moves, and low costs.
final class Site {
    let folder: Folder
    let path: String
    let store: SQLiteStore
    let policy: Policy
    private(set) var now = Instant.epoch

    static let password = "correct horse battery staple"
    static let totpKey = "12345678901234567890"

    init(
        factors: FactorPolicy = FactorPolicy(), hosts: HostPolicy = HostPolicy(),
        throttle: ThrottlePolicy = ThrottlePolicy(),
        isTrackable: Bool = false, vault: RecoveryCodeVault = .plain,
        passwords: (inout PasswordPolicy) -> Void = { _ in }, totp change: (inout TOTPPolicy) -> Void = { _ in },
        tokens: (inout TokenPolicy) -> Void = { _ in }
    ) throws {
        folder = try Folder()
        path = folder.path + "/users.db"
        try SQLiteStore.create(path: path)
        store = try SQLiteStore(path: path)
        var passwordPolicy = PasswordPolicy()
        passwordPolicy.scheme = .sha512Crypt
        passwordPolicy.options = [.sha512Crypt: SchemeOptions(rounds: 1000)]
        passwords(&passwordPolicy)
        var tokenPolicy = TokenPolicy()
        tokens(&tokenPolicy)
        var totp = TOTPPolicy()
        totp.walletCost = 4
        totp.authenticatorValidity = 30
        change(&totp)
        policy = Policy(
            secrets: PolicySecrets(
                secretKey: SharedSecret(utf8: "secret key of the tests"), passwordSalt: SharedSecret(utf8: "salt"),
                totpSecrets: TOTPSecrets([(tag: "1", secret: SharedSecret(utf8: "wallet secret"))]),
                recoveryCodes: vault),
            passwords: passwordPolicy, factors: factors, totp: totp,
            identities: [IdentityAttribute(column: .email, mapper: .email, caseInsensitive: true)], hosts: hosts,
            throttle: throttle, freshness: FreshnessPolicy(), database: .sqlite(path: path), isTrackable: isTrackable,
            isChangeable: true, allowsPasswordArgument: false, tokens: tokenPolicy)
    }

    var environment: Environment {
        Environment(now: { [unowned self] in self.now }, random: SystemRandom.bytes)
    }

    func wait(_ seconds: Int64) { now = now.plus(seconds) }

    /// An account whose password is ``password``.
    @discardableResult
    func account(
        _ name: String, isActive: Bool = true, isConfirmed: Bool = true, withApp: Bool = false, codes: String? = nil,
        password: String = Site.password
    ) throws -> Int64 {
        var new = NewAccount.named(name)
        new.isActive = isActive
        new.isConfirmed = isConfirmed
        let hasher = PasswordHasher(
            policy: policy.passwords, salt: policy.secrets.passwordSalt, random: SystemRandom.bytes)
        new.password = SharedSecret(try hasher.hash(Secret(utf8: password)))
        let id = try store.createAccount(new, now: now)
        if withApp {
            let wallet = TOTPWallet(secrets: policy.secrets.totpSecrets, cost: 4)
            let sealed = try wallet.seal(TOTP(key: SharedSecret(utf8: Site.totpKey)), random: SystemRandom.bytes)
            try store.setTOTPWallet(SharedSecret(sealed), account: id, now: now)
        }
        if let codes { try store.setRecoveryCodes(SharedSecret(utf8: codes), account: id, now: now) }
        return id
    }

    /// The code of the present step, or of one that is `steps` away.
    func code(_ steps: Int64 = 0) -> String {
        TOTP(key: SharedSecret(utf8: Site.totpKey)).code(counter: now.seconds / 30 + steps)?.text() ?? ""
    }

    func login(
        _ name: String, from host: String = "192.0.2.1", scope: FactorScope = .all, fresh: FreshPlace? = nil,
        nullok: Bool = false, isSuperuser: Bool = false
    ) -> Authentication {
        var request = LoginRequest(
            identity: .host(name: name, isSuperuser: isSuperuser), origin: Origin(remoteHost: host))
        request.scope = scope
        request.freshPlace = fresh
        request.allowsNoFactor = nullok
        return Authentication(policy: policy, store: store, environment: environment, request: request)
    }

    /// What comes after each answer, from the first question on; stops at a verdict.
    func steps(_ login: Authentication, _ answers: String...) throws -> [Step] {
        var steps = [try login.begin()]
        for answer in answers {
            guard case .ask? = steps.last else { break }
            steps.append(try login.answer(Secret(utf8: answer)))
        }
        return steps
    }

    /// The last step of a login with these answers.
    func outcome(_ name: String, _ answers: String..., from host: String = "192.0.2.1") throws -> Step? {
        let login = login(name, from: host)
        var step = try login.begin()
        for answer in answers {
            guard case .ask = step else { break }
            step = try login.answer(Secret(utf8: answer))
        }
        return step
    }

    func value(_ sql: String) throws -> String? { try Folder.value(path, sql) }
}

extension Secret {
    func text() -> String {
        withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }
}

extension FactorPolicy {
    static func site(required: Bool = false, recovery: Bool = true) -> FactorPolicy {
        var policy = FactorPolicy()
        policy.twoFactor = true
        policy.twoFactorRequired = required
        policy.recoveryCodes = recovery
        return policy
    }
}
