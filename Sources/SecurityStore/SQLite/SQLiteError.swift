import CLibc
import CSQLite
import SecurityCore

extension StoreError {
    /// The error of an SQLite result.
    ///
    /// `code` is an extended result code, `systemError` the errno of the failed system call or 0, `message` SQLite's
    /// text, which names tables and columns and never a value. `isOpening` tells a file that cannot be opened from a
    /// journal that cannot be made beside it.
    static func sqlite(
        code: Int32, systemError: Int32, message: String, path: String, isOpening: Bool = false
    ) -> StoreError {
        switch code & 0xff {
        case SQLITE_CANTOPEN: cannotOpen(systemError, path: path, isOpening: isOpening)
        case SQLITE_PERM, SQLITE_READONLY: .readOnly(path: path)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .locked
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_TOOBIG: .damaged(detail: message)
        case SQLITE_FULL: .diskFull
        case SQLITE_NOMEM: .outOfMemory
        case SQLITE_IOERR: inputOutput(code, systemError, message, path: path)
        case SQLITE_CONSTRAINT: .conflict(column: constrainedColumn(message))
        case SQLITE_ERROR where isAboutSchema(message): .schema(detail: message)
        default: .failed(code: code, detail: message)
        }
    }

    private static func cannotOpen(_ systemError: Int32, path: String, isOpening: Bool) -> StoreError {
        switch systemError {
        case EMFILE, ENFILE: .failed(code: SQLITE_CANTOPEN, detail: "too many open files")
        case ENOMEM: .outOfMemory
        case ENOSPC, EDQUOT: .diskFull
        case EISDIR: .damaged(detail: "\(path) is a folder")
        case ENOENT where isOpening, ENOTDIR where isOpening: .missing(path: path)
        default: isOpening ? .unreadable(path: path) : .readOnly(path: path)
        }
    }

    private static func inputOutput(
        _ code: Int32, _ systemError: Int32, _ message: String, path: String
    ) -> StoreError {
        switch systemError {
        case ENOSPC, EDQUOT, EFBIG: return .diskFull
        case ENOMEM: return .outOfMemory
        case EACCES, EPERM, EROFS: return .readOnly(path: path)
        default: break
        }
        switch code {
        // SQLITE_IOERR_NOMEM.
        case SQLITE_IOERR | (12 << 8): return .outOfMemory
        // SQLITE_IOERR_SHORT_READ, _CORRUPTFS and _DATA: the file ends early, or its checksums do not fit.
        case SQLITE_IOERR | (2 << 8), SQLITE_IOERR | (33 << 8), SQLITE_IOERR | (32 << 8):
            return .damaged(detail: message)
        default: return .failed(code: code, detail: message)
        }
    }

    /// "no such table: role", "no such column: u.email", "table user has no column named city".
    private static func isAboutSchema(_ message: String) -> Bool {
        let words = ByteText(message).words()
        return words.starts(with: ["no", "such", "table:"]) || words.starts(with: ["no", "such", "column:"])
            || words.dropFirst(2).starts(with: ["has", "no", "column", "named"])
    }

    /// The columns that a message such as `UNIQUE constraint failed: user.email` names, without their table.
    private static func constrainedColumn(_ message: String) -> String {
        guard let names = ByteText(message).cut(at: 0x3A).behind else { return message }
        return names.words(between: 0x2C).map { name in
            let (table, column) = name.trimmed.cut(at: 0x2E)
            return (column ?? table).string
        }.joined(separator: ", ")
    }
}
