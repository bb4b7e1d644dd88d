import CSQLite
import Foundation
import SecurityCore
import SecurityStore

@testable import PAMSecurity

/// The other side of a module: a host with scripted answers, and a site whose configuration and database are real.
final class Host: Transaction {
    let folder: String
    let store: any AccountDirectory
    var name: String? = "ann"
    var texts: [TextItem: String] = [:]
    var uid: UInt32 = 1000
    var variables: [EnvironmentKind: [String: String]] = [:]
    var answers: [String] = []
    var tokens: [Token: String] = [:]
    private(set) var prompts: [String] = []
    private(set) var shown: [String] = []
    private(set) var lines: [(level: LogLevel, text: String)] = []
    private(set) var delays = 0
    private(set) var kept: [String: KeptGrant] = [:]
    /// What the application does while it asks: after an answer.
    var whileAsking: ((Host) -> Void)?
    private var seconds: Int64 = 1_700_000_000

    static let password = "correct horse battery staple"
    static let key = "12345678901234567890"
    static let recoveryCode = "0123-4567-89ab"

    init(_ settings: [String] = []) throws {
        folder = NSTemporaryDirectory() + "lsec-pam-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try SQLiteStore.create(path: folder + "/users.db")
        store = try SQLiteStore(path: folder + "/users.db")
        try configure(settings)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var config: String { folder + "/security.toml" }

    /// Writes the configuration: low costs, and what a test adds or says otherwise.
    func configure(_ settings: [String]) throws {
        let defaults = [
            "SECRET_KEY = \"secret key of the tests, long enough\"", "SECURITY_PASSWORD_SALT = \"salt\"",
            "SQLALCHEMY_DATABASE_URI = \"sqlite:///users.db\"", "SECURITY_PASSWORD_HASH = \"sha512_crypt\"",
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { sha512_crypt__rounds = 1000 }",
            "SECURITY_TOTP_SECRETS = { 1 = \"wallet secret of the tests, long\" }",
            "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY = 30", "SECURITY_CHANGEABLE = true",
        ]
        let keys = settings.map { $0.prefix { $0 != " " } }
        let kept = defaults.filter { line in !keys.contains(line.prefix { $0 != " " }) }
        try (kept + settings).joined(separator: "\n").write(toFile: config, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: config)
    }

    // MARK: Accounts

    @discardableResult
    func account(
        _ name: String = "ann", isActive: Bool = true, isConfirmed: Bool = true, withApp: Bool = false,
        codes: Bool = false, role: String? = nil
    ) throws -> Int64 {
        let reading = try PolicyReader.read(file: config)
        guard let policy = reading.policy else { throw CocoaError(.fileReadCorruptFile) }
        let hasher = PasswordHasher(
            policy: policy.passwords, salt: policy.secrets.passwordSalt, random: SystemRandom.bytes)
        let id = try store.createAccount(
            NewAccount(
                email: name + "@example.org", username: name,
                password: SharedSecret(try hasher.hash(Secret(utf8: Host.password))), isActive: isActive,
                isConfirmed: isConfirmed, fsUniquifier: UUID().uuidString, webAuthnHandle: UUID().uuidString),
            now: now)
        if withApp {
            let wallet = TOTPWallet(secrets: policy.secrets.totpSecrets, cost: 4)
            let sealed = try wallet.seal(TOTP(key: SharedSecret(utf8: Host.key)), random: SystemRandom.bytes)
            try store.setTOTPWallet(SharedSecret(sealed), account: id, now: now)
        }
        if codes { try store.setRecoveryCodes(SharedSecret(utf8: Host.recoveryCode), account: id, now: now) }
        if let role {
            try? store.createRole(RoleRecord(name: role, description: nil, permissions: []), now: now)
            _ = try store.addRole(role, account: id)
        }
        return id
    }

    /// Makes a method that cannot be asked here the account's second factor, as the Python application would.
    func setMethod(_ method: String, account id: Int64) throws {
        try sql("UPDATE user SET tf_primary_method = '\(method)' WHERE id = \(id)")
    }

    /// Runs SQL behind the module's back.
    func sql(_ statement: String) throws {
        var database: OpaquePointer?
        guard unsafe sqlite3_open(folder + "/users.db", &database) == SQLITE_OK else {
            throw CocoaError(.fileReadUnknown)
        }
        defer { unsafe sqlite3_close(database) }
        guard unsafe sqlite3_exec(database, statement, nil, nil, nil) == SQLITE_OK else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// The code of the present step, or of one that is `steps` away.
    func code(_ steps: Int64 = 0) -> String {
        let code = TOTP(key: SharedSecret(utf8: Host.key)).code(counter: seconds / 30 + steps)
        return code?.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) } ?? ""
    }

    // MARK: Calls

    func wait(_ seconds: Int64) { self.seconds += seconds }

    var now: Instant { Instant(seconds: seconds) }

    /// Runs one call as libpam would; the name of its code.
    func call(
        _ call: ServiceModule.Call, _ words: String..., answers: [String] = [], flags: Flags = []
    ) -> String {
        self.answers = answers
        prompts = []
        shown = []
        lines = []
        let environment = Environment(now: { [unowned self] in now }, random: SystemRandom.bytes)
        let code = ServiceModule.run(
            call, self, flags: flags, words: ["config=" + config] + words.map { $0 }, environment: environment)
        return code.name
    }

    /// Both calls of a password change, as libpam makes them: the second only after a success of the first.
    func change(_ words: String..., answers: [String] = [], flags: Flags = []) -> String {
        self.answers = answers
        prompts = []
        shown = []
        lines = []
        for phase in [Flags.preliminary, .update] {
            let environment = Environment(now: { [unowned self] in now }, random: SystemRandom.bytes)
            let code = ServiceModule.run(
                .changePassword, self, flags: flags.union(phase), words: ["config=" + config] + words.map { $0 },
                environment: environment)
            guard code == .success else { return code.name }
        }
        return "PAM_SUCCESS"
    }

    // MARK: Transaction

    func userName() -> String? { name }
    func text(_ item: TextItem) -> String? { texts[item] }
    var callerID: UInt32 { uid }
    func systemID(of name: String) -> UInt32? { name == "toor" ? 0 : 1000 }
    func isUser(_ name: String) -> Bool { (self.name ?? "") == name }
    func keep(_ grant: KeptGrant?, under name: String) -> Bool {
        kept[name] = grant
        return true
    }
    func takeGrant(under name: String) -> KeptGrant? { kept.removeValue(forKey: name) }
    func stacked(_ token: Token) -> SharedSecret? { tokens[token].map { SharedSecret(utf8: $0) } }
    func forget(_ token: Token) { tokens[token] = nil }
    func variable(_ name: String, of environment: EnvironmentKind) -> String? { variables[environment]?[name] }
    func keep(_ secret: SharedSecret, as token: Token) {
        tokens[token] = secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }
    func show(_ line: String) { shown.append(line) }
    func log(_ level: LogLevel, _ line: String) { lines.append((level, line)) }
    func delayFailure(microseconds: UInt32) { delays += 1 }

    func token(_ token: Token) throws(Interruption) -> SharedSecret {
        if let stacked = stacked(token) { return stacked }
        let answer = try next(token == .password ? "Password: " : "Current password: ")
        tokens[token] = answer
        return SharedSecret(utf8: answer)
    }

    func answer(to prompt: String) throws(Interruption) -> SharedSecret {
        SharedSecret(utf8: try next(prompt))
    }

    private func next(_ prompt: String) throws(Interruption) -> String {
        prompts.append(prompt)
        guard !answers.isEmpty else { throw Interruption(.noAnswer, Interruption.noAnswer) }
        whileAsking?(self)
        return answers.removeFirst()
    }
}
