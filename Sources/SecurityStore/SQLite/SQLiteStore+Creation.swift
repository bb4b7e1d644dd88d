import CLibc
public import SecurityCore

extension SQLiteStore {
    /// Makes a new database: Flask-Security's tables, our indexes, WAL mode, file mode 0660, so that the group of its
    /// folder shares it. An existing file is ``StoreError/exists(path:)`` and stays as it is; of a database that could
    /// not be finished nothing is left.
    public static func create(path: String) throws(StoreError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
        try makeFile(path)
        do throws(StoreError) {
            try fill(path)
        } catch {
            for suffix in ["-wal", "-shm", "-journal", ""] { remove(path + suffix) }
            throw error
        }
    }

    private static func fill(_ path: String) throws(StoreError) {
        let connection = try SQLiteConnection(path: path)
        let mode = try connection.first("PRAGMA journal_mode=WAL") { (row) throws(StoreError) in try row.text(0) }
        guard mode == "wal" else {
            throw .failed(code: 0, detail: "the file system of \(path) does not support WAL mode")
        }
        try connection.transaction { () throws(StoreError) in
            for definition in FlaskSecurityTables.definitions { try connection.execute(definition) }
        }
    }

    /// An empty file. Its mode does not depend on the umask, which is the process's and not ours to change.
    private static func makeFile(_ path: String) throws(StoreError) {
        // SAFETY: the name lives through the call.
        let descriptor = unsafe path.withCString { unsafe clibc_create($0, O_RDWR | O_EXCL, 0o660) }
        guard descriptor >= 0 else { throw creationError(clibc_errno(), path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o660) == 0 else {
            let error = creationError(clibc_errno(), path)
            remove(path)
            throw error
        }
    }

    private static func creationError(_ code: Int32, _ path: String) -> StoreError {
        switch code {
        case EEXIST: .exists(path: path)
        case ENOENT, ENOTDIR: .missing(path: path)
        case ENOSPC, EDQUOT: .diskFull
        default: .readOnly(path: path)
        }
    }

    private static func remove(_ path: String) {
        // SAFETY: the name lives through the call.
        _ = unsafe path.withCString { unsafe unlink($0) }
    }
}

extension SQLiteStore {
    /// See ``AccountDirectory``. SQLite's own plan of each look-up tells whether an index serves it, whatever the index
    /// is called and whoever made it.
    public func missingIndexes() throws(StoreError) -> [String] {
        var missing: [String] = []
        for index in FlaskSecurityTables.indexes(keyTable: layout.keyTable, hasUsername: layout.has(.username)) {
            let plan = try connection.rows("EXPLAIN QUERY PLAN " + index.lookup) { (row) throws(StoreError) in
                try row.text(3)
            }
            for step in plan where ByteText(step).has(prefix: "SCAN") { missing.append(index.definition) }
        }
        return missing
    }

    /// See ``AccountDirectory``. Triggers are told from ours by their whole text, and not by their name.
    public func foreignPrograms() throws(StoreError) -> [String] {
        let tables = ["user", "role", "roles_users", "web_authn", "webauthn"] + OwnTable.allCases.map { $0.rawValue }
        let marks = tables.map { _ in "?" }.joined(separator: ", ")
        let ours = OwnTable.allCases.compactMap { $0.storedCleaning }
        let found = try connection.rows(
            """
            SELECT type, name, tbl_name, sql FROM sqlite_master
            WHERE (type = 'trigger' OR type = 'view') AND lower(tbl_name) IN (\(marks))
            """, tables.map { .text($0) }
        ) { (row) throws(StoreError) in
            let text = try row.text(3)
            let isOurs = ours.contains { $0.utf8.elementsEqual(text.utf8) }
            let kind = try row.text(0)
            return isOurs ? nil : "\(kind) \(try row.text(1)) on \(try row.text(2))"
        }
        return found.compactMap { $0 }.sorted(by: SQLiteStore.isBefore)
    }
}
