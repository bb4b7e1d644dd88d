public import SecurityCore

extension SQLiteStore: AccountDirectory {
    /// See ``AccountDirectory``.
    public func accountRecords(after id: Int64, count: Int) throws(StoreError) -> [AccountRecord] {
        let ids = try connection.rows(
            "SELECT id FROM \"user\" WHERE id > ? ORDER BY id LIMIT ?", [.integer(id), .integer(Int64(max(0, count)))]
        ) { (row) throws(StoreError) in try row.id(0) }
        var records: [AccountRecord] = []
        for id in ids {
            if let record = try accountRecord(id: id) { records.append(record) }
            connection.extendDeadline()
        }
        return records
    }

    /// See ``AccountDirectory``.
    public func accountRecord(id: Int64) throws(StoreError) -> AccountRecord? {
        let sql = """
            SELECT u.id, u.email, \(layout.read(.username)), u.active, \(layout.read(.confirmedAt)),
            coalesce(u.password, '') <> '', \(layout.read(.primaryMethod)), \(layout.read(.totpSecret)),
            \(layout.read(.recoveryCodes)), \(layout.keyCount), \(layout.read(.createDatetime)),
            \(layout.read(.lastLoginAt)), \(layout.read(.currentLoginAt)), \(layout.read(.lastLoginIP)),
            \(layout.read(.currentLoginIP)), \(layout.read(.loginCount)), \(layout.read(.phoneNumber)),
            \(layout.read(.unifiedPhoneNumber)), \(layout.read(.updateDatetime)) FROM "user" u WHERE u.id = ?
            """
        let found = try connection.first(sql, [.integer(id)]) { (row) throws(StoreError) in try record(of: row) }
        guard var record = found else { return nil }
        record.roles = try roleNames(ofAccount: id)
        record.failedPasswords = try failures(ofAccount: id, .password)
        record.failedCodes = try failures(ofAccount: id, .code)
        return record
    }

    private func record(of row: SQLiteStatement) throws(StoreError) -> AccountRecord {
        var record = AccountRecord(id: try row.id(0), email: try row.text(1), username: try row.optionalText(2))
        record.isActive = row.integer(3) != 0
        record.confirmedAt = try row.optionalText(4)
        record.hasPassword = row.integer(5) != 0
        let method = try row.text(6)
        if !method.isEmpty, try row.secret(7) != nil { record.twoFactorMethod = method }
        record.recoveryCodeCount = try row.secret(8)?.withBytes { RecoveryCodes.entryCount(in: $0) } ?? 0
        record.securityKeyCount = Int(clamping: row.integer(9))
        record.createdAt = try row.optionalText(10)
        record.lastLoginAt = try row.optionalText(11)
        record.currentLoginAt = try row.optionalText(12)
        record.lastLoginAddress = try row.optionalText(13)
        record.currentLoginAddress = try row.optionalText(14)
        record.loginCount = row.integer(15)
        record.twoFactorPhone = try row.optionalText(16)
        record.unifiedPhone = try row.optionalText(17)
        record.updatedAt = try row.optionalText(18)
        return record
    }

    private func failures(ofAccount id: Int64, _ factor: Attempt.Factor) throws(StoreError) -> Int64 {
        guard try isPresent(.throttle) else { return 0 }
        let sum = try connection.first(
            "SELECT total(failures) FROM lsec_throttle WHERE subject = ? AND factor IN \(factor.siblings.list)",
            [.text("user:\(id)")]
        ) { (row) throws(StoreError) in row.integer(0) }
        return sum ?? 0
    }

    /// See ``AccountDirectory``.
    public func setActive(_ isActive: Bool, account id: Int64, now: Instant) throws(StoreError) -> Bool {
        try changeFlag(
            account: id, isSet: "CAST(active AS INTEGER) <> 0", wanted: isActive, (.active, .integer(isActive ? 1 : 0)),
            now: now)
    }

    /// See ``AccountDirectory``.
    public func confirm(account id: Int64, now: Instant) throws(StoreError) -> Bool {
        guard layout.has(.confirmedAt) else { throw .schema(detail: "column confirmed_at of table user") }
        return try changeFlag(
            account: id, isSet: "confirmed_at IS NOT NULL", wanted: true, (.confirmedAt, .text(now.sqlAlchemyText)),
            now: now)
    }

    private func changeFlag(
        account id: Int64, isSet: String, wanted: Bool, _ change: (column: UserColumn, value: SQLiteValue), now: Instant
    ) throws(StoreError) -> Bool {
        try write { () throws(StoreError) in
            let present = try connection.first("SELECT \(isSet) FROM \"user\" WHERE id = ?", [.integer(id)]) {
                (row) throws(StoreError) in row.integer(0) != 0
            }
            guard let present else { throw .missingAccount(id: id) }
            guard present != wanted else { return false }
            return try update(account: id, [change], now: now)
        }
    }

    /// See ``AccountDirectory``.
    public func resetAccess(account id: Int64, fsUniquifier: String, now: Instant) throws(StoreError) {
        let changes: [(column: UserColumn, value: SQLiteValue)] = [
            (.fsUniquifier, .text(fsUniquifier)), (.tokenUniquifier, .text(fsUniquifier)), (.unifiedSecrets, .null),
            (.unifiedPhoneNumber, .null), (.primaryMethod, .null), (.totpSecret, .null), (.phoneNumber, .null),
            (.recoveryCodes, .null),
        ]
        try write { () throws(StoreError) in
            guard try update(account: id, changes, now: now) else { throw .missingAccount(id: id) }
            try deleteKeys(account: id)
            try forget(account: id, [.throttle, .counter, .sentCounter, .freshness, .origin])
        }
    }

    /// See ``AccountDirectory``.
    public func endSessions(account id: Int64, fsUniquifier: String, now: Instant) throws(StoreError) {
        let changes: [(column: UserColumn, value: SQLiteValue)] = [
            (.fsUniquifier, .text(fsUniquifier)), (.tokenUniquifier, .text(fsUniquifier)),
        ]
        try write { () throws(StoreError) in
            guard try update(account: id, changes, now: now) else { throw .missingAccount(id: id) }
            try forgetFreshness(ofAccount: id)
        }
    }

    /// See ``AccountDirectory``.
    public func deleteAccount(id: Int64) throws(StoreError) {
        try write { () throws(StoreError) in
            try connection.run("DELETE FROM roles_users WHERE user_id = ?", [.integer(id)])
            try deleteKeys(account: id)
            // Refresh tokens of Flask-Security 5.9.
            if connection.has(table: "fs_refresh_tracker") {
                try connection.run("DELETE FROM fs_refresh_tracker WHERE user_id = ?", [.integer(id)])
            }
            try forget(account: id, OwnTable.allCases)
            guard try connection.run("DELETE FROM \"user\" WHERE id = ?", [.integer(id)]) == 1 else {
                throw .missingAccount(id: id)
            }
        }
    }

    /// See ``AccountDirectory``.
    public func setTOTPWallet(_ wallet: SharedSecret?, account id: Int64, now: Instant) throws(StoreError) {
        guard layout.has(.primaryMethod), layout.has(.totpSecret) else {
            throw .schema(detail: "columns tf_primary_method and tf_totp_secret of table user")
        }
        let changes: [(column: UserColumn, value: SQLiteValue)] = [
            (.primaryMethod, wallet == nil ? .null : .text("authenticator")),
            (.totpSecret, wallet.map { .secret($0) } ?? .null),
        ]
        try write { () throws(StoreError) in
            guard try update(account: id, changes, now: now) else { throw .missingAccount(id: id) }
            try forget(account: id, [.counter, .freshness])
            if try isPresent(.sentCounter) {
                // Not those of unified sign-in, whose wallets stay.
                try connection.run(
                    "DELETE FROM lsec_code_counter WHERE user_id = ? AND slot IN ('email', 'sms')", [.integer(id)])
            }
            try forgetAttempts(ofAccount: id, factors: Attempt.Factor.code.siblings)
        }
    }

    /// See ``AccountDirectory``.
    public func setRecoveryCodes(_ column: SharedSecret?, account id: Int64, now: Instant) throws(StoreError) {
        guard layout.has(.recoveryCodes) else { throw .schema(detail: "column mf_recovery_codes of table user") }
        let value: SQLiteValue = column.map { .secret($0) } ?? .null
        try write { () throws(StoreError) in
            guard try update(account: id, [(.recoveryCodes, value)], now: now) else { throw .missingAccount(id: id) }
        }
    }

    /// See ``AccountDirectory``.
    public func unlock(account id: Int64) throws(StoreError) {
        try write { () throws(StoreError) in try forgetAttempts(ofAccount: id) }
    }

    private func deleteKeys(account id: Int64) throws(StoreError) {
        guard let table = layout.keyTable else { return }
        try connection.run("DELETE FROM \(table) WHERE user_id = ?", [.integer(id)])
    }

    /// Forgets our own records of an account.
    func forget(account id: Int64, _ tables: [OwnTable]) throws(StoreError) {
        for table in tables where try isPresent(table) {
            guard let condition = table.isAbout(account: "?") else { continue }
            try connection.run("DELETE FROM \(table.rawValue) WHERE \(condition)", [.integer(id)])
        }
    }
}
