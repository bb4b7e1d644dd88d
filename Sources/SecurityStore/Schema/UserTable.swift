import SecurityCore

/// The columns of table `user` that libsecurity reads or writes (Flask-Security's models fsqla to fsqla_v4). Columns
/// that an application added are left alone.
enum UserColumn: String, CaseIterable {
    case id, email, username, password, active
    case fsUniquifier = "fs_uniquifier"
    /// Of applications that separate authentication tokens from sessions.
    case tokenUniquifier = "fs_token_uniquifier"
    case confirmedAt = "confirmed_at"
    case lastLoginAt = "last_login_at"
    case currentLoginAt = "current_login_at"
    case lastLoginIP = "last_login_ip"
    case currentLoginIP = "current_login_ip"
    case loginCount = "login_count"
    case primaryMethod = "tf_primary_method"
    case totpSecret = "tf_totp_secret"
    case phoneNumber = "tf_phone_number"
    case unifiedPhoneNumber = "us_phone_number"
    case unifiedSecrets = "us_totp_secrets"
    case webAuthnHandle = "fs_webauthn_user_handle"
    case recoveryCodes = "mf_recovery_codes"
    case createDatetime = "create_datetime"
    case updateDatetime = "update_datetime"

    /// Columns without which a table is not Flask-Security's. The others came with later versions or with mixins that
    /// an application may leave out: an absent one reads as NULL and is not written.
    static let required: [UserColumn] = [.id, .email, .password, .active, .fsUniquifier]
}

/// What a database has of Flask-Security's tables, looked at once when it is opened.
struct SchemaLayout {
    /// The columns of `user` that are there.
    let columns: Set<UserColumn>
    /// The table of security keys: `web_authn`, in plain SQLAlchemy models `webauthn`, before 5.0 none.
    let keyTable: String?

    /// Looks at a database.
    init(of connection: SQLiteConnection) throws(StoreError) {
        // Reading anything makes SQLite load the schema and notice a file that is no database.
        guard try connection.exists("SELECT 1 FROM sqlite_master WHERE name = 'user' COLLATE NOCASE") else {
            throw .schema(detail: "table user")
        }
        var found: Set<UserColumn> = []
        for column in UserColumn.allCases where connection.has(table: "user", column: column.rawValue) {
            found.insert(column)
        }
        for column in UserColumn.required where !found.contains(column) {
            throw .schema(detail: "column \(column.rawValue) of table user")
        }
        columns = found
        var keyTable: String?
        for name in ["web_authn", "webauthn"] where keyTable == nil && connection.has(table: name) { keyTable = name }
        self.keyTable = keyTable
    }

    /// Whether a column is there.
    func has(_ column: UserColumn) -> Bool { columns.contains(column) }

    /// How a query names a column: an absent one is NULL.
    func read(_ column: UserColumn) -> String { has(column) ? "u." + column.rawValue : "NULL" }

    /// The number of security keys of an account.
    var keyCount: String {
        guard let keyTable else { return "0" }
        return "(SELECT count(*) FROM \(keyTable) k WHERE k.user_id = u.id)"
    }

    /// The condition that an account has a security key as second factor.
    var secondaryKeyExists: String {
        guard let keyTable else { return "0" }
        return "EXISTS (SELECT 1 FROM \(keyTable) k WHERE k.user_id = u.id AND k.usage = 'secondary')"
    }
}
