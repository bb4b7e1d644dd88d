/// Flask-Security's tables (model fsqla_v3 of 5.0) as SQLAlchemy makes them for SQLite, to the byte, and the indexes that
/// libsecurity adds: they disturb no model.
enum FlaskSecurityTables {
    /// The statements that make a new database, in SQLAlchemy's order, and our indexes behind them.
    static var definitions: [String] {
        tables + [keyIndex] + indexes(keyTable: "web_authn", hasUsername: true).map { $0.definition }
    }

    /// An index of ours.
    struct Index {
        /// The statement that makes it.
        let definition: String
        /// A query of the kind that it serves.
        let lookup: String

        fileprivate init(_ name: String, on table: String, _ expression: String) {
            definition = "CREATE INDEX lsec_\(name) ON \(table) (\(expression))"
            lookup = "SELECT 1 FROM \(table) WHERE \(expression) = 'a'"
        }
    }

    /// The indexes that a login's look-ups need beyond Flask-Security's own. Without the first two, a name that no
    /// account spells exactly costs a scan of all accounts, which anybody can ask for; without the others, so do the
    /// roles and the keys of an account.
    static func indexes(keyTable: String?, hasUsername: Bool) -> [Index] {
        var indexes = [Index("user_lower_email", on: "\"user\"", "lower(email)")]
        if hasUsername { indexes.append(Index("user_lower_username", on: "\"user\"", "lower(username)")) }
        indexes.append(Index("roles_users_user_id", on: "roles_users", "user_id"))
        if let keyTable { indexes.append(Index("\(keyTable)_user_id", on: keyTable, "user_id")) }
        return indexes
    }

    private static let keyIndex = "CREATE UNIQUE INDEX ix_web_authn_credential_id ON web_authn (credential_id)"

    private static var tables: [String] {
        [
            table(
                "role",
                [
                    "id INTEGER NOT NULL", "name VARCHAR(80) NOT NULL", "description VARCHAR(255)", "permissions TEXT",
                    moment("update_datetime"), "PRIMARY KEY (id)", "UNIQUE (name)",
                ]),
            table(
                "user",
                [
                    "id INTEGER NOT NULL", "email VARCHAR(255) NOT NULL", "active BOOLEAN NOT NULL",
                    "fs_uniquifier VARCHAR(64) NOT NULL", "confirmed_at DATETIME", "last_login_at DATETIME",
                    "current_login_at DATETIME", "last_login_ip VARCHAR(64)", "current_login_ip VARCHAR(64)",
                    "login_count INTEGER", "tf_primary_method VARCHAR(64)", "tf_totp_secret VARCHAR(255)",
                    "tf_phone_number VARCHAR(128)", moment("create_datetime"), moment("update_datetime"),
                    "username VARCHAR(255)", "us_totp_secrets TEXT", "fs_webauthn_user_handle VARCHAR(64)",
                    "mf_recovery_codes TEXT", "password VARCHAR(255)", "us_phone_number VARCHAR(128)",
                    "PRIMARY KEY (id)", "UNIQUE (email)", "UNIQUE (fs_uniquifier)", "UNIQUE (username)",
                    "UNIQUE (fs_webauthn_user_handle)", "UNIQUE (us_phone_number)",
                ]),
            table(
                "roles_users",
                [
                    "user_id INTEGER", "role_id INTEGER", "FOREIGN KEY(user_id) REFERENCES user (id)",
                    "FOREIGN KEY(role_id) REFERENCES role (id)",
                ]),
            table(
                "web_authn",
                [
                    "id INTEGER NOT NULL", "credential_id BLOB NOT NULL", "public_key BLOB NOT NULL",
                    "sign_count INTEGER", "transports TEXT", "backup_state BOOLEAN NOT NULL",
                    "device_type VARCHAR(64) NOT NULL", "extensions VARCHAR(255)", moment("create_datetime"),
                    "lastuse_datetime DATETIME NOT NULL", "name VARCHAR(64) NOT NULL", "usage VARCHAR(64) NOT NULL",
                    "user_id INTEGER NOT NULL", "PRIMARY KEY (id)",
                    "FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE",
                ]),
        ]
    }

    private static func moment(_ column: String) -> String {
        column + " DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL"
    }

    /// SQLAlchemy leaves a blank behind each comma.
    private static func table(_ name: String, _ lines: [String]) -> String {
        "CREATE TABLE \(name) (\n\t" + lines.joined(separator: ", \n\t") + "\n)"
    }
}
