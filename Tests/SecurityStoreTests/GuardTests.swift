import CLibc
import CSQLite
import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// A connection that does not trust who else writes to its database. Numbers are those of ``GuardingVFS``'s requirements.
@Suite struct GuardTests {
    private func guarded(_ path: String, milliseconds: Int32 = 5000) throws -> SQLiteStore {
        try SQLiteStore(path: path, busyMilliseconds: milliseconds, user: .host)
    }

    private func failure(_ body: () throws -> Void) -> StoreError? {
        do {
            try body()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test(arguments: ["delete", "persist", "truncate", "wal"]) func `it works in each journal mode`(mode: String) throws
    {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=\(mode)")
        for counter in Int64(1)...3 {
            #expect(try guarded(path).acceptCounter(counter, account: 1, now: .epoch))
            try Folder.run(path, "UPDATE user SET login_count = \(counter)")
        }
        #expect(try Folder.value(path, "PRAGMA integrity_check") == "ok")
        #expect(try Folder.value(path, "SELECT counter FROM lsec_totp_counter") == "3")
    }

    @Test(arguments: ["delete", "wal"]) func `what a killed writer left is taken back or finished`(mode: String) throws
    {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=\(mode)")
        let copy = folder.path + "/copy.db"
        do {
            let other = try SQLiteConnection(path: path, isGuarded: false)
            try other.execute(
                "PRAGMA cache_size=1; BEGIN; UPDATE user SET username = 'half' || id, password = hex(zeroblob(9000))")
            for suffix in ["", "-journal", "-wal"] {
                try? FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }
            try other.execute("ROLLBACK")
        }
        let store = try guarded(copy)
        #expect(try store.accounts(where: .username, equals: "half1", ignoringCase: false).isEmpty)
        #expect(try store.acceptCounter(1, account: 1, now: .epoch))
        #expect(try Folder.value(copy, "PRAGMA integrity_check") == "ok")
    }

    @Test func `1 a super-journal is neither opened nor looked at nor removed`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let victim = folder.path + "/victim"
        try Data("root's".utf8).write(to: URL(fileURLWithPath: victim))
        try Data(Journal.naming(victim, database: path)).write(to: URL(fileURLWithPath: path + "-journal"))
        #expect(failure { _ = try guarded(path) } == .untrusted(.foreignFile(path: path)))
        #expect(FileManager.default.fileExists(atPath: victim))
        #expect(FileManager.default.fileExists(atPath: path + "-journal"))
        // The program that may, does.
        _ = try SQLiteConnection(path: path, isGuarded: false).exists("SELECT 1 FROM user")
        #expect(!FileManager.default.fileExists(atPath: victim))
    }

    @Test(arguments: ["-journal", "-wal", "-shm"], ["pipe", "folder", "link", "name"])
    func `2 only regular files of one name stand beside it`(suffix: String, kind: String) throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=\(suffix == "-journal" ? "delete" : "wal")")
        let victim = folder.path + "/victim"
        try Data("root's".utf8).write(to: URL(fileURLWithPath: victim))
        switch kind {
        case "pipe": unsafe mkfifo(path + suffix, 0o666)
        case "folder": unsafe mkdir(path + suffix, 0o777)
        case "link": unsafe symlink(victim, path + suffix)
        default: unsafe link(victim, path + suffix)
        }
        let flaw: DatabaseFlaw =
            kind == "name" ? .secondName(path: path + suffix) : .notRegular(path: path + suffix)
        #expect(failure { _ = try guarded(path).acceptCounter(1, account: 1, now: .epoch) } == .untrusted(flaw))
        #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == Data("root's".utf8))
    }

    @Test func `3 all statements together have one time, and what is between them does not count`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let other = try SQLiteConnection(path: path)
        let store = try guarded(path, milliseconds: 400)
        try other.execute("BEGIN IMMEDIATE")
        let begun = ContinuousClock.now
        for _ in 0..<10 {
            let error = failure { _ = try store.acceptCounter(1, account: 1, now: .epoch) }
            #expect(error == .locked || error == .overdue)
        }
        #expect(ContinuousClock.now - begun < .seconds(3))
        try other.execute("ROLLBACK")
        #expect(failure { _ = try store.acceptCounter(1, account: 1, now: .epoch) } != nil)
        store.connection.renewDeadline()
        usleep(100_000)
        #expect(try store.acceptCounter(1, account: 1, now: .epoch))
    }

    @Test func `3 a statement that would never end is ended`() throws {
        let folder = try Folder()
        let connection = try SQLiteConnection(path: folder.sample(), busyMilliseconds: 1000, isGuarded: true)
        #expect(
            failure {
                try connection.execute(
                    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c")
            } == .overdue)
    }

    @Test func `4 an index entry that is longer than any value is damage`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "UPDATE user SET username = 'm' || hex(zeroblob(1000000)) WHERE id = 3")
        let store = try guarded(path)
        #expect(
            failure { _ = try store.accounts(where: .username, equals: "m", ignoringCase: false) }
                == .damaged(detail: "an index entry is longer than 1048576 bytes"))
    }

    @Test func `5 the host's own SQLite is as before`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let before = unsafe sqlite3_vfs_find(nil)
        do {
            let store = try guarded(path)
            #expect(unsafe sqlite3_vfs_find(nil) == before)
            #expect(try store.account(id: 1) != nil)
        }
        #expect(unsafe sqlite3_vfs_find(nil) == before)
    }

    @Test func `no trigger of others runs, and ours clears nothing that we do not clear ourselves`() throws {
        let folder = try Folder()
        let (path, _, ann) = try folder.fresh()
        let store = try guarded(path)
        #expect(try store.acceptCounter(1, account: ann, now: .epoch))
        try Folder.run(
            path,
            """
            CREATE TRIGGER audit AFTER UPDATE ON user BEGIN DELETE FROM user; END;
            CREATE TRIGGER lsec_throttle_user_deleted2 AFTER DELETE ON "user" BEGIN DELETE FROM lsec_throttle; END;
            """)
        #expect(try store.setActive(false, account: ann, now: .epoch))
        #expect(try store.account(id: ann) != nil)
        #expect(
            try store.foreignPrograms() == ["trigger audit on user", "trigger lsec_throttle_user_deleted2 on user"])
        try store.deleteAccount(id: ann)
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_totp_counter") == "0")
    }

    @Test func `a view in place of a table, and a table that is code, are not Flask-Security's`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "ALTER TABLE user RENAME TO other; CREATE VIEW user AS SELECT * FROM other")
        #expect(failure { _ = try guarded(path) } == .schema(detail: "column id of table user"))
        try Folder.run(
            path, "DROP VIEW user; CREATE VIRTUAL TABLE user USING fts5(id, email, password, active, fs_uniquifier)")
        guard case .schema? = failure({ _ = try guarded(path) }) else {
            Issue.record("a virtual table was opened")
            return
        }
    }

    private struct Expression: CustomTestStringConvertible, Sendable {
        let text: String
        let value: String?
        var testDescription: String { text }
    }

    /// Those that are replaced answer as SQLite's own, or not at all.
    @Test(
        arguments: [
            Expression(text: "instr('naïve bob', 'bob')", value: "7"), Expression(text: "instr('a', '')", value: "1"),
            Expression(text: "instr('a', 'b')", value: "0"), Expression(text: "instr(NULL, 'b')", value: nil),
            Expression(text: "instr(x'c3af01', x'01')", value: "3"), Expression(text: "instr(1234, 3)", value: "3"),
            Expression(text: "replace('a.b.c', '.', '--')", value: "a--b--c"),
            Expression(text: "replace('abc', '', 'x')", value: "abc"),
            Expression(text: "replace('aaa', 'aa', 'b')", value: "ba"),
            Expression(text: "replace('abc', 'abc', '')", value: ""),
            Expression(text: "replace('a', NULL, 'b')", value: nil),
            Expression(text: "'Ann@Example.org' LIKE '%@example%'", value: "1"),
            Expression(text: "'a_b' LIKE 'a!_b' ESCAPE '!'", value: "1"),
            Expression(text: "'axb' LIKE 'a!_b' ESCAPE '!'", value: "0"),
            Expression(text: "'abc' GLOB 'a[b-c]*'", value: "1"),
            Expression(text: "'abc' GLOB 'A*'", value: "0"), Expression(text: "x'61' LIKE 'a'", value: "0"),
            Expression(text: "'a' LIKE NULL", value: nil), Expression(text: "trim('  a ')", value: "a"),
        ])
    private func `functions that are bounded answer as SQLite's own`(expression: Expression) throws {
        let folder = try Folder()
        let path = try folder.sample()
        for isGuarded in [true, false] {
            let connection = try SQLiteConnection(path: path, isGuarded: isGuarded)
            let value = try connection.first("SELECT \(expression.text)") { (row) throws(StoreError) in
                try row.optionalText(0)
            }
            #expect(value == .some(expression.value))
        }
    }

    @Test(
        arguments: [
            "instr(hex(zeroblob(400000)), substr(hex(zeroblob(400000)), 1, 400000) || '1')",
            "replace(hex(zeroblob(400000)), substr(hex(zeroblob(400000)), 1, 400000) || '1', '')",
            "trim(hex(zeroblob(400000)), 'a')", "json_patch('{}', '{}')",
            "hex(zeroblob(400000)) LIKE printf('%200s', '%')",
            "length(zeroblob(2000000))",
        ]) func `a function whose work has no bound fails at once`(text: String) throws
    {
        let folder = try Folder()
        let connection = try SQLiteConnection(path: folder.sample(), isGuarded: true)
        let begun = ContinuousClock.now
        #expect(failure { _ = try connection.exists("SELECT \(text)") } != nil)
        #expect(ContinuousClock.now - begun < .seconds(10))
    }

    @Test func `rows without end are damage`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(
            path,
            """
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300)
            INSERT INTO role (name) SELECT x || hex(zeroblob(20000)) FROM c;
            INSERT INTO roles_users SELECT 1, id FROM role
            """)
        guard case .damaged? = failure({ _ = try guarded(path).roleNames(ofAccount: 1) }) else {
            Issue.record("twelve megabytes of roles were read")
            return
        }
    }

    @Test func `a schema without end is damage`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let columns = (0..<480).map { "c\($0)" }.joined(separator: ", ")
        let tables = (0..<3000).map { "CREATE TABLE t\($0) (\(columns));" }.joined()
        try Folder.run(path, "BEGIN; \(tables) COMMIT")
        #expect(
            failure { _ = try guarded(path, milliseconds: 60_000) }
                == .damaged(detail: "its schema takes too much memory"))
    }
}

/// A rollback journal of no pages that names another file, as a transaction over several databases leaves it.
private enum Journal {
    static func naming(_ victim: String, database: String) throws -> [UInt8] {
        let data = try Data(contentsOf: URL(fileURLWithPath: database))
        let size = UInt32(data[16]) << 8 | UInt32(data[17])
        let magic: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
        func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        let head = magic + [0, 0, UInt32(data.count) / size, 512, size].flatMap(number)
        let name = Array(victim.utf8)
        let sum = name.reduce(UInt32(0)) { $0 + UInt32($1) }
        return head + [UInt8](repeating: 0, count: 512 - head.count) + number(0x4000_0000 / size + 1) + name
            + number(UInt32(name.count)) + number(sum) + magic
    }
}
