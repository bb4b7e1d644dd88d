import CLibc
import SecurityCore
import SecurityPhones
import SecurityStore

/// A valid policy and the open account database that it names.
struct Site {
    let policy: Policy
    let store: any AccountDirectory
    let environment = Environment.system
    /// Reads phone numbers of all countries.
    let phones: any PhoneNumbers = LibPhoneNumber()
    private let translations: Translations

    /// Reads the configuration and opens the database. All errors of a configuration are told at once.
    init(_ options: SiteOptions) throws {
        policy = try Site.policy(of: options.config)
        store = try StoreFactory.open(policy.database, by: .program)
        translations = policy.messages.translations(for: LanguagePreferences(variable: Site.variable))
    }

    /// The policy of a file.
    static func policy(of path: String) throws -> Policy {
        let reading = try PolicyReader.readAll(file: path).reading
        guard let policy = reading.policy else {
            let lines = reading.errors.map { $0.description }.joined(separator: "\n  ")
            throw CommandFailure("the configuration is invalid\n  " + lines, status: .configuration)
        }
        return policy
    }

    private static func variable(_ name: String) -> String? {
        // SAFETY: the text belongs to the environment, which this program does not change, and is copied.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// The text of a message in the user's language.
    func text(_ message: Message) -> String { policy.messages.text(message, in: translations) }

    /// The present moment.
    var now: Instant { environment.now() }

    var hasher: PasswordHasher {
        PasswordHasher(policy: policy.passwords, salt: policy.secrets.passwordSalt, random: environment.random)
    }

    /// Binds factors to accounts.
    var enrolment: FactorEnrolment { FactorEnrolment(policy: policy, store: store, environment: environment) }

    /// A new fs_uniquifier or WebAuthn handle.
    func newUniquifier() throws -> String {
        guard let text = Uniquifier.make(random: environment.random) else { throw CommandFailure.noRandomness }
        return text
    }
}

extension Site {
    /// The account that `user` names: `id:NUMBER`, an identity as Flask-Security looks it up, or a user name exactly.
    func account(_ user: String) throws -> Account {
        if let account = try account(numbered: user) { return account }
        switch try AccountFinder(policy: policy, store: store, phones: phones).find(.application(user)) {
        case .one(let account, _): return account
        case .ambiguous: throw Site.ambiguous(user)
        case .none, .superuser: break
        }
        let name = Username.normalized(user, policy.usernames) ?? user
        let named = try store.accounts(where: .username, equals: name, ignoringCase: false)
        if named.count > 1 { throw Site.ambiguous(user) }
        guard let account = named.first else {
            throw CommandFailure.refusal(
                "User not found. \"\(user.printable)\" is nobody's: see 'securityctl users list'")
        }
        return account
    }

    private func account(numbered user: String) throws -> Account? {
        guard let id = ByteText(user).dropping(prefix: "id:").flatMap({ Int64($0.string) }) else { return nil }
        guard let account = try store.account(id: id) else {
            throw CommandFailure.refusal("User not found. No account has the id \(id): see 'securityctl users list'")
        }
        return account
    }

    private static func ambiguous(_ user: String) -> CommandFailure {
        CommandFailure.refusal(
            "\"\(user.printable)\" is ambiguous: several accounts match. Name one as id:NUMBER; 'securityctl users list'"
                + " shows the numbers")
    }

    /// What an administrator may see of an account.
    func record(_ account: Account) throws -> AccountRecord {
        guard var record = try store.accountRecord(id: account.id) else {
            throw StoreError.missingAccount(id: account.id)
        }
        let vault = policy.secrets.recoveryCodes
        record.recoveryCodeCount = account.recoveryCodes?.withBytes { vault.count(in: $0, now: now) } ?? 0
        return record
    }
}
