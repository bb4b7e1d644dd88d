public import SecurityCore

extension SQLiteStore {
    /// See ``AccountStore``.
    public func freshness(account id: Int64, place: String) throws(StoreError) -> FreshnessSeal? {
        guard try isPresent(.freshness) else { return nil }
        return try connection.first(
            "SELECT digest, completed_at FROM lsec_freshness WHERE user_id = ? AND place = ?",
            [.integer(id), .text(place)]
        ) { (row) throws(StoreError) in
            FreshnessSeal(
                account: id, place: place, completedAt: Instant(microseconds: row.integer(1)), digest: try row.text(0))
        }
    }

    /// See ``AccountStore``. Without tracking it only forgets failures and remembers places: lost, they make the next login harder.
    public func recordGrant(_ grant: Grant) throws(StoreError) {
        try write(grant.tracks ? .full : .relaxed) { () throws(StoreError) in
            try requireUnchanged(grant)
            if grant.tracks { try track(grant) }
            try forgetAttempts(
                ofAccount: grant.account, factors: grant.proven.flatMap { $0.siblings }, origin: grant.origin)
            if Origin.isPlace(grant.origin) { try trust(grant.origin, account: grant.account, now: grant.now) }
            if let seal = grant.freshness { try refresh(seal) }
        }
    }

    /// Minutes may pass between two answers of a login; whoever was locked out meanwhile stays out.
    private func requireUnchanged(_ grant: Grant) throws(StoreError) {
        let isUnchanged = try connection.exists(
            "SELECT 1 FROM \"user\" WHERE id = ? AND CAST(active AS INTEGER) <> 0 AND fs_uniquifier = ?",
            [.integer(grant.account), .text(grant.fsUniquifier)])
        guard isUnchanged else { throw .staleAccount(id: grant.account) }
    }

    /// Flask-Security's SECURITY_TRACKABLE: the last sign-in becomes the one that was current, the first time this one;
    /// the last address the one that was current, the first time none; the count starts at 0.
    private func track(_ grant: Grant) throws(StoreError) {
        let now = SQLiteValue.text(grant.now.sqlAlchemyText)
        let rules: [(column: UserColumn, expression: String, value: SQLiteValue?)] = [
            (.lastLoginAt, "coalesce(\(layout.read(.currentLoginAt)), ?)", now),
            (.currentLoginAt, "?", now),
            (.lastLoginIP, layout.read(.currentLoginIP), nil),
            (.currentLoginIP, "?", SQLiteValue(grant.address)),
            (.loginCount, "coalesce(login_count, 0) + 1", nil),
            (.updateDatetime, "?", now),
        ]
        let present = rules.filter { layout.has($0.column) }
        guard !present.isEmpty else { return }
        let assignments = present.map { "\($0.column.rawValue) = \($0.expression)" }.joined(separator: ", ")
        try connection.run(
            "UPDATE \"user\" AS u SET \(assignments) WHERE id = ?",
            present.compactMap { $0.value } + [.integer(grant.account)])
    }

    private func trust(_ origin: String, account id: Int64, now: Instant) throws(StoreError) {
        try ensure(.origin)
        try connection.run(
            """
            INSERT INTO lsec_origin (user_id, origin, last_success) VALUES (?, ?, ?)
            ON CONFLICT (user_id, origin) DO UPDATE SET last_success = excluded.last_success
            """, [.integer(id), .text(origin), .integer(now.microseconds)])
    }

    private func refresh(_ seal: FreshnessSeal) throws(StoreError) {
        try ensure(.freshness)
        try connection.run(
            """
            INSERT INTO lsec_freshness (user_id, place, digest, completed_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (user_id, place) DO UPDATE SET digest = excluded.digest, completed_at = excluded.completed_at
            """,
            [
                .integer(seal.account), .text(seal.place), .text(seal.digest),
                .integer(seal.completedAt.microseconds),
            ])
        try pruneFreshness(near: seal)
    }
}
