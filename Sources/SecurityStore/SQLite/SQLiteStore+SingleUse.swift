public import SecurityCore

/// What can be used once. Of any number of logins that present the same code at the same time, one changes a row.
extension SQLiteStore {
    /// See ``AccountStore``.
    public func acceptCounter(
        _ counter: Int64, of slot: CodeSlot = .authenticator, account id: Int64, now: Instant
    ) throws(StoreError) -> Bool {
        try write { () throws(StoreError) in
            guard slot != .authenticator else { return try acceptCounter(counter, account: id) }
            try ensure(.sentCounter)
            return try connection.run(
                """
                INSERT INTO lsec_code_counter (user_id, slot, counter) VALUES (?, ?, ?)
                ON CONFLICT (user_id, slot) DO UPDATE SET counter = excluded.counter WHERE excluded.counter > counter
                """, [.integer(id), .text(slot.rawValue), .integer(counter)]) == 1
        }
    }

    private func acceptCounter(_ counter: Int64, account id: Int64) throws(StoreError) -> Bool {
        try ensure(.counter)
        return try connection.run(
            """
            INSERT INTO lsec_totp_counter (user_id, counter) VALUES (?, ?)
            ON CONFLICT (user_id) DO UPDATE SET counter = excluded.counter WHERE excluded.counter > counter
            """, [.integer(id), .integer(counter)]) == 1
    }

    /// See ``AccountStore``. Flask-Security writes the whole column from an old read, so that a used code may come
    /// back; its digest is still here.
    public func consumeRecoveryCode(
        _ code: borrowing Secret, account id: Int64, digest: String, vault: RecoveryCodeVault = .plain, now: Instant
    ) throws(StoreError) -> Bool {
        guard layout.has(.recoveryCodes) else { return false }
        let code = SharedSecret(code.copy())
        return try write { () throws(StoreError) in
            try ensure(.usedRecoveryCode)
            guard let old = try recoveryCodes(account: id), let rest = old.without(code, vault, now),
                try connection.run(
                    "INSERT INTO lsec_recovery_used (user_id, digest) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [.integer(id), .text(digest)]) == 1
            else { return false }
            return try update(
                account: id, [(column: .recoveryCodes, value: .secret(rest))],
                where: (column: .recoveryCodes, equals: .secret(old)), now: now)
        }
    }

    /// See ``AccountStore``.
    public func renewTOTPWallet(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool {
        try renew(.totpSecret, account: id, old: old, new: new, now: now)
    }

    /// See ``AccountStore``.
    public func renewUnifiedSecrets(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool {
        try renew(.unifiedSecrets, account: id, old: old, new: new, now: now)
    }

    private func renew(
        _ column: UserColumn, account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool {
        guard layout.has(column) else { return false }
        return try write { () throws(StoreError) in
            try update(
                account: id, [(column: column, value: .secret(new))],
                where: (column: column, equals: .secret(old)), now: now)
        }
    }

    private func recoveryCodes(account id: Int64) throws(StoreError) -> SharedSecret? {
        let codes = try connection.first("SELECT mf_recovery_codes FROM \"user\" WHERE id = ?", [.integer(id)]) {
            (row) throws(StoreError) in try row.secret(0)
        }
        return codes ?? nil
    }
}

extension SharedSecret {
    /// The column of recovery codes that this is, without one of them; nil when it is not there.
    fileprivate func without(_ code: SharedSecret, _ vault: RecoveryCodeVault, _ now: Instant) -> SharedSecret? {
        withBytes { column in
            code.withBytes { code in
                guard let rest = vault.column(column, without: code, now: now) else { return nil }
                return SharedSecret(rest)
            }
        }
    }
}
