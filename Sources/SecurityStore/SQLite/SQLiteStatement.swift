import CSQLite
import SecurityCore

/// A value for a parameter of a statement.
enum SQLiteValue {
    case null
    case integer(Int64)
    case text(String)
    /// Text that is bound from its own wiped memory, without a copy.
    case secret(SharedSecret)

    init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }
}

/// A statement as SQLite compiled it. Owns the C object: finalised in `deinit`, which comes before the connection's.
@safe
final class CompiledStatement {
    fileprivate let pointer: OpaquePointer

    /// Takes a compiled statement over.
    @unsafe
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe sqlite3_finalize(pointer)
    }

    /// Lets go of its values, and of the read lock that it may hold.
    func clear() {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }
}

/// One use of a compiled statement, which goes back to the connection in `deinit`.
@safe
final class SQLiteStatement {
    private let connection: SQLiteConnection
    private let compiled: CompiledStatement
    private let sql: String
    /// Lends its bytes to SQLite until the statement is taken back.
    private var lenders: [SharedSecret] = []
    /// What was read of all its rows, in bytes.
    private var bytesRead = 0

    /// Uses a compiled statement.
    init(_ compiled: CompiledStatement, _ sql: String, of connection: SQLiteConnection) {
        self.compiled = compiled
        self.sql = sql
        self.connection = connection
    }

    deinit {
        connection.takeBack(compiled, sql)
    }

    private var statement: OpaquePointer { unsafe compiled.pointer }

    /// Binds values to the parameters from the first on.
    func bind(_ values: [SQLiteValue]) throws(StoreError) {
        var position: Int32 = 0
        for value in values {
            position &+= 1
            guard bind(value, at: position) == SQLITE_OK else { throw connection.failure }
        }
    }

    /// Goes to the next row; false when there is none.
    func step() throws(StoreError) -> Bool {
        switch unsafe connection.step(statement) {
        case SQLITE_ROW:
            try count(SQLiteStatement.bytesPerRow)
            return true
        case SQLITE_DONE: return false
        default: throw connection.failure
        }
    }

    private func bind(_ value: SQLiteValue, at position: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(statement, position)
        case .integer(let number): return unsafe sqlite3_bind_int64(statement, position, number)
        case .text(let text):
            var text = text
            // SAFETY: SQLITE_TRANSIENT (-1): SQLite copies the bytes before the call returns.
            let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return text.withUTF8 { bytes in
                unsafe bindText(bytes, at: position, copied)
            }
        case .secret(let secret):
            lenders.append(secret)
            // SAFETY: the bytes stay where they are as long as the secret lives, and `lenders` keeps it until the
            // statement is taken back; a nil destructor (SQLITE_STATIC) leaves them to us.
            return secret.withBytes { bytes in
                unsafe bytes.withUnsafeBufferPointer { unsafe bindText($0, at: position, nil) }
            }
        }
    }

    private func bindText(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: Int32, _ destructor: sqlite3_destructor_type?
    ) -> Int32 {
        // A nil address would bind NULL instead of an empty text.
        guard let count = Int32(exactly: bytes.count), count > 0, let start = bytes.baseAddress else {
            return unsafe sqlite3_bind_text(statement, position, "", 0, nil)
        }
        return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
            unsafe sqlite3_bind_text(statement, position, start, count, destructor)
        }
    }
}

/// The columns of the present row, counted from 0.
extension SQLiteStatement {
    /// The longest column that is read, in bytes; Flask-Security's longest, a set of encrypted recovery codes, has a
    /// few thousand.
    static let longestColumn = 65536
    /// What a guarded connection reads of all the rows of one look-up: others may have written as many as they like.
    private static let mostBytes = 8 << 20
    /// What keeping a row costs beside the bytes of its texts.
    private static let bytesPerRow = 128

    /// Whether the column is NULL.
    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// A whole number; 0 for NULL and for text that is none.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// The key of a row.
    func id(_ column: Int32) throws(StoreError) -> Int64 {
        guard unsafe sqlite3_column_type(statement, column) == SQLITE_INTEGER else {
            throw .schema(detail: "column \(name(column)) is not an integer")
        }
        return integer(column)
    }

    /// A whole number, or nil for NULL.
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// Text; "" for NULL.
    func text(_ column: Int32) throws(StoreError) -> String { try optionalText(column) ?? "" }

    /// Text, or nil for NULL. Text that is not UTF-8 or too long is damage, not repaired.
    func optionalText(_ column: Int32) throws(StoreError) -> String? {
        guard !isNull(column) else { return nil }
        let text = unsafe try withText(column) { bytes in unsafe String(validating: bytes, as: UTF8.self) }
        guard let text else { throw .damaged(detail: "column \(name(column)) is not UTF-8") }
        return text
    }

    /// Text that must not spread, or nil for NULL and "".
    func secret(_ column: Int32) throws(StoreError) -> SharedSecret? {
        guard !isNull(column) else { return nil }
        let secret = unsafe try withText(column) { bytes in unsafe SharedSecret(Secret(copying: bytes.span)) }
        return secret.isEmpty ? nil : secret
    }

    private func withText<Result>(
        _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws(StoreError) -> Result {
        // SAFETY: SQLite keeps the converted text until the next step or conversion of this column; its length is
        // asked after the conversion. `body` copies what it needs.
        let start = unsafe sqlite3_column_text(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        guard let start = unsafe start else { throw .outOfMemory }
        guard count <= SQLiteStatement.longestColumn else {
            throw .damaged(detail: "column \(name(column)) is longer than \(SQLiteStatement.longestColumn) bytes")
        }
        try self.count(count)
        return unsafe body(UnsafeBufferPointer(start: start, count: count))
    }

    /// Counts what was read.
    private func count(_ bytes: Int) throws(StoreError) {
        bytesRead += bytes
        guard !connection.isGuarded || bytesRead <= SQLiteStatement.mostBytes else {
            throw .damaged(detail: "a look-up has more than \(SQLiteStatement.mostBytes) bytes of rows")
        }
    }

    private func name(_ column: Int32) -> String {
        // SAFETY: the name is SQLite's and copied here.
        unsafe sqlite3_column_name(statement, column).flatMap { unsafe String(validatingCString: $0) } ?? "?"
    }
}
