/// SQLALCHEMY_DATABASE_URI.
extension PolicyDraft {
    private static let key = "SQLALCHEMY_DATABASE_URI"
    private static let example = "sqlite:////var/lib/libsecurity/users.db"

    /// Where the accounts are. Drivers (`sqlite+pysqlite`, `postgresql+psycopg2`) are Python's own matter.
    func databaseLocation() -> DatabaseLocation? {
        let key = PolicyDraft.key
        guard let node = self[key] else {
            if lacks(key) { report(.error, key, "is missing; write \(key) = \"\(PolicyDraft.example)\"") }
            return nil
        }
        // What follows the scheme may hold a password, and never becomes a String unless it is an SQLite path.
        let scheme = node.withBytes { bytes in PolicyDraft.scheme(of: bytes) } ?? ""
        switch scheme {
        case "sqlite": return sqliteLocation(node)
        case "postgresql": return node.secret().map { .postgresql(uri: $0) }
        case "postgres":
            report(
                .error, key,
                "begins with \"postgres://\", which SQLAlchemy no longer takes; write \"postgresql://\"")
        case "":
            report(.error, key, "is no database URI; write \"\(PolicyDraft.example)\"")
        default:
            report(.error, key, "names \"\(scheme)\"; accounts are kept in \"sqlite\" or \"postgresql\"")
        }
        return nil
    }

    /// The part before `://`, without a driver; empty when there is none.
    static func scheme(of uri: Span<UInt8>) -> String {
        var name: [UInt8] = []
        var hasDriver = false
        for index in uri.indices {
            let byte = uri[index]
            if byte == 0x3A {
                let isURI = uri.count >= index + 3 && uri[index + 1] == 0x2F && uri[index + 2] == 0x2F
                return isURI ? String(decoding: name, as: UTF8.self) : ""
            }
            let isLetter = (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            guard isLetter || byte == 0x2B || byte == 0x5F || byte == 0x2D else { return "" }
            hasDriver = hasDriver || byte == 0x2B
            if !hasDriver { name.append(byte) }
        }
        return ""
    }

    private func sqliteLocation(_ node: TOMLNode) -> DatabaseLocation? {
        let key = PolicyDraft.key
        let uri = Array((node.string ?? "").utf8)
        guard let slashes = uri.firstIndex(of: 0x2F), slashes + 2 < uri.count, uri[slashes + 2] == 0x2F else {
            report(.error, key, "has no path after \"sqlite:///\"; write \"\(PolicyDraft.example)\"")
            return nil
        }
        let rest = uri[(slashes + 3)...].prefix { $0 != 0x3F }
        let path = String(decoding: rest, as: UTF8.self)
        guard !path.isEmpty, !ByteText(path).has(prefix: ":memory:"), !ByteText(path).has(prefix: "file:"),
            !rest.contains(0)
        else {
            report(.error, key, "names no file that several programs can open; write \"\(PolicyDraft.example)\"")
            return nil
        }
        if path.utf8.first == 0x2F { return .sqlite(path: path) }
        report(
            .hint, key,
            "is a relative path: this program takes it from the folder of this file, Flask from its instance folder;"
                + " write \"sqlite:////...\" with the whole path")
        return .sqlite(path: folder + path)
    }

    /// The folder of the file, with a slash at its end; empty for a bare file name.
    var folder: String {
        let bytes = Array(path.utf8)
        guard let slash = bytes.lastIndex(of: 0x2F) else { return "" }
        return String(decoding: bytes[...slash], as: UTF8.self)
    }
}
