public import SecurityCore

extension SQLiteStore {
    /// See ``AccountStore``. One transaction: of parallel attempts each sees those before it. A refused attempt writes
    /// nothing, so it neither counts nor extends a delay. Relaxed: whoever can cut the power to take back a count has the disk.
    public func reserveAttempt(
        _ attempt: Attempt, policy: ThrottlePolicy, now: Instant
    ) throws(StoreError) -> ThrottleVerdict {
        guard policy.isEnabled else { return .admitted }
        return try write(.relaxed) { () throws(StoreError) in
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
        let change =
            failed
            ? "UPDATE lsec_throttle SET pending = max(pending - 1, 0), failures = failures + 1, updated = ?4"
            : "DELETE FROM lsec_throttle"
        let values = attempt.key + (failed ? [.integer(now.microseconds)] : [])
        try write(.relaxed) { () throws(StoreError) in
            _ = try connection.run(change + " WHERE subject = ?1 AND factor = ?2 AND origin = ?3", values)
        }
    }

    /// Forgets the counts of one account: of some kinds of evidence, from one origin or from all.
    func forgetAttempts(
        ofAccount id: Int64, factors: [Attempt.Factor] = Attempt.Factor.allCases, origin: String? = nil
    ) throws(StoreError) {
        guard try isPresent(.throttle) else { return }
        var sql = "DELETE FROM lsec_throttle WHERE subject = ? AND factor IN \(factors.list)"
        var values: [SQLiteValue] = [.text("user:\(id)")]
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
        let stale = now.minus(seconds: Throttle.pendingSeconds)
        // A name without account has been nowhere: NULL is the id of none.
        let place: [SQLiteValue] = [
            attempt.accountID.map { .integer($0) } ?? .null,
            .integer(now.minus(seconds: policy.trustSeconds).microseconds), .text(attempt.origin),
        ]
        let isPlace = Origin.isPlace(attempt.origin)
        let isKnown = try connection.exists(
            "SELECT 1 FROM lsec_origin WHERE user_id = ? AND last_success >= ? AND origin = ?", place)
        var tallies = ThrottleTallies(isPlace: isPlace, isTrusted: isKnown && isPlace)
        let kinds = attempt.factor == .codeAlone ? attempt.factor.siblings : [attempt.factor]
        // SQL compares origins byte for byte; Swift would take canonically equivalent texts for one.
        let rows = try connection.rows(
            """
            SELECT failures, pending, updated, EXISTS (
                SELECT 1 FROM lsec_origin o WHERE o.user_id = ? AND o.last_success >= ? AND o.origin = t.origin),
            t.origin = ?, factor, origin FROM lsec_throttle t WHERE subject = ? AND factor IN \(kinds.list)
            """, place + [.text(attempt.subject)]
        ) { (row) throws(StoreError) in
            let origin = try row.text(6)
            let factor = try row.text(5)
            return (
                tally: SQLiteStore.tally(of: row, stale: stale),
                isTrusted: row.integer(3) != 0 && Origin.isPlace(origin), isOwn: row.integer(4) != 0,
                isProven: factor != Attempt.Factor.codeAlone.rawValue
            )
        }
        for row in rows {
            if row.isProven { tallies.all.add(row.tally) }
            if !row.isTrusted { tallies.strangers.add(row.tally) }
            if row.isOwn { tallies.own.add(row.tally) }
        }
        guard isPlace else { return tallies }
        let host = try connection.rows(
            """
            SELECT failures, pending, updated FROM lsec_throttle
            WHERE origin = ? AND factor IN \(attempt.factor.siblings.list)
            """, [.text(attempt.origin)]
        ) { (row) throws(StoreError) in SQLiteStore.tally(of: row, stale: stale) }
        for tally in host { tallies.host.add(tally) }
        return tallies
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
        ByteText(subject).dropping(prefix: "user:").flatMap { Int64($0.string) }
    }
}

extension [Attempt.Factor] {
    /// As an SQL list. The raw values are our own words.
    var list: String { "('" + map { $0.rawValue }.joined(separator: "', '") + "')" }
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
