import CLibc
import CSQLite
import SecurityCore

/// One open SQLite database. Owns the C object: opened in `init`, closed in `deinit`, every result code checked.
///
/// Used by one thread at a time: SQLite's own mutexes are off (SQLITE_OPEN_NOMUTEX), as they would not make a
/// transaction of several statements safe either. Several connections to one file, in one process or many, are safe.
@safe
final class SQLiteConnection {
    /// How long a statement waits for another process's lock.
    static let defaultBusyMilliseconds: Int32 = 5000

    /// What was opened.
    let file: DatabaseFile
    private let database: OpaquePointer
    /// The layer below, and the clock; nil where nothing is guarded.
    private let guardian: GuardingVFS?
    /// Compiled statements that nobody uses, by their text; nil where none is asked twice.
    private var idleStatements: [String: CompiledStatement]?
    /// False when it could not be brought back to its settings.
    private var isUsable = true

    /// Opens an existing file for reading and writing. Its journal mode stays as it is. `isKept`: for many requests, so that
    /// statements are compiled once. `isGuarded`: by a process that must not trust others who write to the file; `busyMilliseconds` is
    /// then what all of its statements together may take.
    init(
        path: String, busyMilliseconds: Int32 = defaultBusyMilliseconds, isKept: Bool = false,
        isGuarded: Bool = StoreUser.program.isGuarded
    ) throws(StoreError) {
        let file = try DatabaseFile(path)
        let guardian = isGuarded ? try GuardingVFS(file, milliseconds: busyMilliseconds) : nil
        var handle: OpaquePointer?
        guardian?.deadline.enter()
        // SAFETY: SQLite copies the name; it always stores a handle, or nil when memory ran out. The path is absolute, so
        // that it is read neither as ":memory:" nor as a "file:" URI.
        let code = unsafe file.path.withCString { name in
            unsafe sqlite3_open_v2(name, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, guardian?.name)
        }
        guardian?.deadline.leave()
        guard let database = unsafe handle else { throw .outOfMemory }
        do throws(StoreError) {
            guard code == SQLITE_OK else {
                if let refusal = guardian?.refusal { throw refusal }
                throw unsafe SQLiteConnection.error(of: database, path: file.path, isOpening: true)
            }
            try unsafe SQLiteConnection.judge(database, file)
            if let guardian { try unsafe GuardLimits.apply(to: database, of: guardian) }
        } catch {
            unsafe sqlite3_close_v2(database)
            throw error
        }
        unsafe self.database = database
        self.file = file
        self.guardian = guardian
        unsafe guardian?.connection = database
        idleStatements = isKept ? [:] : nil
        unsafe sqlite3_extended_result_codes(database, 1)
        setBusyMilliseconds(busyMilliseconds)
        // SQLite falls back to reading when it may not write; no login can be recorded then.
        guard unsafe sqlite3_db_readonly(database, "main") == 0 else { throw .readOnly(path: file.path) }
        if guardian != nil { try execute(GuardLimits.settings) }
        try execute(SQLiteConnection.settings)
    }

    deinit {
        idleStatements = nil
        timed { _ = unsafe sqlite3_close_v2(database) }
    }

    /// Whether the file that was opened is the one that was judged.
    private static func judge(_ database: OpaquePointer, _ file: DatabaseFile) throws(StoreError) {
        var hasMoved: Int32 = 1
        // SAFETY: the answer lives through the call.
        unsafe sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        guard hasMoved == 0, file.isInPlace else { throw .untrusted(.replaced(path: file.path)) }
    }

    /// Calls SQLite. The clock of a guarded connection runs meanwhile.
    private func timed<Result>(_ body: () -> Result) -> Result {
        guard let guardian else { return body() }
        guardian.deadline.enter()
        defer { guardian.deadline.leave() }
        return body()
    }

    /// Whether its rows may be of somebody who wants a login to fail.
    var isGuarded: Bool { guardian != nil }

    /// Gives a guarded connection more time: a command goes on to the next account.
    func extendDeadline() {
        guardian?.deadline.extend(milliseconds: SQLiteConnection.millisecondsPerAccount)
    }

    private static let millisecondsPerAccount: Int64 = 20

    /// Every commit reaches the disk; no temporary files, whose folder the environment would choose; functions in a
    /// hostile schema do nothing dangerous and damaged pages are noticed early.
    private static let settings = """
        PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON
        """

    /// How long a statement waits for another process's lock; 0 = not at all.
    func setBusyMilliseconds(_ milliseconds: Int32) {
        if let guardian {
            // Its own handler looks at the deadline as well.
            guardian.deadline.patience = Int64(milliseconds) * 1_000_000
        } else {
            unsafe sqlite3_busy_timeout(database, milliseconds)
        }
    }

    /// Runs constant statements that return nothing.
    func execute(_ sql: String) throws(StoreError) {
        let code = timed { unsafe sql.withCString { unsafe sqlite3_exec(database, $0, nil, nil, nil) } }
        guard code == SQLITE_OK else { throw failure }
    }

    /// Compiles one statement, or takes it from those that were compiled before.
    func prepare(_ sql: String) throws(StoreError) -> SQLiteStatement {
        if let idle = idleStatements?.removeValue(forKey: sql) { return SQLiteStatement(idle, sql, of: self) }
        var statement: OpaquePointer?
        let code = timed { unsafe sql.withCString { unsafe sqlite3_prepare_v2(database, $0, -1, &statement, nil) } }
        guard code == SQLITE_OK, let statement = unsafe statement else { throw failure }
        return SQLiteStatement(unsafe CompiledStatement(statement), sql, of: self)
    }

    /// Takes a statement whose user has done with it.
    func takeBack(_ statement: CompiledStatement, _ sql: String) {
        guard let count = idleStatements?.count, count < SQLiteConnection.mostStatements else { return }
        timed { statement.clear() }
        idleStatements?[sql] = statement
    }

    /// More than there are texts of statements, unless a text holds a value, which none may.
    private static let mostStatements = 128

    /// Goes to the next row of a statement.
    @unsafe
    func step(_ statement: OpaquePointer) -> Int32 {
        timed { unsafe sqlite3_step(statement) }
    }

    /// Runs one statement with its values in order; the number of rows it inserted, updated or deleted.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> Int {
        let statement = try prepare(sql)
        try statement.bind(values)
        while try statement.step() {}
        return Int(unsafe sqlite3_changes(database))
    }

    /// What `read` makes of the rows, at most `limit` of them.
    func rows<Row>(
        _ sql: String, _ values: [SQLiteValue] = [], limit: Int = .max,
        _ read: (SQLiteStatement) throws(StoreError) -> Row
    ) throws(StoreError) -> [Row] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var rows: [Row] = []
        while rows.count < limit, try statement.step() { rows.append(try read(statement)) }
        return rows
    }

    /// What `read` makes of the first row, or nil when there is none.
    func first<Row>(
        _ sql: String, _ values: [SQLiteValue] = [], _ read: (SQLiteStatement) throws(StoreError) -> Row
    ) throws(StoreError) -> Row? {
        let statement = try prepare(sql)
        try statement.bind(values)
        return try statement.step() ? try read(statement) : nil
    }

    /// Whether a query has a row.
    func exists(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> Bool {
        let statement = try prepare(sql)
        try statement.bind(values)
        return try statement.step()
    }

    /// Runs `body` with the database locked for writing: all of it happens, or nothing.
    func transaction<Result>(
        _ durability: Durability = .full, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let isRelaxed = durability == .relaxed ? try hasWAL() : false
        // Obeyed when it is compiled, so it cannot be kept.
        if isRelaxed { try execute("PRAGMA synchronous=NORMAL") }
        defer { if isRelaxed { restoreSynchronous() } }
        try run("BEGIN IMMEDIATE")
        do throws(StoreError) {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Whether changes go to a write-ahead log: elsewhere a commit that is not flushed may damage the file.
    private func hasWAL() throws(StoreError) -> Bool {
        try first("PRAGMA journal_mode") { (row) throws(StoreError) in try row.text(0) == "wal" } ?? false
    }

    private func restoreSynchronous() {
        do throws(StoreError) {
            try execute("PRAGMA synchronous=FULL")
        } catch {
            isUsable = false
        }
    }

    /// The id of the row that the last INSERT made.
    var lastInsertedID: Int64 { unsafe sqlite3_last_insert_rowid(database) }

    /// Whether a table, or a column of it, is in the schema as this connection last read it.
    func has(table: String, column: String? = nil) -> Bool {
        // SAFETY: names live through the call; a nil column asks for the table alone.
        unsafe table.withCString { table in
            guard let column else {
                return unsafe sqlite3_table_column_metadata(database, "main", table, nil, nil, nil, nil, nil, nil)
                    == SQLITE_OK
            }
            return unsafe column.withCString { column in
                unsafe sqlite3_table_column_metadata(database, "main", table, column, nil, nil, nil, nil, nil)
                    == SQLITE_OK
            }
        }
    }

    /// Whether it is as it was opened, no transaction is open, and the file at the path is the one that was opened.
    var isUndisturbed: Bool {
        guard isUsable, unsafe sqlite3_get_autocommit(database) != 0, guardian?.refusal == nil else { return false }
        return file.isInPlace
    }

    /// Gives a guarded connection its whole time again, for another request.
    func renewDeadline() {
        guardian?.deadline.renew()
    }

    /// The number that every change of the schema raises, by any program.
    func schemaVersion() throws(StoreError) -> Int64? {
        try first("PRAGMA schema_version") { row in row.integer(0) }
    }

    /// The error of the last call on this connection.
    var failure: StoreError {
        if let refusal = guardian?.refusal { return refusal }
        let error = unsafe SQLiteConnection.error(of: database, path: file.path)
        guard let guardian, guardian.isOverdue, error != .locked else { return error }
        return .overdue
    }

    private func rollBack() {
        // Some errors (a full disk, no memory) have ended the transaction already.
        guard unsafe sqlite3_get_autocommit(database) == 0 else { return }
        _ = timed { unsafe sqlite3_exec(database, "ROLLBACK", nil, nil, nil) }
    }

    private static func error(of database: OpaquePointer, path: String, isOpening: Bool = false) -> StoreError {
        // SAFETY: the message is SQLite's, valid until the next call on this connection, and copied here.
        let message = unsafe sqlite3_errmsg(database).flatMap { unsafe String(validatingCString: $0) }
        return .sqlite(
            code: unsafe sqlite3_extended_errcode(database), systemError: unsafe sqlite3_system_errno(database),
            message: message ?? "no text", path: path, isOpening: isOpening)
    }
}

/// What a loss of power may take from a committed transaction. Other processes see it at once, and a process that dies loses
/// nothing, in any case.
enum Durability {
    /// Nothing: it is on the disk when the commit returns.
    case full
    /// The transaction, unless a full one came after it: where a database has a write-ahead log, it is not waited for.
    case relaxed
}
