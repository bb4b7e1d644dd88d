public import SecurityCore

/// Roles. A pair of account and role never stands twice in `roles_users`: Python could neither remove it nor delete the
/// account then.
extension SQLiteStore {
    /// See ``AccountDirectory``.
    public func roles() throws(StoreError) -> [RoleRecord] {
        let permissions = connection.has(table: "role", column: "permissions") ? "permissions" : "NULL"
        let roles = try connection.rows("SELECT name, description, \(permissions) FROM role") {
            (row) throws(StoreError) in
            RoleRecord(
                name: try row.text(0), description: try row.optionalText(1),
                permissions: SQLiteStore.list(try row.text(2)))
        }
        return roles.sorted { SQLiteStore.isBefore($0.name, $1.name) }
    }

    /// See ``AccountDirectory``.
    public func createRole(_ role: RoleRecord, now: Instant) throws(StoreError) {
        let permissions = try SQLiteStore.text(role.permissions)
        let values: [(String, SQLiteValue)] = [
            ("name", .text(role.name)), ("description", SQLiteValue(role.description)),
            ("permissions", permissions.isEmpty ? .null : .text(permissions)),
            ("update_datetime", .text(now.sqlAlchemyText)),
        ]
        let present = values.filter { connection.has(table: "role", column: $0.0) }
        let names = present.map { $0.0 }.joined(separator: ", ")
        let marks = present.map { _ in "?" }.joined(separator: ", ")
        try write { () throws(StoreError) in
            _ = try connection.run("INSERT INTO role (\(names)) VALUES (\(marks))", present.map { $0.1 })
        }
    }

    /// See ``AccountDirectory``.
    public func addRole(_ name: String, account id: Int64) throws(StoreError) -> RoleChange {
        try write { () throws(StoreError) in
            guard let role = try roleID(name) else { return .unknownRole }
            let pair: [SQLiteValue] = [.integer(id), .integer(role)]
            guard try !connection.exists("SELECT 1 FROM roles_users WHERE user_id = ? AND role_id = ?", pair) else {
                return .unchanged
            }
            guard try connection.exists("SELECT 1 FROM \"user\" WHERE id = ?", [.integer(id)]) else {
                throw .missingAccount(id: id)
            }
            try connection.run("INSERT INTO roles_users (user_id, role_id) VALUES (?, ?)", pair)
            return .changed
        }
    }

    /// See ``AccountDirectory``.
    public func removeRole(_ name: String, account id: Int64) throws(StoreError) -> RoleChange {
        try write { () throws(StoreError) in
            guard let role = try roleID(name) else { return .unknownRole }
            let count = try connection.run(
                "DELETE FROM roles_users WHERE user_id = ? AND role_id = ?", [.integer(id), .integer(role)])
            return count > 0 ? .changed : .unchanged
        }
    }

    /// See ``AccountDirectory``.
    public func changePermissions(
        ofRole name: String, adding: [String], removing: [String], now: Instant
    ) throws(StoreError) -> RoleChange {
        try write { () throws(StoreError) in
            let stored = try connection.first("SELECT permissions FROM role WHERE name = ?", [.text(name)]) {
                (row) throws(StoreError) in try row.text(0)
            }
            guard let stored else { return .unknownRole }
            let old = Set(SQLiteStore.list(stored).map { ByteText($0) })
            let new = old.union(adding.map { ByteText($0) }).subtracting(removing.map { ByteText($0) })
            guard new != old else { return .unchanged }
            let text = try SQLiteStore.text(new.map { $0.string })
            try connection.run("UPDATE role SET permissions = ? WHERE name = ?", [.text(text), .text(name)])
            if connection.has(table: "role", column: "update_datetime") {
                try connection.run(
                    "UPDATE role SET update_datetime = ? WHERE name = ?", [.text(now.sqlAlchemyText), .text(name)])
            }
            return .changed
        }
    }

    private func roleID(_ name: String) throws(StoreError) -> Int64? {
        try connection.first("SELECT id FROM role WHERE name = ?", [.text(name)]) {
            (row) throws(StoreError) in try row.id(0)
        }
    }

    /// The parts of a list column, sorted; NULL and "" have none.
    private static func list(_ text: String) -> [String] {
        ByteText(text).words(between: 0x2C).sorted().map { $0.string }
    }

    /// The text of a list column. Python's order is random; ours is not. It has no way to write a comma.
    private static func text(_ list: [String]) throws(StoreError) -> String {
        for element in list where element.utf8.contains(0x2C) { throw .conflict(column: "permissions") }
        return Set(list.filter { !$0.isEmpty }.map { ByteText($0) }).sorted().map { $0.string }.joined(separator: ",")
    }
}
