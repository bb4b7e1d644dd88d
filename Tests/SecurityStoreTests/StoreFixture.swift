import CSQLite
import Foundation
import SecurityCore

@testable import SecurityStore

/// A folder of its own for each test, removed at its end.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Tests/Vectors.
    static let vectors = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../Vectors")

    /// A copy of the sample database.
    func sample() throws -> String {
        try copy("sample.db")
    }

    func copy(_ name: String) throws -> String {
        let target = path + "/" + name
        try FileManager.default.copyItem(atPath: Folder.vectors.appendingPathComponent(name).path, toPath: target)
        return target
    }

    /// A database of some model's tables.
    func database(ddl: String) throws -> String {
        let file = path + "/" + ddl + ".db"
        let sql = try String(
            contentsOf: Folder.vectors.appendingPathComponent("ddl/\(ddl)-sqlite.sql"), encoding: .utf8)
        try Folder.run(file, sql)
        return file
    }

    /// An empty database of `init`, with one account.
    func fresh() throws -> (path: String, store: SQLiteStore, ann: Int64) {
        let file = path + "/users.db"
        try SQLiteStore.create(path: file)
        let store = try SQLiteStore(path: file)
        return (file, store, try store.createAccount(.ann, now: .epoch))
    }

    /// Runs SQL behind the store's back, as another program would.
    static func run(_ file: String, _ sql: String) throws {
        var database: OpaquePointer?
        guard unsafe sqlite3_open(file, &database) == SQLITE_OK else { throw CocoaError(.fileReadUnknown) }
        defer { unsafe sqlite3_close(database) }
        var message: UnsafeMutablePointer<CChar>?
        guard unsafe sqlite3_exec(database, sql, nil, nil, &message) == SQLITE_OK else {
            let text = unsafe message.map { unsafe String(cString: $0) } ?? ""
            throw NSError(domain: text, code: 1)
        }
    }

    /// The first column of the first row, as text.
    static func value(_ file: String, _ sql: String) throws -> String? {
        let connection = try SQLiteConnection(path: file, isGuarded: false)
        return try connection.first(sql) { (row) throws(StoreError) in try row.optionalText(0) } ?? nil
    }
}

extension NewAccount {
    static var ann: NewAccount {
        NewAccount(
            email: "ann@example.org", username: "ann", password: SharedSecret(utf8: "$2b$04$hash"), isActive: true,
            isConfirmed: true, fsUniquifier: String(repeating: "a", count: 32),
            webAuthnHandle: String(repeating: "b", count: 32))
    }

    static func named(_ name: String) -> NewAccount {
        var account = NewAccount.ann
        account.email = name + "@example.org"
        account.username = name
        account.fsUniquifier = name + String(repeating: "0", count: 20)
        account.webAuthnHandle = name + String(repeating: "f", count: 20)
        return account
    }
}

extension Instant {
    /// 2023-11-14 22:13:20 UTC.
    static let epoch = Instant(seconds: 1_700_000_000)

    func plus(_ seconds: Int64) -> Instant { Instant(microseconds: microseconds + seconds * 1_000_000) }
}

extension Attempt {
    static func password(_ id: Int64, from origin: String) -> Attempt {
        Attempt(subject: "user:\(id)", factor: .password, origin: origin)
    }

    static func code(_ id: Int64, from origin: String) -> Attempt {
        Attempt(subject: "user:\(id)", factor: .code, origin: origin)
    }

    static func codeAlone(_ id: Int64, from origin: String) -> Attempt {
        Attempt(subject: "user:\(id)", factor: .codeAlone, origin: origin)
    }
}

extension Grant {
    /// A whole login with both factors.
    static func whole(
        _ account: Int64, _ fsUniquifier: String = NewAccount.ann.fsUniquifier, from origin: String,
        proven: Set<Attempt.Factor> = [.password, .code], tracks: Bool = false, address: String? = nil,
        freshness: FreshnessSeal? = nil, at now: Instant = .epoch
    ) -> Grant {
        Grant(
            account: account, fsUniquifier: fsUniquifier, origin: origin, proven: proven, tracks: tracks,
            address: address, freshness: freshness, now: now)
    }
}

extension SharedSecret {
    func text() -> String {
        withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }
}
