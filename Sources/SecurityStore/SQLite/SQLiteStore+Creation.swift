import CLibc
public import SecurityCore

extension SQLiteStore {
    /// Makes a new database: Flask-Security's tables, our indexes, WAL mode, file mode 0660. An existing file is
    /// ``StoreError/conflict(column:)`` of "path" and stays as it is.
    public static func create(path: String) throws(StoreError) {
        try makeFile(path)
        do throws(StoreError) {
            let connection = try SQLiteConnection(path: path)
            try connection.execute("PRAGMA journal_mode=WAL")
            try connection.transaction { () throws(StoreError) in
                for definition in FlaskSecurityTables.definitions { try connection.execute(definition) }
            }
        } catch {
            _ = unsafe path.withCString { unsafe unlink($0) }
            throw error
        }
    }

    /// See ``AccountDirectory``.
    public func missingIndexes() throws(StoreError) -> [String] {
        var missing: [String] = []
        for index in FlaskSecurityTables.indexes {
            let isThere = try connection.exists(
                "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", [.text(index.name)])
            if !isThere { missing.append(index.definition) }
        }
        return missing
    }

    /// An empty file. Its mode does not depend on the umask, which is the process's and not ours to change.
    private static func makeFile(_ path: String) throws(StoreError) {
        let descriptor = unsafe path.withCString { unsafe clibc_create($0, O_RDWR | O_EXCL, 0o660) }
        guard descriptor >= 0 else {
            switch clibc_errno() {
            case EEXIST: throw .conflict(column: "path")
            case ENOENT, ENOTDIR: throw .missing(path: path)
            case ENOSPC, EDQUOT: throw .diskFull
            default: throw .readOnly(path: path)
            }
        }
        fchmod(descriptor, 0o660)
        close(descriptor)
    }
}
