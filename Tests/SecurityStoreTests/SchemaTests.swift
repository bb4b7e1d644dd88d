import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// Databases of other shapes than the present model's.
@Suite struct SchemaTests {
    @Test func `looking changes not a byte`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        do {
            let store = try SQLiteStore(path: path)
            _ = try store.accounts(where: .email, equals: "Ann@example.org", ignoringCase: true)
            _ = try store.roleNames(ofAccount: 1)
            _ = try store.freshness(account: 1, place: "p")
            _ = try store.accountRecords(after: 0, count: 100)
            _ = try store.missingIndexes()
            try store.unlock(account: 1)
            try store.settleAttempt(.password(1, from: "o"), failed: true, now: .epoch)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func `a kept store is used again until the tables or the file are others`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path)
        #expect(try store.isReusable())
        try Folder.run(path, "UPDATE user SET username = 'somebody' WHERE id = 1")
        #expect(try store.isReusable())
        #expect(try store.account(id: 1)?.username == "somebody")
        try Folder.run(path, "ALTER TABLE user ADD COLUMN nickname TEXT")
        #expect(try !store.isReusable())
        let other = try SQLiteStore(path: path)
        #expect(try other.isReusable())
        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        #expect(try !other.isReusable())
        try FileManager.default.copyItem(atPath: path + ".old", toPath: path)
        #expect(try !other.isReusable())
    }

    @Test func `a store with an open transaction is not used again`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: try folder.sample())
        try store.connection.execute("BEGIN")
        #expect(try !store.isReusable())
        try store.connection.execute("ROLLBACK")
        #expect(try store.isReusable())
    }

    @Test func `a kept store of a locked database says so after one wait`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path, busyMilliseconds: 50)
        let other = try SQLiteStore(path: path)
        try other.connection.execute("BEGIN EXCLUSIVE")
        #expect(throws: StoreError.locked) { try store.isReusable() }
        try other.connection.execute("ROLLBACK")
        #expect(try store.isReusable())
    }

    @Test func `an existing file keeps its journal mode`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        #expect(try SQLiteStore(path: path).acceptCounter(1, account: 1, now: .epoch))
        #expect(try Folder.value(path, "PRAGMA journal_mode") == "delete")
    }

    @Test func `keys in a table of plain SQLAlchemy's name are seen`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "ALTER TABLE web_authn RENAME TO webauthn")
        let store = try SQLiteStore(path: path)
        #expect(try store.account(id: 7)?.factors == .webAuthn)
        #expect(try store.account(id: 1)?.factors == .authenticator)
        #expect(try store.missingIndexes().last == "CREATE INDEX lsec_webauthn_user_id ON webauthn (user_id)")
        try store.resetAccess(account: 7, fsUniquifier: "u", now: .epoch)
        #expect(try store.account(id: 7)?.factors == [])
    }

    @Test func `only a key of usage secondary is a second factor`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "DELETE FROM web_authn WHERE usage = 'secondary'")
        #expect(try SQLiteStore(path: path).account(id: 7)?.factors == [])
    }

    @Test func `an index that serves a look-up counts whoever made it`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path)
        for statement in try store.missingIndexes() { try Folder.run(path, statement) }
        #expect(try SQLiteStore(path: path).missingIndexes() == [])
        try Folder.run(path, "DROP INDEX lsec_roles_users_user_id; CREATE INDEX mine ON roles_users (user_id, role_id)")
        try Folder.run(path, "DROP INDEX lsec_user_lower_email; CREATE INDEX other ON user (email)")
        #expect(
            try SQLiteStore(path: path).missingIndexes()
                == ["CREATE INDEX lsec_user_lower_email ON \"user\" (lower(email))"])
    }

    @Test func `a model with the least columns works`() throws {
        let folder = try Folder()
        let path = folder.path + "/least.db"
        try Folder.run(
            path,
            """
            CREATE TABLE "User" (id INTEGER PRIMARY KEY, email TEXT UNIQUE, password TEXT, active BOOLEAN,
            fs_uniquifier TEXT UNIQUE)
            """)
        let store = try SQLiteStore(path: path)
        let ann = try store.createAccount(.ann, now: .epoch)
        #expect(try store.accounts(where: .username, equals: "ann", ignoringCase: true).isEmpty)
        let found = try store.accounts(where: .email, equals: "ann@example.org", ignoringCase: false)
        let account = try #require(found.first)
        #expect(!account.isConfirmed && account.factors == [] && account.username == nil)
        try store.recordGrant(.whole(ann, from: "o", tracks: true, address: "192.0.2.1"))
        #expect(try !store.consumeRecoveryCode(Secret(utf8: "x"), account: ann, digest: "d", now: .epoch))
        let wallet = SharedSecret(utf8: "{}")
        for change: () throws -> Void in [
            { try store.setTOTPWallet(wallet, account: ann, now: .epoch) },
            { try store.setRecoveryCodes(wallet, account: ann, now: .epoch) },
            { _ = try store.confirm(account: ann, now: .epoch) },
            { _ = try store.roleNames(ofAccount: ann) },
        ] {
            do {
                try change()
                Issue.record("what has no column was written")
            } catch {
                guard case .schema? = error as? StoreError else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test func `a database in UTF-16 reads the same`() throws {
        let folder = try Folder()
        let path = folder.path + "/wide.db"
        let sql = try String(
            contentsOf: Folder.vectors.appendingPathComponent("ddl/fsqla_v3-sqlite.sql"), encoding: .utf8)
        try Folder.run(path, "PRAGMA encoding='UTF-16le';" + sql)
        let store = try SQLiteStore(path: path)
        var judy = NewAccount.named("judy")
        judy.username = "jüdith①"
        let id = try store.createAccount(judy, now: .epoch)
        let found = try store.accounts(where: .username, equals: "jüdith①", ignoringCase: false)
        #expect(found.map { $0.id } == [id])
        #expect(found.first?.password?.text() == "$2b$04$hash")
        #expect(
            try store.renewPasswordHash(
                account: id, old: SharedSecret(utf8: "$2b$04$hash"), new: Secret(utf8: "new"), now: .epoch))
    }

    @Test(
        arguments: [
            ("email = CAST(x'ff41' AS TEXT)", "column email is not UTF-8"),
            ("username = CAST(x'c0af' AS TEXT)", "column username is not UTF-8"),
            ("password = hex(zeroblob(40000))", "column password is longer than 65536 bytes"),
        ])
    func `values that no program of ours would write are damage`(change: String, detail: String) throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "UPDATE user SET \(change) WHERE id = 1")
        #expect(throws: StoreError.damaged(detail: detail)) { _ = try SQLiteStore(path: path).account(id: 1) }
    }

    @Test(
        arguments: [
            ("active = NULL", false, true), ("active = 'yes'", false, true), ("active = 2", true, true),
            ("confirmed_at = ''", true, false), ("confirmed_at = NULL", true, false),
        ])
    func `odd values never let more in`(change: String, isActive: Bool, isConfirmed: Bool) throws {
        let folder = try Folder()
        let path = folder.path + "/odd.db"
        try Folder.run(
            path,
            """
            CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT, password TEXT, active, fs_uniquifier TEXT,
            confirmed_at DATETIME);
            INSERT INTO user VALUES (1, 'a@example.org', 'h', 1, 'u', '2022-09-23 12:00:00.123456');
            UPDATE user SET \(change)
            """)
        let account = try #require(try SQLiteStore(path: path).account(id: 1))
        #expect(account.isActive == isActive)
        #expect(account.isConfirmed == isConfirmed)
    }

    @Test func `an id that is no number is told`() throws {
        let folder = try Folder()
        let path = folder.path + "/text-id.db"
        try Folder.run(
            path,
            """
            CREATE TABLE user (id TEXT PRIMARY KEY, email TEXT, password TEXT, active, fs_uniquifier TEXT);
            INSERT INTO user VALUES ('8a', 'a@example.org', 'h', 1, 'u')
            """)
        #expect(throws: StoreError.schema(detail: "column id is not an integer")) {
            _ = try SQLiteStore(path: path).accounts(where: .email, equals: "a@example.org", ignoringCase: false)
        }
    }

    /// Every answer to a damaged file is an error of ours or an answer; none ends the process.
    @Test(arguments: 0..<40)
    func `damage anywhere never crashes`(seed: Int) throws {
        let folder = try Folder()
        let path = try folder.sample()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // The header is spared in most rounds, or nothing but it would be tried.
        for _ in 0..<(1 + seed * 4) { bytes[(seed % 8 == 0 ? 0 : 100) + next(bytes.count - 100)] = UInt8(next(256)) }
        try bytes.write(to: URL(fileURLWithPath: path))
        guard let store = try? SQLiteStore(path: path) else { return }
        for id in Int64(1)...12 {
            _ = try? store.account(id: id)
            _ = try? store.accountRecord(id: id)
            _ = try? store.setPassword(account: id, hash: Secret(utf8: "h"), fsUniquifier: "u\(id)", now: .epoch)
            _ = try? store.reserveAttempt(.code(id, from: "o"), policy: ThrottlePolicy(), now: .epoch)
            _ = try? store.recordGrant(.whole(id, "u\(id)", from: "o", tracks: true))
        }
        _ = try? store.accounts(where: .email, equals: "ANN@example.org", ignoringCase: true)
        _ = try? store.createAccount(.ann, now: .epoch)
        _ = try? store.roles()
    }
}
