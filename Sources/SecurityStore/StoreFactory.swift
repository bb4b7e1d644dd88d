public import SecurityCore

/// Opens whatever SQLALCHEMY_DATABASE_URI names.
public enum StoreFactory {
    /// The account database of a location, opened by `user` for one login or one command, or, by a service that has
    /// `turns`, for many requests.
    public static func open(
        _ location: DatabaseLocation, by user: StoreUser, turns: (any WriteTurns)? = nil
    ) throws(StoreError) -> any AccountDirectory {
        switch location {
        case .sqlite(let path): try SQLiteStore(path: path, turns: turns, user: user)
        case .postgresql: throw .unsupported(scheme: "postgresql")
        }
    }
}
