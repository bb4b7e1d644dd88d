/// Why the files of an account database are not trusted.
public enum DatabaseFlaw: Equatable, Sendable {
    /// A folder, a FIFO, a device, a socket or a symbolic link.
    case notRegular(path: String)
    /// A symbolic link that others than root could have made.
    case foreignLink(path: String)
    /// More symbolic links than a path may have.
    case tooManyLinks(path: String)
    /// It belongs to a uid that stands for no user in particular.
    case nobody(path: String, owner: UInt32)
    /// Every user of the system may write to it.
    case writableByOthers(path: String)
    /// A file beside the database that has a second name elsewhere.
    case secondName(path: String)
    /// It was replaced while it was opened.
    case replaced(path: String)
    /// SQLite was led to a file that is not the database's.
    case foreignFile(path: String)
}

extension DatabaseFlaw: CustomStringConvertible {
    /// The thing, what is wrong with it, and the command that mends it.
    public var description: String {
        switch self {
        case .notRegular(let path): "\(path) is not a regular file: remove it, or correct SQLALCHEMY_DATABASE_URI"
        case .foreignLink(let path):
            "\(path) is a symbolic link, and others than root may change it or its folder: name the file itself in"
                + " SQLALCHEMY_DATABASE_URI, or `chown -h root \(path)` in a folder that root alone may write to"
        case .tooManyLinks(let path): "\(path) leads through too many symbolic links: name the file itself"
        case .nobody(let path, let owner):
            "\(path) belongs to uid \(owner), which stands for no user in particular: chown it to the application's user"
        case .writableByOthers(let path): "every user of this system may write to \(path): chmod o-w \(path)"
        case .secondName(let path): "\(path) is a hard link to a file that has another name: remove it"
        case .replaced(let path): "\(path) was replaced while it was opened: try again"
        case .foreignFile(let path):
            "a journal beside \(path) names a file that is not the database's: let the application that wrote it open"
                + " the database, or remove the journal"
        }
    }
}
