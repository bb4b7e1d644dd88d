public import SecurityCore

extension SQLiteStore: TokenStore {
    /// See ``TokenStore``.
    public var hasTokenUniquifiers: Bool { layout.has(.tokenUniquifier) }

    /// See ``TokenStore``. Both columns are unique in Flask-Security's models, so each is one look-up in an index.
    public func account(bearing uniquifier: String, in column: UniquifierColumn) throws(StoreError) -> Account? {
        let stored = UserColumn(column)
        guard layout.has(stored), !uniquifier.isEmpty, uniquifier.utf8.count <= SQLiteStore.longestIdentity else {
            return nil
        }
        let found = try accounts(where: "u.\(stored.rawValue) = ?", .text(uniquifier))
        return found.count == 1 ? found.first : nil
    }

    /// See ``TokenStore``.
    public func uniquifier(in column: UniquifierColumn, account id: Int64) throws(StoreError) -> String? {
        let text = try connection.first(
            "SELECT \(layout.read(UserColumn(column))) FROM \"user\" u WHERE u.id = ?", [.integer(id)]
        ) { (row) throws(StoreError) in try row.text(0) }
        guard let text, !text.isEmpty else { return nil }
        return text
    }

    /// See ``TokenStore``.
    public func nameForTokens(_ uniquifier: String, account id: Int64, now: Instant) throws(StoreError) -> Bool {
        guard layout.has(.tokenUniquifier) else { return false }
        return try write { () throws(StoreError) in
            let column = UserColumn.tokenUniquifier.rawValue
            let isNamed =
                try connection.run(
                    "UPDATE \"user\" SET \(column) = ? WHERE id = ? AND (\(column) IS NULL OR \(column) = '')",
                    [.text(uniquifier), .integer(id)]) == 1
            return isNamed ? try update(account: id, [], now: now) : false
        }
    }

    /// See ``TokenStore``.
    public func spendToken(digest: String, expires: Instant, now: Instant) throws(StoreError) -> Bool {
        try write { () throws(StoreError) in
            try ensure(.spentToken)
            let isFirst =
                try connection.run(
                    "INSERT INTO lsec_spent_token (digest, expires) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [.text(digest), .integer(expires.microseconds)]) == 1
            try pruneSpentTokens(near: digest, now: now)
            return isFirst
        }
    }

    /// See ``TokenStore``.
    public func confirmAddress(of account: Account, now: Instant) throws(StoreError) -> Bool {
        guard layout.has(.confirmedAt) else { throw .schema(detail: "column confirmed_at of table user") }
        let moment = SQLiteValue.text(now.sqlAlchemyText)
        return try write { () throws(StoreError) in
            let isFirst =
                try connection.run(
                    """
                    UPDATE "user" SET confirmed_at = ? WHERE id = ? AND confirmed_at IS NULL AND email = ?
                    AND fs_uniquifier = ?
                    """, [moment, .integer(account.id), .text(account.email), .text(account.fsUniquifier)]) == 1
            guard isFirst else { return false }
            return try update(account: account.id, [], now: now)
        }
    }

    /// See ``TokenStore``.
    public func changeAddress(of account: Account, to email: String, now: Instant) throws(StoreError) -> Bool {
        let confirmation = layout.has(.confirmedAt) ? ", confirmed_at = ?" : ""
        let moments: [SQLiteValue] = layout.has(.confirmedAt) ? [.text(now.sqlAlchemyText)] : []
        return try write { () throws(StoreError) in
            let taken = try connection.exists(
                "SELECT 1 FROM \"user\" WHERE lower(email) = lower(?) AND id <> ?",
                [.text(email), .integer(account.id)])
            guard !taken else { throw .conflict(column: UserColumn.email.rawValue) }
            let isFirst =
                try connection.run(
                    "UPDATE \"user\" SET email = ?\(confirmation) WHERE id = ? AND email = ? AND fs_uniquifier = ?",
                    [.text(email)] + moments
                        + [.integer(account.id), .text(account.email), .text(account.fsUniquifier)]) == 1
            guard isFirst else { return false }
            return try update(account: account.id, [], now: now)
        }
    }

    /// See ``TokenStore``.
    public func isTokenSpent(digest: String) throws(StoreError) -> Bool {
        guard try isPresent(.spentToken) else { return false }
        return try connection.exists("SELECT 1 FROM lsec_spent_token WHERE digest = ?", [.text(digest)])
    }

    /// See ``TokenStore``.
    public func sessionUse(digest: String) throws(StoreError) -> Instant? {
        guard try isPresent(.sessionUse) else { return nil }
        return try connection.first("SELECT used FROM lsec_session_use WHERE digest = ?", [.text(digest)]) {
            (row) throws(StoreError) in Instant(microseconds: row.integer(0))
        }
    }

    /// See ``TokenStore``. Relaxed: a use that is lost ends a session early.
    public func recordSessionUse(digest: String, now: Instant, keptSeconds: Int64) throws(StoreError) {
        try write(.relaxed) { () throws(StoreError) in
            try ensure(.sessionUse)
            try connection.run(
                """
                INSERT INTO lsec_session_use (digest, used) VALUES (?, ?)
                ON CONFLICT (digest) DO UPDATE SET used = max(used, excluded.used)
                """, [.text(digest), .integer(now.microseconds)])
            try pruneSessionUse(near: digest, before: now.minus(seconds: keptSeconds))
        }
    }
}

/// Browsers that stay signed in.
extension SQLiteStore {
    /// See ``TokenStore``.
    public func rememberBrowser(
        digest: String, account id: Int64, expires: Instant, now: Instant
    ) throws(StoreError) {
        try write(.relaxed) { () throws(StoreError) in
            try ensure(.remember)
            try connection.run(
                "INSERT OR REPLACE INTO lsec_remember (digest, user_id, created, expires) VALUES (?, ?, ?, ?)",
                [
                    .text(digest), .integer(id), .integer(now.microseconds), .integer(expires.microseconds),
                ])
            try pruneRemembered(near: digest, now: now)
        }
    }

    /// See ``TokenStore``.
    public func isBrowserRemembered(digest: String, account id: Int64, now: Instant) throws(StoreError) -> Bool {
        guard try isPresent(.remember) else { return false }
        return try connection.exists(
            "SELECT 1 FROM lsec_remember WHERE digest = ? AND user_id = ? AND expires > ?",
            [.text(digest), .integer(id), .integer(now.microseconds)])
    }

    /// See ``TokenStore``. Durable: a browser that is signed out stays so.
    public func forgetBrowser(digest: String) throws(StoreError) {
        guard try isPresent(.remember) else { return }
        try write { () throws(StoreError) in
            _ = try connection.run("DELETE FROM lsec_remember WHERE digest = ?", [.text(digest)])
        }
    }
}

extension UserColumn {
    fileprivate init(_ column: UniquifierColumn) {
        switch column {
        case .session: self = .fsUniquifier
        case .token: self = .tokenUniquifier
        }
    }
}
