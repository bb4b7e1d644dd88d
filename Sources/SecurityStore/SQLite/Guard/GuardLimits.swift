import CSQLite
import SecurityCore

/// What a guarded connection allows a database to do. Its schema is a program of whoever may write to it: triggers and views, which do not
/// run; expressions in constraints, defaults, generated columns and indexes, which do; and what they make of values.
///
/// A program's instructions times the longest value bound the work between two looks at the clock; SQLite looks at it at
/// jumps only.
struct GuardLimits {
    /// How many instructions SQLite runs before it asks again. Each row of the schema takes about eight.
    private static let instructions: Int32 = 16
    /// What the schema and the page cache of a connection may take together, in bytes as SQLite counts them: the blocks that the C
    /// library gives out for short names are twice as large. Flask-Security's own schema takes a few hundred kilobytes.
    private static let mostMemory: Int64 = 24 << 20
    /// Once SQLite as a whole, in this process, holds so much more than before, the connection's own share is asked for, which takes
    /// longer.
    private static let suspectGrowth: Int64 = 4 << 20

    private static let limits: [(id: Int32, value: Int32)] = [
        (SQLITE_LIMIT_LENGTH, Int32(GuardingVFS.longestValue)),
        // The text of one table, view, index or trigger.
        (SQLITE_LIMIT_SQL_LENGTH, 65536),
        (SQLITE_LIMIT_COLUMN, 500),
        (SQLITE_LIMIT_EXPR_DEPTH, 200),
        (SQLITE_LIMIT_COMPOUND_SELECT, 50),
        // The longest of our own programs has about 100 instructions.
        (SQLITE_LIMIT_VDBE_OP, 1400),
        (SQLITE_LIMIT_ATTACHED, 0),
        (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (SQLITE_LIMIT_VARIABLE_NUMBER, 600),
        (SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]

    private static let switches: [(option: Int32, value: Int32)] = [
        (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 0), (SQLITE_DBCONFIG_ENABLE_FKEY, 0),
        (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0),
    ]

    /// The size of the page cache is fixed: a file may ask for another. A missing index is not made up for in memory.
    static let settings = "PRAGMA cache_size=-2000; PRAGMA automatic_index=OFF; PRAGMA recursive_triggers=OFF"

    /// Sets them, before the connection reads anything.
    @unsafe
    static func apply(to database: OpaquePointer, of guardian: GuardingVFS) throws(StoreError) {
        for limit in limits { unsafe sqlite3_limit(database, limit.id, limit.value) }
        for setting in switches where unsafe csqlite_configure(database, setting.option, setting.value) != SQLITE_OK {
            throw .failed(code: SQLITE_ERROR, detail: "this SQLite cannot be told to distrust a schema")
        }
        // Full-text search and the like: code for tables that a login does not have.
        unsafe sqlite3_drop_modules(database, nil)
        guard unsafe GuardedFunctions.install(in: database) else { throw .outOfMemory }
        let context = unsafe Unmanaged.passUnretained(guardian).toOpaque()
        // SAFETY: the layer outlives the connection, which calls these.
        unsafe sqlite3_progress_handler(
            database, instructions,
            { context in
                guard let context = unsafe context else { return 1 }
                let guardian = unsafe Unmanaged<GuardingVFS>.fromOpaque(context).takeUnretainedValue()
                return unsafe guardian.mayGoOn ? 0 : 1
            }, context)
        unsafe sqlite3_busy_handler(
            database,
            { context, count in
                guard let context = unsafe context else { return 0 }
                let guardian = unsafe Unmanaged<GuardingVFS>.fromOpaque(context).takeUnretainedValue()
                return guardian.waitForLock(count) ? 1 : 0
            }, context)
    }

    /// Whether the schema and the pages that a connection keeps have grown too large. `known` is what SQLite held when it was asked
    /// last; 0 where a host has switched its counting off.
    @unsafe
    static func isTooLarge(_ database: OpaquePointer, known: inout Int64) -> Bool {
        let all = sqlite3_memory_used()
        guard all == 0 || all - known > suspectGrowth else {
            known = min(known, all)
            return false
        }
        known = all
        var sum: Int64 = 0
        for kind in [SQLITE_DBSTATUS_CACHE_USED, SQLITE_DBSTATUS_SCHEMA_USED] {
            var present: Int32 = 0
            var most: Int32 = 0
            unsafe sqlite3_db_status(database, kind, &present, &most, 0)
            sum += Int64(present)
        }
        return sum > mostMemory
    }
}
