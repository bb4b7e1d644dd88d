import CLibc
import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct StoreErrorTests {
    private func failure(_ body: () throws -> Void) -> StoreError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test func `a missing file or folder is missing`() throws {
        let folder = try Folder()
        for path in [folder.path + "/none.db", folder.path + "/none/users.db", ""] {
            #expect(failure { _ = try SQLiteStore(path: path) } == .missing(path: path))
        }
    }

    @Test func `what is no database is damaged`() throws {
        let folder = try Folder()
        let path = folder.path + "/text.db"
        try String(repeating: "not a database ", count: 1000).write(toFile: path, atomically: true, encoding: .utf8)
        guard case .damaged? = failure({ _ = try SQLiteStore(path: path) }) else {
            Issue.record("a text file was taken for a database")
            return
        }
    }

    @Test func `damaged pages are damaged, and nothing crashes`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for offset in stride(from: 4096, to: bytes.count, by: 7) { bytes[offset] ^= 0x5A }
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = failure {
            let store = try SQLiteStore(path: path)
            for id in 1...12 { _ = try store.account(id: Int64(id)) }
        }
        guard case .damaged? = error else {
            Issue.record("damage was not seen: \(String(describing: error))")
            return
        }
    }

    @Test func `a foreign database lacks its tables`() throws {
        let folder = try Folder()
        let path = folder.path + "/foreign.db"
        try Folder.run(path, "CREATE TABLE users (id INTEGER PRIMARY KEY)")
        #expect(failure { _ = try SQLiteStore(path: path) } == .schema(detail: "table user"))
        try Folder.run(path, "CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT)")
        #expect(failure { _ = try SQLiteStore(path: path) } == .schema(detail: "column password of table user"))
    }

    @Test func `a locked database is locked after the time-out`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let other = try SQLiteConnection(path: path)
        try other.execute("BEGIN EXCLUSIVE")
        let error = failure {
            let store = try SQLiteStore(path: path, busyMilliseconds: 50)
            _ = try store.acceptCounter(1, account: 1, now: .epoch)
        }
        #expect(error == .locked)
        try other.execute("ROLLBACK")
    }

    @Test func `a full database is full, and goes on when there is room`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let pages = try store.connection.first("PRAGMA page_count") { (row) throws(StoreError) in row.integer(0) } ?? 0
        try store.connection.execute("PRAGMA max_page_count = \(pages)")
        let error = failure {
            for counter in 0..<1000 {
                _ = try store.reserveAttempt(
                    Attempt(subject: "name:\(counter)", factor: .password, origin: "ip:\(counter)"),
                    policy: ThrottlePolicy(), now: .epoch)
            }
        }
        #expect(error == .diskFull)
        try store.connection.execute("PRAGMA max_page_count = 100000")
        #expect(try store.acceptCounter(1, account: ann, now: .epoch))
    }

    /// As another user, in a child: this process is root, whom modes do not stop.
    @Test(
        .enabled(if: getuid() == 0, "needs root to become somebody else"),
        arguments: [(0o600, 0o755, "unreadable"), (0o644, 0o755, "readOnly"), (0o666, 0o755, "untrusted")])
    func `modes are told apart`(mode: Int, folderMode: Int, expected: String) async throws {
        let folder = try Folder()
        let path = try folder.sample()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        try FileManager.default.setAttributes([.posixPermissions: folderMode], ofItemAtPath: folder.path)
        await #expect(processExitsWith: .exitCode(expected == "unreadable" ? 10 : expected == "readOnly" ? 11 : 12)) {
            [path = path as String] in
            guard setuid(65534) == 0 else { exit(1) }
            do {
                _ = try SQLiteStore(path: path).acceptCounter(1, account: 1, now: .epoch)
            } catch StoreError.unreadable {
                exit(10)
            } catch StoreError.readOnly {
                exit(11)
            } catch StoreError.untrusted {
                exit(12)
            } catch {
                exit(2)
            }
        }
    }

    @Test func `postgresql is refused with a clear word`() {
        let error = failure {
            _ = try StoreFactory.open(.postgresql(uri: SharedSecret(utf8: "postgresql://localhost/x")), by: .host)
        }
        #expect(error == .unsupported(scheme: "postgresql"))
        #expect(error?.description.contains("not supported by this version") == true)
    }
}
