public import SecurityCore

extension SQLiteStore: AccountStore {
    /// The longest value that a column of a model can hold: 255 characters of four bytes.
    static let longestIdentity = 1020

    /// See ``AccountStore``. The exact spelling, which the unique index serves, is final: an account that is spelt
    /// like that cannot be shadowed by another that differs in case. One of Flask-Security's columns that the table lacks
    /// matches nobody; any other is ``StoreError/schema(detail:)``.
    public func accounts(
        where column: IdentityAttribute.Column, equals value: String, ignoringCase: Bool
    ) throws(StoreError) -> [Account] {
        guard !value.isEmpty, value.utf8.count <= SQLiteStore.longestIdentity else { return [] }
        if let known = UserColumn(rawValue: column.rawValue) {
            guard layout.has(known) else { return [] }
        } else if !column.isAcceptable || !connection.has(table: "user", column: column.rawValue) {
            // Asked first: SQLite takes an unknown name in quotes for a text.
            throw .schema(detail: "column \(column.rawValue) of table user, by which the policy looks accounts up")
        }
        let name = "u.\"" + column.rawValue + "\""
        let exact = try accounts(where: "\(name) = ?", .text(value))
        guard exact.isEmpty, ignoringCase else { return exact }
        return try accounts(where: "lower(\(name)) = lower(?)", .text(value))
    }

    /// See ``AccountStore``.
    public func account(id: Int64) throws(StoreError) -> Account? {
        try accounts(where: "u.id = ?", .integer(id)).first
    }

    /// See ``AccountStore``. In order of the names, each once.
    public func roleNames(ofAccount id: Int64) throws(StoreError) -> [String] {
        // CROSS JOIN keeps the order of the tables: the account's few roles first, then each by its key. SQLite would sort them in
        // memory, however many somebody has written; here reading them has a limit.
        let names = try connection.rows(
            "SELECT r.name FROM roles_users m CROSS JOIN role r ON r.id = m.role_id WHERE m.user_id = ?", [.integer(id)]
        ) { (row) throws(StoreError) in try row.text(0) }
        var distinct: [String] = []
        for name in names.sorted(by: SQLiteStore.isBefore)
        where distinct.last.map({ $0.utf8.elementsEqual(name.utf8) }) != true {
            distinct.append(name)
        }
        return distinct
    }

    /// The order of texts in SQL: that of their bytes.
    static func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    func accounts(where condition: String, _ value: SQLiteValue) throws(StoreError) -> [Account] {
        let sql = """
            SELECT u.id, u.email, \(layout.read(.username)), u.active, \(layout.read(.confirmedAt)), u.fs_uniquifier,
            u.password, \(layout.read(.primaryMethod)), \(layout.read(.totpSecret)), \(layout.read(.recoveryCodes)),
            \(layout.secondaryKeyExists), \(layout.read(.unifiedSecrets)) FROM "user" u WHERE \(condition)
            LIMIT \(accountsInLookUp)
            """
        return try connection.rows(sql, [value]) { (row) throws(StoreError) in
            let method = try row.text(7)
            return Account(
                id: try row.id(0), email: try row.text(1), username: try row.optionalText(2),
                isActive: row.integer(3) != 0, isConfirmed: try !row.text(4).isEmpty,
                fsUniquifier: try row.text(5), password: try row.secret(6),
                primaryMethod: method.isEmpty ? nil : method, totpWallet: try row.secret(8),
                recoveryCodes: try row.secret(9), hasSecondaryKey: row.integer(10) != 0,
                unifiedSecrets: try row.secret(11))
        }
    }
}
