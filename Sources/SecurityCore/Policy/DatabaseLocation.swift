/// SQLALCHEMY_DATABASE_URI.
public enum DatabaseLocation: Sendable {
    /// An SQLite file by its absolute path.
    case sqlite(path: String)
    /// A PostgreSQL server; the whole URI, which may hold a password.
    case postgresql(uri: SharedSecret)
}
