import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// Counts who has the turn; gives it to nobody when told so.
private final class CountedTurns: WriteTurns {
    var isOpen = true
    private(set) var taken = 0
    private(set) var givenBack = 0

    func take(milliseconds: Int32) -> Bool {
        guard isOpen else { return false }
        taken += 1
        return true
    }

    func giveBack() { givenBack += 1 }
}

/// Stores that a service keeps for many requests.
@Suite struct KeptStoreTests {
    private let attempt = Attempt.password(1, from: "ip:192.0.2.1")

    @Test func `statements that are asked again answer by their new values`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample(), turns: CountedTurns())
        let first = try #require(try store.account(id: 1))
        let second = try #require(try store.account(id: 2))
        #expect(first.email != second.email)
        #expect(try store.account(id: 1)?.email == first.email)
        #expect(try store.account(id: 99) == nil)
        // A password is bound without a copy; the next value must not be the last one's.
        for text in ["$2b$04$one", "$2b$04$two"] {
            _ = try store.setPassword(
                account: 1, hash: Secret(utf8: text), fsUniquifier: text,
                now: .epoch)
            #expect(try store.account(id: 1)?.password?.text() == text)
        }
    }

    @Test func `one statement is used twice at once`() throws {
        let folder = try Folder()
        let connection = try SQLiteConnection(path: folder.sample(), isKept: true)
        let sql = "SELECT id FROM user ORDER BY id"
        let outer = try connection.prepare(sql)
        let inner = try connection.prepare(sql)
        #expect(try outer.step() && inner.step() && inner.step())
        #expect(outer.integer(0) == 1 && inner.integer(0) == 2)
    }

    @Test func `a change of the tables is seen`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let connection = try SQLiteConnection(path: path, isKept: true)
        let all = { () throws in
            try connection.first("SELECT * FROM role") { (row) throws(StoreError) in row.integer(0) }
        }
        #expect(try all() != nil)
        try Folder.run(path, "DROP TABLE role; CREATE TABLE role (other TEXT, id INTEGER)")
        #expect(try all() == nil)
    }

    @Test func `a statement that was not read to its end holds no lock`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=delete")
        let connection = try SQLiteConnection(path: path, isKept: true)
        #expect(try connection.exists("SELECT id FROM user"))
        try Folder.run(path, "BEGIN EXCLUSIVE; UPDATE user SET active = 0; COMMIT")
    }

    @Test func `a turn is taken for each transaction and given back, come what may`() throws {
        let folder = try Folder()
        let turns = CountedTurns()
        let store = try SQLiteStore(path: folder.sample(), turns: turns)
        try store.together { () throws(StoreError) in _ = try store.acceptCounter(1, account: 1, now: .epoch) }
        #expect(throws: StoreError.missingAccount(id: 7)) {
            try store.together { () throws(StoreError) in throw StoreError.missingAccount(id: 7) }
        }
        #expect(turns.taken == 2 && turns.givenBack == 2)
        turns.isOpen = false
        #expect(throws: StoreError.locked) { try store.acceptCounter(2, account: 1, now: .epoch) }
        #expect(turns.givenBack == 2)
        turns.isOpen = true
        #expect(try store.acceptCounter(2, account: 1, now: .epoch))
    }

    @Test(arguments: [("wal", 1), ("delete", 2)])
    func `only a write-ahead log is written without waiting for the disk, and only for the count of failures`(
        mode: String, relaxed: Int64
    ) throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=\(mode)")
        let connection = try SQLiteConnection(path: path)
        let setting = { () throws(StoreError) in
            try connection.first("PRAGMA synchronous") { (row) throws(StoreError) in row.integer(0) } ?? -1
        }
        #expect(try connection.transaction(.relaxed) { () throws(StoreError) in try setting() } == relaxed)
        #expect(try connection.transaction { () throws(StoreError) in try setting() } == 2)
        #expect(throws: StoreError.locked) {
            try connection.transaction(.relaxed) { () throws(StoreError) in throw StoreError.locked }
        }
        #expect(try setting() == 2)
        let store = try SQLiteStore(path: path)
        #expect(try store.reserveAttempt(attempt, policy: ThrottlePolicy(), now: .epoch) == .admitted)
        let after = try store.connection.first("PRAGMA synchronous") { (row) throws(StoreError) in row.integer(0) }
        #expect(after == 2)
    }

    @Test func `whoever may not wait gets an error at once, and writes nothing`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=delete")
        // Nobody would wait for this long.
        let store = try SQLiteStore(path: path, busyMilliseconds: 86_400_000)
        store.mayWait = false
        #expect(try store.account(id: 1) != nil)
        #expect(throws: StoreError.locked) { try store.acceptCounter(1, account: 1, now: .epoch) }
        let other = try SQLiteConnection(path: path)
        try other.execute("BEGIN EXCLUSIVE")
        #expect(throws: StoreError.locked) { try store.account(id: 1) }
        try other.execute("ROLLBACK")
        store.mayWait = true
        #expect(try store.acceptCounter(1, account: 1, now: .epoch))
    }
}
