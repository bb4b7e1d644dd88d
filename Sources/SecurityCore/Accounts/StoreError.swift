/// What kept the account database from answering. Never a verdict: the caller denies.
public enum StoreError: Error, Equatable {
    /// The file or its folder does not exist.
    case missing(path: String)
    /// The file may not be read.
    case unreadable(path: String)
    /// The file, its folder or its file system may not be written.
    case readOnly(path: String)
    /// Another process kept the database locked longer than the time-out.
    case locked
    /// It did not answer within the time that a login has for it.
    case overdue
    /// Its files are not as a login can trust them.
    case untrusted(DatabaseFlaw)
    /// The file is not a database, or is damaged.
    case damaged(detail: String)
    /// No room left.
    case diskFull
    /// A table or column that Flask-Security's models have is not there.
    case schema(detail: String)
    /// The kind of database is not supported by this build.
    case unsupported(scheme: String)
    /// A value would break a UNIQUE or NOT NULL rule of the table.
    case conflict(column: String)
    /// No row has this id: it was deleted meanwhile.
    case missingAccount(id: Int64)
    /// The account was deleted, deactivated or given a new fs_uniquifier while it logged in.
    case staleAccount(id: Int64)
    /// There is a file of this name already.
    case exists(path: String)
    /// Memory ran out.
    case outOfMemory
    /// Any other answer of the database library, by its code and text.
    case failed(code: Int32, detail: String)
}

extension StoreError: CustomStringConvertible {
    /// One line for a log: the thing, the place, the way out.
    public var description: String {
        switch self {
        case .missing(let path): "account database \(path) does not exist: create it with 'securityctl init'"
        case .unreadable(let path): "account database \(path) may not be read: check owner and mode"
        case .readOnly(let path):
            "account database \(path) cannot be written: check the modes of the file and of its folder"
        case .locked: "account database is locked by another process: try again"
        case .overdue: "account database did not answer in time: does another program change or damage it?"
        case .untrusted(let flaw): "account database is not trusted: \(flaw)"
        case .damaged(let detail): "account database is damaged (\(detail)): restore it from a backup"
        case .diskFull: "no room left for the account database: free some"
        case .schema(let detail): "account database lacks what Flask-Security's models have: \(detail)"
        case .unsupported(let scheme): "databases of kind '\(scheme)' are not supported by this version: use sqlite"
        case .conflict(let column): "another row has this \(column) already, or it may not be empty"
        case .missingAccount(let id): "account \(id) does not exist any more"
        case .staleAccount(let id): "account \(id) was changed while it logged in: log in again"
        case .exists(let path): "\(path) exists already: nothing was written to it"
        case .outOfMemory: "out of memory"
        case .failed(let code, let detail): "account database failed with code \(code): \(detail)"
        }
    }
}
