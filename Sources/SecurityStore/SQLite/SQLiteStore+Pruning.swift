import SecurityCore

/// Rows that nobody will ask for again are removed where rows are written: each write looks at a few rows behind its
/// own, in key order, so that it costs the same however large the table is, and in time every row is looked at.
extension SQLiteStore {
    /// How many neighbours a write looks at.
    private static let neighbours: Int64 = 8
    /// How long counts and freshness are kept after the last change.
    private static let keptSeconds: Int64 = 30 * 86400

    /// Throttle rows that rested for 30 days go, unless their subject is at the limit: it stays refused until a reset.
    /// Codes of both kinds count together. Origins of this account that are no longer trusted go as well.
    func pruneThrottle(near attempt: Attempt, policy: ThrottlePolicy, now: Instant) throws(StoreError) {
        let codes = Attempt.Factor.code.siblings.list
        try connection.run(
            """
            DELETE FROM lsec_throttle WHERE (subject, factor, origin) IN (
                SELECT n.subject, n.factor, n.origin FROM (
                    SELECT * FROM lsec_throttle WHERE (subject, factor, origin) > (?, ?, ?)
                    ORDER BY subject, factor, origin LIMIT ?) n
                WHERE n.updated < ? AND ? > (
                    SELECT total(a.failures + a.pending) FROM lsec_throttle a
                    WHERE a.subject = n.subject
                    AND (a.factor = n.factor OR n.factor IN \(codes) AND a.factor IN \(codes))))
            """,
            attempt.key + [
                .integer(SQLiteStore.neighbours), .integer(now.minus(seconds: SQLiteStore.keptSeconds).microseconds),
                .integer(Int64(policy.limit)),
            ])
        guard let id = attempt.accountID else { return }
        try connection.run(
            "DELETE FROM lsec_origin WHERE user_id = ? AND last_success < ?",
            [.integer(id), .integer(now.minus(seconds: policy.trustSeconds).microseconds)])
    }

    /// Freshness rows older than any use of them go.
    func pruneFreshness(near seal: FreshnessSeal) throws(StoreError) {
        try connection.run(
            """
            DELETE FROM lsec_freshness WHERE (user_id, place) IN (
                SELECT n.user_id, n.place FROM (
                    SELECT * FROM lsec_freshness WHERE (user_id, place) > (?, ?) ORDER BY user_id, place LIMIT ?) n
                WHERE n.completed_at < ?)
            """,
            [
                .integer(seal.account), .text(seal.place), .integer(SQLiteStore.neighbours),
                .integer(seal.completedAt.minus(seconds: SQLiteStore.keptSeconds).microseconds),
            ])
    }

    /// Records of sessions that nobody has used for so long that they are over.
    func pruneSessionUse(near digest: String, before moment: Instant) throws(StoreError) {
        try connection.run(
            """
            DELETE FROM lsec_session_use WHERE digest IN (
                SELECT n.digest FROM (
                    SELECT * FROM lsec_session_use WHERE digest > ? ORDER BY digest LIMIT ?) n
                WHERE n.used < ?)
            """, [.text(digest), .integer(SQLiteStore.neighbours), .integer(moment.microseconds)])
    }

    /// Windows that are over go: none is longer than an hour, nor is a second asked for that is further back.
    func pruneRates(near subject: String, now: Instant) throws(StoreError) {
        try connection.run(
            """
            DELETE FROM lsec_rate WHERE subject IN (
                SELECT n.subject FROM (
                    SELECT * FROM lsec_rate WHERE subject > ? ORDER BY subject LIMIT ?) n
                WHERE n.began < ?)
            """,
            [
                .text(subject), .integer(SQLiteStore.neighbours),
                .integer(now.minus(seconds: 2 * 3600).microseconds),
            ])
    }

    /// Browsers whose companion cookie is over go.
    func pruneRemembered(near digest: String, now: Instant) throws(StoreError) {
        try connection.run(
            """
            DELETE FROM lsec_remember WHERE digest IN (
                SELECT n.digest FROM (
                    SELECT * FROM lsec_remember WHERE digest > ? ORDER BY digest LIMIT ?) n
                WHERE n.expires < ?)
            """, [.text(digest), .integer(SQLiteStore.neighbours), .integer(now.microseconds)])
    }

    /// Records of tokens that nobody accepts any more go.
    func pruneSpentTokens(near digest: String, now: Instant) throws(StoreError) {
        try connection.run(
            """
            DELETE FROM lsec_spent_token WHERE digest IN (
                SELECT n.digest FROM (
                    SELECT * FROM lsec_spent_token WHERE digest > ? ORDER BY digest LIMIT ?) n
                WHERE n.expires < ?)
            """, [.text(digest), .integer(SQLiteStore.neighbours), .integer(now.microseconds)])
    }
}
