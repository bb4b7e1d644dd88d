public import SecurityCore

/// The account database in an SQLite file, on Flask-Security's own tables.
///
/// Requirements (tests name the number):
/// 1. It is used by one thread at a time; several stores on one file are safe, in one process or many. A login process opens
///    one for one login and lets it go, so that no descriptor stays open between two; a service may keep one for the next
///    request while ``isReusable()``.
/// 2. Every change is one transaction that begins with the write lock (BEGIN IMMEDIATE), so that what it read is still
///    true when it writes; an error on the way rolls it back.
/// 3. Values reach SQL as parameters only. Passwords, wallets and recovery codes are bound and read as bytes.
/// 4. Flask-Security's tables are never altered; an absent column reads as NULL and is not written.
///
/// What SQLite itself read stays in its page cache, which is given back unwiped when the store closes: hashes, sealed
/// wallets, and recovery codes, which Flask-Security keeps readable.
public final class SQLiteStore {
    let connection: SQLiteConnection
    let layout: SchemaLayout
    /// Tables of ours that are known to be there.
    private var presentTables: Set<OwnTable> = []
    /// Those that are known to be cleaned when an account is deleted, too.
    private var readyTables: Set<OwnTable> = []

    /// See ``AccountDirectory``.
    public var mayWait = true {
        didSet {
            if mayWait != oldValue { connection.setBusyMilliseconds(mayWait ? busyMilliseconds : 0) }
        }
    }

    private var isWriting = false
    private let schemaVersion: Int64?
    private let turns: (any WriteTurns)?
    private let busyMilliseconds: Int32

    /// Opens an existing database.
    ///
    /// `busyMilliseconds` is how long one statement waits for another process's lock before ``StoreError/locked``, and in a process that
    /// guards itself (`user`) what all of them together may take before ``StoreError/overdue``. `turns` are those of
    /// a service whose threads write to one database: the store is kept for many requests then, and compiles its statements
    /// once.
    public init(
        path: String, busyMilliseconds: Int32 = 5000, turns: (any WriteTurns)? = nil, user: StoreUser = .program
    ) throws(StoreError) {
        connection = try SQLiteConnection(
            path: path, busyMilliseconds: busyMilliseconds, isKept: turns != nil, isGuarded: user.isGuarded)
        self.turns = turns
        self.busyMilliseconds = busyMilliseconds
        schemaVersion = try connection.schemaVersion()
        layout = try SchemaLayout(of: connection)
    }

    /// See ``AccountDirectory``.
    public func isReusable() throws(StoreError) -> Bool {
        connection.renewDeadline()
        guard connection.isUndisturbed else { return false }
        do throws(StoreError) {
            return try connection.schemaVersion() == schemaVersion
        } catch .locked {
            // The next one would wait as long.
            throw .locked
        } catch {
            return false
        }
    }

    /// Runs `body` as one transaction that holds the write lock, or as a part of the one that is open.
    func write<Result>(
        _ durability: Durability = .full, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        if isWriting { return try body() }
        guard mayWait, turns?.take(milliseconds: busyMilliseconds) != false else { throw .locked }
        isWriting = true
        defer {
            isWriting = false
            turns?.giveBack()
        }
        do throws(StoreError) {
            return try connection.transaction(durability, body)
        } catch {
            // Tables that it made are gone again.
            presentTables = []
            readyTables = []
            throw error
        }
    }

    /// Makes tables of ours, inside the transaction that needs them.
    func ensure(_ tables: OwnTable...) throws(StoreError) {
        for table in tables where !readyTables.contains(table) {
            try connection.execute(table.definition)
            for column in table.addedColumns where try !has(column.name, table) {
                try connection.execute("ALTER TABLE \(table.rawValue) ADD COLUMN \(column.definition)")
            }
            if let cleaning = table.cleaning { try connection.execute(cleaning) }
            presentTables.insert(table)
            readyTables.insert(table)
        }
    }

    /// Whether a table of ours is there: an absent one reads as empty.
    func isPresent(_ table: OwnTable) throws(StoreError) -> Bool {
        if presentTables.contains(table) { return true }
        let isThere = try connection.exists(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [.text(table.rawValue)])
        if isThere { presentTables.insert(table) }
        return isThere
    }

    /// Whether a table of ours that is there has the columns that those of earlier versions lack.
    func hasAddedColumns(_ table: OwnTable) throws(StoreError) -> Bool {
        if readyTables.contains(table) { return true }
        guard let last = table.addedColumns.last else { return true }
        return try has(last.name, table)
    }

    private func has(_ column: String, _ table: OwnTable) throws(StoreError) -> Bool {
        try connection.exists(
            "SELECT 1 FROM pragma_table_info('\(table.rawValue)') WHERE name = ?", [.text(column)])
    }

    /// Updates columns of one account and its `update_datetime`, as Flask-Security's ORM would; absent columns are left
    /// out. `condition` is added to the choice of the row. Whether there was such a row.
    func update(
        account id: Int64, _ changes: [(column: UserColumn, value: SQLiteValue)],
        where condition: (column: UserColumn, equals: SQLiteValue)? = nil, now: Instant
    ) throws(StoreError) -> Bool {
        let changes = changes + [(column: .updateDatetime, value: .text(now.sqlAlchemyText))]
        let present = changes.filter { layout.has($0.column) }
        // Nothing to write: the row's existence is still asked for.
        let assignments =
            present.isEmpty ? "id = id" : present.map { $0.column.rawValue + " = ?" }.joined(separator: ", ")
        var sql = "UPDATE \"user\" SET \(assignments) WHERE id = ?"
        var values = present.map { $0.value } + [.integer(id)]
        if let condition {
            sql += " AND \(condition.column.rawValue) = ?"
            values.append(condition.equals)
        }
        return try connection.run(sql, values) == 1
    }
}
