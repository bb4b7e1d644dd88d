public import SecurityCore

extension SQLiteStore {
    /// See ``AccountStore``. One transaction: of parallel attempts each sees those before it. A refused attempt writes
    /// nothing, so it neither counts nor extends a delay.
    public func reserveAttempt(
        _ attempt: Attempt, policy: ThrottlePolicy, now: Instant
    ) throws(StoreError) -> ThrottleVerdict {
        guard policy.isEnabled else { return .admitted }
        return try write { () throws(StoreError) in
            try ensure(.throttle, .origin)
            let tallies = try tallies(of: attempt, policy: policy, now: now)
            let verdict = Throttle.verdict(tallies, factor: attempt.factor, policy: policy, now: now)
            guard verdict == .admitted else { return verdict }
            try begin(attempt, now: now)
            try pruneThrottle(near: attempt, policy: policy, now: now)
            return .admitted
        }
    }

    /// See ``AccountStore``. Without a pending attempt (the throttle is off, or a success cleared it) nothing happens.
    public func settleAttempt(_ attempt: Attempt, failed: Bool, now: Instant) throws(StoreError) {
        guard try isPresent(.throttle) else { return }
        try write { () throws(StoreError) in
            try connection.run(
                """
                UPDATE lsec_throttle SET pending = max(pending - 1, 0), failures = failures + ?, updated = ?
                WHERE subject = ? AND factor = ? AND origin = ?
                """, [.integer(failed ? 1 : 0), .integer(now.microseconds)] + attempt.key)
            guard !failed else { return }
            try connection.run(
                """
                DELETE FROM lsec_throttle
                WHERE subject = ? AND factor = ? AND origin = ? AND failures = 0 AND pending = 0
                """, attempt.key)
        }
    }

    /// Forgets the counts of one account: of one kind of evidence or of all, from one origin or from all.
    func forgetAttempts(
        ofAccount id: Int64, factor: Attempt.Factor? = nil, origin: String? = nil
    ) throws(StoreError) {
        guard try isPresent(.throttle) else { return }
        var sql = "DELETE FROM lsec_throttle WHERE subject = ?"
        var values: [SQLiteValue] = [.text("user:\(id)")]
        if let factor {
            sql += " AND factor = ?"
            values.append(.text(factor.rawValue))
        }
        if let origin {
            sql += " AND origin = ?"
            values.append(.text(origin))
        }
        try connection.run(sql, values)
    }

    private func begin(_ attempt: Attempt, now: Instant) throws(StoreError) {
        // What was left pending by a process that died is a failure from now on.
        try connection.run(
            """
            INSERT INTO lsec_throttle (subject, factor, origin, failures, pending, updated) VALUES (?, ?, ?, 0, 1, ?)
            ON CONFLICT (subject, factor, origin) DO UPDATE SET
            failures = failures + CASE WHEN updated < ?5 THEN pending ELSE 0 END,
            pending = 1 + CASE WHEN updated < ?5 THEN 0 ELSE pending END,
            updated = excluded.updated
            """,
            attempt.key + [
                .integer(now.microseconds), .integer(now.minus(seconds: Throttle.pendingSeconds).microseconds),
            ])
    }
}

/// Reading the tallies. All of it is served by the primary keys and the index on origin; the number of rows of a
/// subject or an origin is bounded by what the throttle admits.
extension SQLiteStore {
    private func tallies(
        of attempt: Attempt, policy: ThrottlePolicy, now: Instant
    ) throws(StoreError) -> ThrottleTallies {
        let trusted = try trustedOrigins(of: attempt, since: now.minus(seconds: policy.trustSeconds))
        let stale = now.minus(seconds: Throttle.pendingSeconds)
        var tallies = ThrottleTallies(isTrusted: trusted.contains(attempt.origin))
        let rows = try connection.rows(
            "SELECT failures, pending, updated, origin FROM lsec_throttle WHERE subject = ? AND factor = ?",
            [.text(attempt.subject), .text(attempt.factor.rawValue)]
        ) { (row) throws(StoreError) in
            (tally: SQLiteStore.tally(of: row, stale: stale), origin: try row.text(3))
        }
        for row in rows {
            tallies.all.add(row.tally)
            if !trusted.contains(row.origin) { tallies.strangers.add(row.tally) }
            if row.origin.utf8.elementsEqual(attempt.origin.utf8) { tallies.own.add(row.tally) }
        }
        let host = try connection.rows(
            "SELECT failures, pending, updated FROM lsec_throttle WHERE origin = ? AND factor = ?",
            [.text(attempt.origin), .text(attempt.factor.rawValue)]
        ) { (row) throws(StoreError) in SQLiteStore.tally(of: row, stale: stale) }
        for tally in host { tallies.host.add(tally) }
        return tallies
    }

    /// Where the account has logged in from since a moment. A name without account has been nowhere.
    private func trustedOrigins(of attempt: Attempt, since moment: Instant) throws(StoreError) -> Set<String> {
        guard let id = attempt.accountID else { return [] }
        return Set(
            try connection.rows(
                "SELECT origin FROM lsec_origin WHERE user_id = ? AND last_success >= ?",
                [.integer(id), .integer(moment.microseconds)]
            ) { (row) throws(StoreError) in try row.text(0) })
    }

    /// A row's tally; attempts that were begun too long ago have failed.
    private static func tally(of row: SQLiteStatement, stale: Instant) -> Tally {
        let failures = Int(clamping: row.integer(0))
        let pending = Int(clamping: row.integer(1))
        let updated = Instant(microseconds: row.integer(2))
        guard updated < stale else { return Tally(failures: failures, pending: pending, latest: updated) }
        return Tally(failures: failures.addingClamped(pending), pending: 0, latest: updated)
    }
}

extension Attempt {
    /// The primary key of its row.
    var key: [SQLiteValue] { [.text(subject), .text(factor.rawValue), .text(origin)] }

    /// The id in a subject `user:<id>`.
    var accountID: Int64? {
        guard subject.hasPrefix("user:") else { return nil }
        return Int64(subject.dropFirst(5))
    }
}

extension Tally {
    fileprivate mutating func add(_ other: Tally) {
        failures = failures.addingClamped(other.failures)
        pending = pending.addingClamped(other.pending)
        latest = max(latest, other.latest)
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
