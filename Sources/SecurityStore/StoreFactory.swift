public import SecurityCore

/// Opens whatever SQLALCHEMY_DATABASE_URI names.
public enum StoreFactory {
    /// The account database of a location, opened for one login or one command.
    public static func open(_ location: DatabaseLocation) throws(StoreError) -> any AccountDirectory {
        switch location {
        case .sqlite(let path): try SQLiteStore(path: path)
        case .postgresql: throw .unsupported(scheme: "postgresql")
        }
    }
}
