/// The account database, as administration needs it. Each change is one transaction; a change of an account that does
/// not exist is ``StoreError/missingAccount(id:)``.
public protocol AccountDirectory: TokenStore, OutboxStore {
    /// Whether another request may use this store: no transaction was left open, and the database is still the one that was
    /// opened, with the tables that it had. Throws ``StoreError/locked`` when nobody could say in time.
    func isReusable() throws(StoreError) -> Bool

    /// True at first. Set to false it is for a thread that must not be held up: instead of waiting for a lock, and instead of
    /// writing anything, it throws ``StoreError/locked``.
    var mayWait: Bool { get set }

    /// Up to `count` accounts with ids above `id`, in order of their ids.
    func accountRecords(after id: Int64, count: Int) throws(StoreError) -> [AccountRecord]

    /// All that an administrator may see of one account.
    func accountRecord(id: Int64) throws(StoreError) -> AccountRecord?

    /// The columns of an account that may be filled when it is made, beyond those that libsecurity fills itself: phone
    /// numbers, and what an application added.
    func attributeColumns() throws(StoreError) -> [AttributeColumn]

    /// What a column of an account holds, for an application's own view of it; nil for NULL and for an absent column.
    /// Columns of secrets read as absent.
    func attribute(_ column: String, account id: Int64) throws(StoreError) -> AccountAttribute.Value?

    /// Makes an account; its id. An e-mail address or user name that another account has, in any spelling of its ASCII
    /// letters, is ``StoreError/conflict(column:)``; so is a column of the application's own that demands a value.
    func createAccount(_ account: NewAccount, now: Instant) throws(StoreError) -> Int64

    /// Writes `active`; whether that changed it.
    func setActive(_ isActive: Bool, account id: Int64, now: Instant) throws(StoreError) -> Bool

    /// Sets `confirmed_at` to now where it is NULL; whether that changed it.
    func confirm(account id: Int64, now: Instant) throws(StoreError) -> Bool

    /// Flask-Security's reset_user_access: a new fs_uniquifier, no second factors, no unified sign-in methods, no
    /// recovery codes, no security keys; the password stays. What was counted against the account is forgotten, and
    /// so are its places.
    func resetAccess(account id: Int64, fsUniquifier: String, now: Instant) throws(StoreError)

    /// Gives an account new uniquifiers: its sessions, remember cookies, tokens and links end, and a new login is asked for
    /// wherever it was fresh.
    func endSessions(account id: Int64, fsUniquifier: String, now: Instant) throws(StoreError)

    /// Deletes an account with its roles, keys and our own records of it.
    func deleteAccount(id: Int64) throws(StoreError)

    /// Makes a TOTP app the second factor, or takes whatever it is away with nil. Counted wrong codes are forgotten.
    func setTOTPWallet(_ wallet: SharedSecret?, account id: Int64, now: Instant) throws(StoreError)

    /// Replaces the recovery codes by a column's text; nil takes them away. Records of used ones stay, because another
    /// program may still write an older column back.
    func setRecoveryCodes(_ column: SharedSecret?, account id: Int64, now: Instant) throws(StoreError)

    /// Forgets what was counted against an account.
    func unlock(account id: Int64) throws(StoreError)

    /// All roles by name.
    func roles() throws(StoreError) -> [RoleRecord]

    /// Makes a role. A taken name is ``StoreError/conflict(column:)``, and so is a permission with a comma in it.
    func createRole(_ role: RoleRecord, now: Instant) throws(StoreError)

    /// Gives an account a role; false when it has it already.
    func addRole(_ name: String, account id: Int64) throws(StoreError) -> RoleChange

    /// Takes a role from an account; false when it has it not.
    func removeRole(_ name: String, account id: Int64) throws(StoreError) -> RoleChange

    /// Adds permissions to a role and takes others away.
    func changePermissions(
        ofRole name: String, adding: [String], removing: [String], now: Instant
    ) throws(StoreError) -> RoleChange

    /// The indexes without which a look-up of a login reads a whole table, each as the statement that makes it.
    func missingIndexes() throws(StoreError) -> [String]

    /// What others have put on the tables that logins use and host logins do not run: one name each, as "trigger audit on user".
    func foreignPrograms() throws(StoreError) -> [String]
}

/// What an attempt to change a role or its bearers did.
public enum RoleChange: Equatable, Sendable {
    /// Changed.
    case changed
    /// Nothing to change.
    case unchanged
    /// There is no such role.
    case unknownRole
}

/// An account that is to be made.
public struct NewAccount {
    /// `email`, normalised.
    public var email: String
    /// `username`, normalised; nil = none.
    public var username: String?
    /// `password`, a stored string; nil = none.
    public var password: SharedSecret?
    /// `active`.
    public var isActive: Bool
    /// Whether `confirmed_at` is set to now.
    public var isConfirmed: Bool
    /// `fs_uniquifier`: ``Uniquifier/make(random:)``.
    public var fsUniquifier: String
    /// `fs_webauthn_user_handle`: likewise.
    public var webAuthnHandle: String
    /// Further columns, of ``AccountDirectory/attributeColumns()``, each at most once.
    public var attributes: [AccountAttribute] = []

    /// An account of its columns.
    public init(
        email: String, username: String?, password: SharedSecret?, isActive: Bool, isConfirmed: Bool,
        fsUniquifier: String, webAuthnHandle: String
    ) {
        self.email = email
        self.username = username
        self.password = password
        self.isActive = isActive
        self.isConfirmed = isConfirmed
        self.fsUniquifier = fsUniquifier
        self.webAuthnHandle = webAuthnHandle
    }
}

/// A column of table `user` beyond those that libsecurity fills itself.
public struct AttributeColumn: Equatable, Sendable {
    /// What a column holds, by the type that it was declared with.
    public enum Kind: Equatable, Sendable {
        case text, integer, boolean
        /// A date, bytes, or something unknown, whose form the application alone knows.
        case other
    }

    /// Its name.
    public let name: String
    /// What it holds.
    public let kind: Kind

    /// A column of its declaration.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// The value of such a column in a new account.
public struct AccountAttribute: Equatable, Sendable {
    /// What is stored; a boolean is 0 or 1.
    public enum Value: Equatable, Sendable {
        case text(String)
        case integer(Int64)
    }

    /// The column's name.
    public var column: String
    /// Its value.
    public var value: Value

    /// A value of a column.
    public init(column: String, value: Value) {
        self.column = column
        self.value = value
    }
}

/// What an administrator may see of an account: never a hash, a wallet or a code.
public struct AccountRecord: Equatable, Sendable {
    /// `id`.
    public var id: Int64
    /// `email`.
    public var email: String
    /// `username`.
    public var username: String?
    /// `active`.
    public var isActive: Bool
    /// `confirmed_at` as stored, UTC; nil = not confirmed.
    public var confirmedAt: String?
    /// Whether there is a password.
    public var hasPassword: Bool
    /// `tf_primary_method`, where a second factor is set up.
    public var twoFactorMethod: String?
    /// How many entries the column of recovery codes has; which of them can be used, ``RecoveryCodeVault`` knows.
    public var recoveryCodeCount: Int
    /// How many security keys there are.
    public var securityKeyCount: Int
    /// Names of the roles, sorted.
    public var roles: [String]
    /// `tf_phone_number` as typed.
    public var twoFactorPhone: String?
    /// `us_phone_number`, E.164.
    public var unifiedPhone: String?
    /// `create_datetime` as stored, UTC.
    public var createdAt: String?
    /// `update_datetime` as stored, UTC.
    public var updatedAt: String?
    /// `last_login_at` as stored, UTC.
    public var lastLoginAt: String?
    /// `current_login_at` as stored, UTC.
    public var currentLoginAt: String?
    /// `last_login_ip`.
    public var lastLoginAddress: String?
    /// `current_login_ip`.
    public var currentLoginAddress: String?
    /// `login_count`.
    public var loginCount: Int64
    /// Wrong passwords that are counted against the account, over all origins.
    public var failedPasswords: Int64
    /// Wrong codes likewise.
    public var failedCodes: Int64

    /// A record with nothing but its key and names.
    public init(id: Int64, email: String, username: String?) {
        self.id = id
        self.email = email
        self.username = username
        isActive = false
        hasPassword = false
        recoveryCodeCount = 0
        securityKeyCount = 0
        roles = []
        loginCount = 0
        failedPasswords = 0
        failedCodes = 0
    }
}

/// One role.
public struct RoleRecord: Equatable, Sendable {
    /// `name`, case-sensitive.
    public var name: String
    /// `description`.
    public var description: String?
    /// `permissions`, sorted; stored joined with commas.
    public var permissions: [String]

    /// A role of its columns.
    public init(name: String, description: String?, permissions: [String]) {
        self.name = name
        self.description = description
        self.permissions = permissions
    }
}
