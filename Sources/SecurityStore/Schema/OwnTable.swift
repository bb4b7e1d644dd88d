/// The tables that Flask-Security does not have. They are made by the first transaction that writes to one, so that a
/// database which only the Python application uses stays as it is. Times are microseconds since the epoch, UTC.
enum OwnTable: String, CaseIterable {
    /// Failures, and attempts in progress, of one kind of evidence (`password`, `code`, `code-alone`) for one subject
    /// (`user:<id>`, or `name:<digest>` of a name without account) from one origin; `updated` when the latest began or
    /// ended.
    case throttle = "lsec_throttle"
    /// The origins from which an account has logged in, with the last time.
    case origin = "lsec_origin"
    /// The greatest TOTP counter that was accepted for an account (RFC 6238 section 5.2: a code is good once).
    case counter = "lsec_totp_counter"
    /// The same for mailed and texted codes, a row for each ``CodeSlot``.
    case sentCounter = "lsec_code_counter"
    /// Keyed digests of recovery codes that were used, in case another program writes one back.
    case usedRecoveryCode = "lsec_recovery_used"
    /// When an account completed a factor at a place; `digest` seals what must not have changed since.
    case freshness = "lsec_freshness"
    /// Keyed digests of links that were used, until they would expire anyway.
    case spentToken = "lsec_spent_token"
    /// When sessions were last used (LIBSECURITY_SESSION_IDLE), by keyed digests of what tells them apart.
    case sessionUse = "lsec_session_use"
    /// Messages that wait to be sent, and those that were given up; `channel` is a ``MessageChannel``.
    case outbox = "lsec_outbox"
    /// How often something happened in a window that began at `began`: mails by recipient and origin, registrations by
    /// origin. For `link:` subjects a run of seconds that were given out: the first, and how many.
    case rate = "lsec_rate"
    /// Browsers that stay signed in (LIBSECURITY_REMEMBER = "bound"), by keyed digests of their companion cookies.
    case remember = "lsec_remember"

    /// Makes the table, unless another process was faster. Keys are what the look-ups ask for, in their order.
    var definition: String {
        switch self {
        case .throttle:
            """
            CREATE TABLE IF NOT EXISTS lsec_throttle (
                subject TEXT NOT NULL,
                factor TEXT NOT NULL,
                origin TEXT NOT NULL,
                failures INTEGER NOT NULL,
                pending INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                PRIMARY KEY (subject, factor, origin)
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS lsec_throttle_origin ON lsec_throttle (origin, factor)
            """
        case .origin:
            """
            CREATE TABLE IF NOT EXISTS lsec_origin (
                user_id INTEGER NOT NULL,
                origin TEXT NOT NULL,
                last_success INTEGER NOT NULL,
                PRIMARY KEY (user_id, origin)
            ) WITHOUT ROWID
            """
        case .counter:
            """
            CREATE TABLE IF NOT EXISTS lsec_totp_counter (
                user_id INTEGER NOT NULL PRIMARY KEY,
                counter INTEGER NOT NULL
            )
            """
        case .sentCounter:
            """
            CREATE TABLE IF NOT EXISTS lsec_code_counter (
                user_id INTEGER NOT NULL,
                slot TEXT NOT NULL,
                counter INTEGER NOT NULL,
                PRIMARY KEY (user_id, slot)
            ) WITHOUT ROWID
            """
        case .usedRecoveryCode:
            """
            CREATE TABLE IF NOT EXISTS lsec_recovery_used (
                user_id INTEGER NOT NULL,
                digest TEXT NOT NULL,
                PRIMARY KEY (user_id, digest)
            ) WITHOUT ROWID
            """
        case .freshness:
            """
            CREATE TABLE IF NOT EXISTS lsec_freshness (
                user_id INTEGER NOT NULL,
                place TEXT NOT NULL,
                digest TEXT NOT NULL,
                completed_at INTEGER NOT NULL,
                PRIMARY KEY (user_id, place)
            ) WITHOUT ROWID
            """
        case .spentToken:
            """
            CREATE TABLE IF NOT EXISTS lsec_spent_token (
                digest TEXT NOT NULL PRIMARY KEY,
                expires INTEGER NOT NULL
            ) WITHOUT ROWID
            """
        case .sessionUse:
            """
            CREATE TABLE IF NOT EXISTS lsec_session_use (
                digest TEXT NOT NULL PRIMARY KEY,
                used INTEGER NOT NULL
            ) WITHOUT ROWID
            """
        case .outbox:
            """
            CREATE TABLE IF NOT EXISTS lsec_outbox (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                sender TEXT NOT NULL,
                recipient TEXT NOT NULL,
                subject TEXT NOT NULL,
                message TEXT NOT NULL,
                created INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                due INTEGER,
                error TEXT,
                channel TEXT NOT NULL DEFAULT 'mail',
                expires INTEGER
            );
            CREATE INDEX IF NOT EXISTS lsec_outbox_due ON lsec_outbox (due) WHERE due IS NOT NULL
            """
        case .rate:
            """
            CREATE TABLE IF NOT EXISTS lsec_rate (
                subject TEXT NOT NULL PRIMARY KEY,
                began INTEGER NOT NULL,
                count INTEGER NOT NULL
            ) WITHOUT ROWID
            """
        case .remember:
            """
            CREATE TABLE IF NOT EXISTS lsec_remember (
                digest TEXT NOT NULL PRIMARY KEY,
                user_id INTEGER NOT NULL,
                created INTEGER NOT NULL,
                expires INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS lsec_remember_user ON lsec_remember (user_id)
            """
        }
    }

    /// The columns that tables of earlier versions lack, and how each is added to one, the last one last.
    var addedColumns: [(name: String, definition: String)] {
        switch self {
        case .outbox: [("channel", "channel TEXT NOT NULL DEFAULT 'mail'"), ("expires", "expires INTEGER")]
        case .throttle, .origin, .counter, .sentCounter, .usedRecoveryCode, .freshness, .spentToken, .sessionUse, .rate,
            .remember:
            []
        }
    }

    /// The condition that a row is about the account whose id the expression `account` gives; nil when no row is.
    func isAbout(account: String) -> String? {
        switch self {
        case .throttle: "subject = 'user:' || \(account)"
        case .origin, .counter, .sentCounter, .usedRecoveryCode, .freshness, .remember: "user_id = \(account)"
        // A digest tells no account; it stands for one fs_uniquifier, which no other account gets.
        case .spentToken, .sessionUse, .rate: nil
        // A message on its way is not taken back.
        case .outbox: nil
        }
    }

    /// Makes the database itself forget the rows of an account that anybody deletes: SQLite gives the greatest id again,
    /// and the Python application knows nothing of this table. Dropping `user`, as alembic does to alter it, drops the
    /// trigger without running it; the next write makes it again.
    var cleaning: String? { trigger("CREATE TRIGGER IF NOT EXISTS") }

    /// The same as SQLite keeps it in the schema.
    var storedCleaning: String? { trigger("CREATE TRIGGER") }

    private func trigger(_ beginning: String) -> String? {
        isAbout(account: "OLD.id").map { condition in
            """
            \(beginning) \(rawValue)_user_deleted AFTER DELETE ON "user"
            BEGIN DELETE FROM \(rawValue) WHERE \(condition); END
            """
        }
    }
}
