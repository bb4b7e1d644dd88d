public import SecurityCore

extension SQLiteStore {
    /// See ``AccountDirectory``.
    public func attributeColumns() throws(StoreError) -> [AttributeColumn] {
        let columns = try connection.rows("SELECT name, type FROM pragma_table_info('user')", []) {
            (row) throws(StoreError) in
            AttributeColumn(name: try row.text(0), kind: AttributeColumn.Kind(declared: try row.text(1)))
        }
        let open: Set<UserColumn> = [.phoneNumber, .unifiedPhoneNumber]
        return columns.filter { column in UserColumn(rawValue: column.name).map { open.contains($0) } ?? true }
    }

    /// See ``AccountDirectory``.
    public func createAccount(_ account: NewAccount, now: Instant) throws(StoreError) -> Int64 {
        let moment = SQLiteValue.text(now.sqlAlchemyText)
        let values: [(column: UserColumn, value: SQLiteValue)] = [
            (.email, .text(account.email)), (.username, SQLiteValue(account.username)),
            (.password, account.password.map { .secret($0) } ?? .null), (.active, .integer(account.isActive ? 1 : 0)),
            (.confirmedAt, account.isConfirmed ? moment : .null), (.fsUniquifier, .text(account.fsUniquifier)),
            (.webAuthnHandle, .text(account.webAuthnHandle)), (.createDatetime, moment), (.updateDatetime, moment),
        ]
        let present = values.filter { layout.has($0.column) }.map { ($0.column.rawValue, $0.value) }
        let further = try columns(of: account.attributes)
        let names = (present + further).map { $0.0 }.joined(separator: ", ")
        let marks = (present + further).map { _ in "?" }.joined(separator: ", ")
        return try write { () throws(StoreError) in
            try requireFree(.email, account.email)
            if let username = account.username { try requireFree(.username, username) }
            try connection.run(
                "INSERT INTO \"user\" (\(names)) VALUES (\(marks))", (present + further).map { $0.1 })
            let id = connection.lastInsertedID
            // SQLite gives the highest id out again; what Python deleted may have left records of ours behind.
            try forget(account: id, OwnTable.allCases)
            return id
        }
    }

    /// The table's UNIQUE tells spellings apart, a look-up that ignores case does not.
    private func requireFree(_ column: UserColumn, _ value: String) throws(StoreError) {
        guard layout.has(column) else { return }
        let name = column.rawValue
        guard try !connection.exists("SELECT 1 FROM \"user\" WHERE lower(\(name)) = lower(?)", [.text(value)]) else {
            throw .conflict(column: name)
        }
    }

    /// Attributes as quoted column names and values. Only names that the table itself has come into a statement.
    private func columns(of attributes: [AccountAttribute]) throws(StoreError) -> [(String, SQLiteValue)] {
        guard !attributes.isEmpty else { return [] }
        let known = try attributeColumns()
        var columns: [(String, SQLiteValue)] = []
        for attribute in attributes {
            guard known.contains(where: { $0.name.equals(attribute.column) }) else {
                throw .schema(detail: "column \(attribute.column) of table user")
            }
            let name = ByteText(attribute.column).replacing("\"", with: "\"\"").string
            switch attribute.value {
            case .text(let text): columns.append(("\"" + name + "\"", .text(text)))
            case .integer(let number): columns.append(("\"" + name + "\"", .integer(number)))
            }
        }
        return columns
    }
}

extension AttributeColumn.Kind {
    /// By a declared type, whose length in brackets does not matter.
    fileprivate init(declared: String) {
        let name = ByteText(declared).cut(at: 0x28).before.uppered
        switch name {
        case "VARCHAR", "TEXT", "CHAR", "NVARCHAR", "CLOB": self = .text
        case "INTEGER", "INT", "BIGINT", "SMALLINT": self = .integer
        case "BOOLEAN", "BOOL": self = .boolean
        default: self = .other
        }
    }
}

extension SQLiteStore {
    /// See ``AccountDirectory``.
    public func attribute(_ column: String, account id: Int64) throws(StoreError) -> AccountAttribute.Value? {
        guard IdentityAttribute.Column(rawValue: column).isAcceptable, connection.has(table: "user", column: column)
        else { return nil }
        return try connection.first(
            "SELECT u.\"\(column)\", typeof(u.\"\(column)\") FROM \"user\" u WHERE u.id = ?", [.integer(id)]
        ) { (row) throws(StoreError) -> AccountAttribute.Value? in
            guard !row.isNull(0) else { return nil }
            return try row.text(1) == "integer" ? .integer(row.integer(0)) : .text(try row.text(0))
        } ?? nil
    }
}
