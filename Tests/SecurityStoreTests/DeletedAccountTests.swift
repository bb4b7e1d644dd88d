import SecurityCore
import Testing

@testable import SecurityStore

/// What our tables keep of an account that another program deletes: nothing, as SQLite gives its number again.
@Suite struct DeletedAccountTests {
    /// The tables that hold rows of accounts.
    private static let tables = OwnTable.allCases.filter { $0.isAbout(account: "?") != nil }

    /// A row of ours in every table.
    private func fill(_ store: SQLiteStore, _ id: Int64) throws {
        _ = try store.reserveAttempt(.password(id, from: "ip:a"), policy: ThrottlePolicy(), now: .epoch)
        #expect(try store.acceptCounter(7, account: id, now: .epoch))
        #expect(try store.acceptCounter(7, of: .email, account: id, now: .epoch))
        try store.setRecoveryCodes(SharedSecret(utf8: "aaaa-bbbb-cccc"), account: id, now: .epoch)
        let code = Secret(utf8: "aaaa-bbbb-cccc")
        #expect(try store.consumeRecoveryCode(code, account: id, digest: "d\(id)", now: .epoch))
        try store.rememberBrowser(digest: "b\(id)", account: id, expires: Instant.epoch.plus(9), now: .epoch)
        let account = try #require(try store.account(id: id))
        try store.recordGrant(
            .whole(
                id, account.fsUniquifier, from: "ip:b", proven: [.code],
                freshness: FreshnessSeal(account: id, place: "p", completedAt: .epoch, digest: "d")))
    }

    private func count(_ path: String, _ table: OwnTable, _ id: Int64) throws -> String? {
        let condition = try #require(table.isAbout(account: "\(id)"))
        return try Folder.value(path, "SELECT count(*) FROM \(table.rawValue) WHERE \(condition)")
    }

    @Test func `no row is left of an account that another program deletes, and all of others`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let bob = try store.createAccount(.named("bob"), now: .epoch)
        try fill(store, ann)
        try fill(store, bob)
        try Folder.run(path, "DELETE FROM user WHERE id = \(bob)")
        for table in Self.tables {
            #expect(try count(path, table, bob) == "0", "\(table.rawValue)")
            #expect(try count(path, table, ann) != "0", "\(table.rawValue)")
        }
    }

    @Test func `a table that an older version made is cleaned as well, from its next write on`() throws {
        let folder = try Folder()
        let (path, _, ann) = try folder.fresh()
        try Folder.run(path, OwnTable.counter.definition)
        let store = try SQLiteStore(path: path)
        // What was read before is known to be there, but not to be cleaned.
        #expect(try store.isPresent(.counter))
        #expect(try store.acceptCounter(7, account: ann, now: .epoch))
        try Folder.run(path, "DELETE FROM user WHERE id = \(ann)")
        #expect(try count(path, .counter, ann) == "0")
    }

    @Test func `a table that is made anew keeps our rows, and is watched again after the next write`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        try fill(store, ann)
        // alembic's batch mode.
        try Folder.run(
            path,
            """
            PRAGMA foreign_keys = ON;
            BEGIN;
            CREATE TABLE _alembic_tmp_user AS SELECT * FROM user;
            DROP TABLE user;
            ALTER TABLE _alembic_tmp_user RENAME TO user;
            COMMIT
            """)
        for table in Self.tables { #expect(try count(path, table, ann) != "0", "\(table.rawValue)") }
        #expect(try SQLiteStore(path: path).acceptCounter(8, account: ann, now: .epoch))
        try Folder.run(path, "DELETE FROM user WHERE id = \(ann)")
        #expect(try count(path, .counter, ann) == "0")
    }

    @Test func `a deletion that is taken back leaves the rows`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        try fill(store, ann)
        try Folder.run(path, "BEGIN; DELETE FROM user WHERE id = \(ann); ROLLBACK")
        for table in Self.tables { #expect(try count(path, table, ann) != "0", "\(table.rawValue)") }
    }
}
