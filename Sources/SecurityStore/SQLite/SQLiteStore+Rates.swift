public import SecurityCore

/// Limits of messages and registrations, and the rows that they are counted in. Relaxed where nothing else is written: whoever can cut
/// the power to take back a count has the disk.
extension SQLiteStore {
    /// See ``OutboxStore``.
    public func count(_ limits: [RateLimit], now: Instant) throws(StoreError) -> Int? {
        try write(.relaxed) { () throws(StoreError) in
            try ensure(.rate)
            for (index, limit) in limits.enumerated() {
                let begins = now.minus(seconds: limit.seconds)
                // A window that begins in the future was counted by a clock that was set back since.
                let isSpent = try connection.exists(
                    "SELECT 1 FROM lsec_rate WHERE subject = ? AND began > ? AND began <= ? AND count >= ?",
                    [
                        .text(limit.subject), .integer(begins.microseconds), .integer(now.microseconds),
                        .integer(Int64(limit.most)),
                    ])
                if isSpent { return index }
            }
            for limit in limits { try add(limit, now: now) }
            return nil
        }
    }

    private func add(_ limit: RateLimit, now: Instant) throws(StoreError) {
        try connection.run(
            """
            INSERT INTO lsec_rate (subject, began, count) VALUES (?1, ?2, 1)
            ON CONFLICT (subject) DO UPDATE SET
            count = CASE WHEN began > ?3 AND began <= ?2 THEN count + 1 ELSE 1 END,
            began = CASE WHEN began > ?3 AND began <= ?2 THEN began ELSE ?2 END
            """,
            [
                .text(limit.subject), .integer(now.microseconds),
                .integer(now.minus(seconds: limit.seconds).microseconds),
            ])
        try pruneRates(near: limit.subject, now: now)
    }

    /// See ``OutboxStore``. The row holds a run of seconds without gaps, so that the one before its first is free.
    public func ownSecond(_ subject: String, now: Instant) throws(StoreError) -> Instant {
        try write(.relaxed) { () throws(StoreError) in
            try ensure(.rate)
            let second = now.seconds
            let run = try connection.first(
                "SELECT began, count FROM lsec_rate WHERE subject = ?", [.text(subject)]
            ) { (row) throws(StoreError) in
                (first: Instant(microseconds: row.integer(0)).seconds, count: max(0, min(row.integer(1), 1 << 20)))
            }
            var (first, count, own) = (second, Int64(1), second)
            if let run, second < run.first &+ run.count, second >= run.first {
                own = run.first - 1
                (first, count) = (own, run.count + 1)
                guard second - own <= RateLimit.furthestSecond else { return now }
            } else if let run, second == run.first &+ run.count {
                (first, count) = (run.first, run.count + 1)
            }
            try connection.run(
                """
                INSERT INTO lsec_rate (subject, began, count) VALUES (?, ?, ?)
                ON CONFLICT (subject) DO UPDATE SET began = excluded.began, count = excluded.count
                """, [.text(subject), .integer(Instant(seconds: first).microseconds), .integer(count)])
            try pruneRates(near: subject, now: now)
            return own == second ? now : Instant(seconds: own)
        }
    }

    /// See ``OutboxStore``. Served by the index on `due`.
    public func isWaiting(_ count: Int) throws(StoreError) -> Bool {
        guard count > 0 else { return true }
        guard try isPresent(.outbox) else { return false }
        return try connection.exists(
            "SELECT 1 FROM lsec_outbox WHERE due IS NOT NULL ORDER BY due LIMIT 1 OFFSET ?",
            [.integer(Int64(count - 1))])
    }

    /// See ``OutboxStore``.
    public func pruneGivenUp(keeping count: Int?, now: Instant) throws(StoreError) {
        guard try isPresent(.outbox), try hasAddedColumns(.outbox) else { return }
        let expired = "due IS NULL AND expires < ? AND message <> ''"
        let last = "SELECT id FROM lsec_outbox WHERE due IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?"
        let surplus = "due IS NULL AND id <= (\(last))"
        let moment: [SQLiteValue] = [.integer(now.microseconds)]
        let kept: [SQLiteValue] = [.integer(count.map { Int64($0) } ?? .max)]
        // Nobody waits for a lock when there is nothing to do.
        let hasExpired = try connection.exists("SELECT 1 FROM lsec_outbox WHERE " + expired, moment)
        let hasSurplus = try connection.exists("SELECT 1 FROM lsec_outbox WHERE " + surplus, kept)
        guard hasExpired || hasSurplus else { return }
        try write { () throws(StoreError) in
            try connection.run("DELETE FROM lsec_outbox WHERE " + surplus, kept)
            try connection.run("UPDATE lsec_outbox SET message = '' WHERE " + expired, moment)
        }
    }
}
