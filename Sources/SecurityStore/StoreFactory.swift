public import SecurityCore

/// Opens whatever SQLALCHEMY_DATABASE_URI names.
public enum StoreFactory {
    /// The account database of a location, opened for one login or one command, or, by a service that has
    /// `turns`, for many requests.
    public static func open(
        _ location: DatabaseLocation, turns: (any WriteTurns)? = nil
    ) throws(StoreError) -> any AccountDirectory {
        switch location {
        case .sqlite(let path): try SQLiteStore(path: path, turns: turns)
        case .postgresql: throw .unsupported(scheme: "postgresql")
        }
    }
}
