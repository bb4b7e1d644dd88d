import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct AccountsTests {
    private struct Sample: Decodable {
        struct User: Decodable {
            let id: Int64
            let email: String
            let username: String?
            let active: Bool
            let confirmed: Bool
            let roles: [String]
        }
        let users: [User]
    }

    @Test func `the sample database reads as the Python library wrote it`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        let sample = try JSONDecoder().decode(
            Sample.self, from: Data(contentsOf: Folder.vectors.appendingPathComponent("sample-db.json")))
        #expect(sample.users.count == 12)
        for user in sample.users {
            let account = try #require(try store.account(id: user.id))
            #expect(account.email == user.email)
            #expect(account.username == user.username)
            #expect(account.isActive == user.active)
            #expect(account.isConfirmed == user.confirmed)
            #expect(try Set(store.roleNames(ofAccount: user.id)) == Set(user.roles))
        }
    }

    @Test func `factors are told from the columns`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        let expected: [(Int64, FactorSet)] = [(1, .authenticator), (2, .sms), (3, []), (7, .webAuthn), (10, .email)]
        for (id, factors) in expected { #expect(try store.account(id: id)?.factors == factors) }
        let ann = try #require(try store.account(id: 1))
        #expect(ann.recoveryCodes?.text().hasPrefix("0123-4567-89ab,") == true)
        #expect(try store.account(id: 6)?.password == nil)
    }

    @Test(
        arguments: [
            ("ann@example.org", false, 1), ("Ann@Example.org", false, 0), ("Ann@Example.org", true, 1),
            ("nobody@example.org", true, 0), ("", true, 0), ("ann@example.org' OR 1=1 --", true, 0),
            (String(repeating: "a", count: 5000), true, 0), ("ann@example.org\0", false, 0),
        ])
    func `an address finds its account`(text: String, ignoringCase: Bool, count: Int) throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        #expect(try store.accounts(where: .email, equals: text, ignoringCase: ignoringCase).count == count)
    }

    @Test func `a column of the application's own finds its account`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "ALTER TABLE user ADD COLUMN nickname VARCHAR(40); UPDATE user SET nickname = 'n' || id")
        let store = try SQLiteStore(path: path)
        let nickname = IdentityAttribute.Column(rawValue: "nickname")
        #expect(try store.accounts(where: nickname, equals: "n2", ignoringCase: false).map { $0.id } == [2])
        #expect(try store.accounts(where: nickname, equals: "N2", ignoringCase: false).isEmpty)
        #expect(try store.accounts(where: nickname, equals: "N2", ignoringCase: true).map { $0.id } == [2])
    }

    @Test(arguments: ["nickname", "fs_uniquifier\" OR \"\" = \"", "password\" --", ""])
    func `a column that is not there is an error, never SQL`(name: String) throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        #expect(
            throws: StoreError.schema(detail: "column \(name) of table user, by which the policy looks accounts up")
        ) {
            _ = try store.accounts(
                where: IdentityAttribute.Column(rawValue: name), equals: "nickname", ignoringCase: true)
        }
    }

    @Test func `the exact spelling wins, and every other spelling is seen`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(
            path,
            "INSERT INTO user (email, active, fs_uniquifier) VALUES ('ANN@example.org', 1, 'x'), ('aNN@example.org', 1, 'y')"
        )
        let store = try SQLiteStore(path: path)
        let exact = try store.accounts(where: .email, equals: "ann@example.org", ignoringCase: true)
        #expect(exact.map { $0.id } == [1])
        #expect(try store.accounts(where: .email, equals: "Ann@Example.org", ignoringCase: true).count == 3)
    }

    @Test(arguments: ["fsqla", "fsqla_v2", "fsqla_v3", "fsqla_v4"])
    func `every version of the model works`(model: String) throws {
        let folder = try Folder()
        let path = try folder.database(ddl: model)
        let store = try SQLiteStore(path: path)
        let id = try store.createAccount(.ann, now: .epoch)
        let account = try #require(try store.account(id: id))
        #expect(account.factors == [])
        #expect(try store.setActive(false, account: id, now: .epoch))
        #expect(try store.accountRecord(id: id)?.isActive == false)
        #expect(try store.setActive(true, account: id, now: .epoch))
        try store.recordGrant(.whole(id, from: "ip:192.0.2.1", tracks: true, address: "192.0.2.1"))
        #expect(try store.accountRecord(id: id)?.loginCount == 1)
        try store.deleteAccount(id: id)
    }

    @Test func `a created database is the library's to the byte`() throws {
        let folder = try Folder()
        let path = folder.path + "/new.db"
        try SQLiteStore.create(path: path)
        let sample = try folder.sample()
        for name in ["role", "user", "roles_users", "web_authn", "ix_web_authn_credential_id"] {
            let sql = "SELECT sql FROM sqlite_master WHERE name = '\(name)'"
            #expect(try Folder.value(path, sql) == Folder.value(sample, sql))
        }
        #expect(try Folder.value(path, "PRAGMA journal_mode") == "wal")
        #expect(try SQLiteStore(path: path).missingIndexes() == [])
        #expect(try SQLiteStore(path: sample).missingIndexes().count == 4)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o660)
        #expect(throws: StoreError.exists(path: path)) { try SQLiteStore.create(path: path) }
    }
}

@Suite struct DirectoryTests {
    @Test func `a taken name is told`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        var other = NewAccount.named("bob")
        other.email = "ann@example.org"
        #expect(throws: StoreError.conflict(column: "email")) { _ = try store.createAccount(other, now: .epoch) }
        other = .named("bob")
        other.username = "ann"
        #expect(throws: StoreError.conflict(column: "username")) { _ = try store.createAccount(other, now: .epoch) }
    }

    @Test func `what an application added is left alone, and what it demands is named`() throws {
        let folder = try Folder()
        let (path, store, id) = try folder.fresh()
        try Folder.run(path, "ALTER TABLE user ADD COLUMN city VARCHAR(20)")
        try Folder.run(path, "UPDATE user SET city = 'Ulm'")
        #expect(try store.setActive(false, account: id, now: .epoch))
        #expect(try Folder.value(path, "SELECT city FROM user") == "Ulm")
        try Folder.run(path, "CREATE TABLE r2 AS SELECT 1; CREATE TABLE need (a)")
        let strict = folder.path + "/strict.db"
        try Folder.run(
            strict,
            "CREATE TABLE user (id INTEGER PRIMARY KEY, email TEXT, password TEXT, active, fs_uniquifier, city TEXT NOT NULL)"
        )
        let demanding = try SQLiteStore(path: strict)
        #expect(throws: StoreError.conflict(column: "city")) {
            _ = try demanding.createAccount(.ann, now: .epoch)
        }
    }

    @Test(arguments: ["ANN@example.org", "Ann@Example.ORG"])
    func `an address is taken in every spelling`(email: String) throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        var other = NewAccount.named("bob")
        other.email = email
        #expect(throws: StoreError.conflict(column: "email")) { _ = try store.createAccount(other, now: .epoch) }
        other = .named("bob")
        other.username = "ANN"
        #expect(throws: StoreError.conflict(column: "username")) { _ = try store.createAccount(other, now: .epoch) }
    }

    @Test func `an id that is given out again inherits nothing`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        #expect(try store.acceptCounter(99, account: ann, now: .epoch))
        _ = try store.reserveAttempt(.code(ann, from: "ip:a"), policy: ThrottlePolicy(), now: .epoch)
        try store.recordGrant(.whole(ann, from: "ip:b"))
        // As the Python application deletes.
        try Folder.run(path, "DELETE FROM user")
        #expect(try store.createAccount(.named("bob"), now: .epoch) == ann)
        #expect(try store.acceptCounter(5, account: ann, now: .epoch))
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle") == "0")
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_origin") == "0")
    }

    @Test func `changes tell whether they changed anything`() throws {
        let folder = try Folder()
        let (path, store, id) = try folder.fresh()
        #expect(try !store.setActive(true, account: id, now: .epoch))
        #expect(try store.setActive(false, account: id, now: .epoch.plus(5)))
        #expect(try Folder.value(path, "SELECT update_datetime FROM user") == "2023-11-14 22:13:25.000000")
        #expect(try !store.confirm(account: id, now: .epoch))
        #expect(throws: StoreError.missingAccount(id: 99)) { _ = try store.setActive(true, account: 99, now: .epoch) }
        #expect(throws: StoreError.missingAccount(id: 99)) { _ = try store.confirm(account: 99, now: .epoch) }
        #expect(throws: StoreError.missingAccount(id: 99)) { try store.deleteAccount(id: 99) }
    }

    @Test func `roles and permissions`() throws {
        let folder = try Folder()
        let (path, store, id) = try folder.fresh()
        try store.createRole(RoleRecord(name: "admin", description: "all", permissions: ["w", "r", "w"]), now: .epoch)
        #expect(try store.roles() == [RoleRecord(name: "admin", description: "all", permissions: ["r", "w"])])
        #expect(throws: StoreError.conflict(column: "name")) {
            try store.createRole(RoleRecord(name: "admin", description: nil, permissions: []), now: .epoch)
        }
        #expect(try store.addRole("admin", account: id) == .changed)
        #expect(try store.addRole("admin", account: id) == .unchanged)
        #expect(try Folder.value(path, "SELECT count(*) FROM roles_users") == "1")
        #expect(try store.addRole("nobody", account: id) == .unknownRole)
        #expect(try store.roleNames(ofAccount: id) == ["admin"])
        #expect(try store.changePermissions(ofRole: "admin", adding: ["x"], removing: ["w"], now: .epoch) == .changed)
        #expect(try store.roles().first?.permissions == ["r", "x"])
        #expect(try store.changePermissions(ofRole: "admin", adding: ["x"], removing: [], now: .epoch) == .unchanged)
        #expect(try store.changePermissions(ofRole: "none", adding: ["x"], removing: [], now: .epoch) == .unknownRole)
        #expect(try store.removeRole("admin", account: id) == .changed)
        #expect(try store.removeRole("admin", account: id) == .unchanged)
    }

    @Test func `lists are stored as Python reads them`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try store.createRole(RoleRecord(name: "a", description: nil, permissions: []), now: .epoch)
        #expect(try Folder.value(path, "SELECT coalesce(permissions, 'NULL') FROM role") == "NULL")
        #expect(try store.changePermissions(ofRole: "a", adding: ["y", "x"], removing: [], now: .epoch) == .changed)
        #expect(try Folder.value(path, "SELECT permissions FROM role") == "x,y")
        #expect(try store.changePermissions(ofRole: "a", adding: [], removing: ["x", "y"], now: .epoch) == .changed)
        #expect(try Folder.value(path, "SELECT permissions FROM role") == "")
        #expect(throws: StoreError.conflict(column: "permissions")) {
            _ = try store.changePermissions(ofRole: "a", adding: ["x,y"], removing: [], now: .epoch)
        }
    }

    @Test func `a pair that stands twice is one role and goes at once`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        try store.createRole(RoleRecord(name: "a", description: nil, permissions: []), now: .epoch)
        try Folder.run(path, "INSERT INTO roles_users VALUES (\(ann), 1), (\(ann), 1)")
        #expect(try store.roleNames(ofAccount: ann) == ["a"])
        #expect(try store.removeRole("a", account: ann) == .changed)
        #expect(try Folder.value(path, "SELECT count(*) FROM roles_users") == "0")
    }

    @Test func `a role is not given to an account that is not there`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        try store.createRole(RoleRecord(name: "a", description: nil, permissions: []), now: .epoch)
        #expect(throws: StoreError.missingAccount(id: 99)) { _ = try store.addRole("a", account: 99) }
    }

    @Test func `resetting access keeps the password and nothing else`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path)
        try store.resetAccess(account: 1, fsUniquifier: "new", now: .epoch)
        let ann = try #require(try store.account(id: 1))
        #expect(ann.fsUniquifier == "new")
        #expect(ann.password != nil)
        #expect(ann.factors == [])
        #expect(ann.recoveryCodes == nil)
        try store.resetAccess(account: 7, fsUniquifier: "newer", now: .epoch)
        #expect(try Folder.value(path, "SELECT count(*) FROM web_authn") == "0")
    }

    @Test func `resetting access renews a token uniquifier where there is one`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "ALTER TABLE user ADD COLUMN fs_token_uniquifier VARCHAR(64)")
        try SQLiteStore(path: path).resetAccess(account: 1, fsUniquifier: "new", now: .epoch)
        #expect(try Folder.value(path, "SELECT fs_token_uniquifier FROM user WHERE id = 1") == "new")
    }

    @Test func `deleting takes refresh tokens of 5.9 along`() throws {
        let folder = try Folder()
        let path = try folder.database(ddl: "fsqla_v4")
        let store = try SQLiteStore(path: path)
        let ann = try store.createAccount(.ann, now: .epoch)
        try Folder.run(
            path,
            """
            INSERT INTO fs_refresh_tracker (refresh_family, expires_at, last_used_at, name, user_id)
            VALUES ('f', '', '', 'n', \(ann))
            """)
        try store.deleteAccount(id: ann)
        #expect(try Folder.value(path, "SELECT count(*) FROM fs_refresh_tracker") == "0")
    }

    @Test func `deleting leaves nothing behind`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path)
        #expect(try store.acceptCounter(7, account: 7, now: .epoch))
        _ = try store.reserveAttempt(.password(7, from: "ip:a"), policy: ThrottlePolicy(), now: .epoch)
        try store.deleteAccount(id: 7)
        for sql in [
            "SELECT count(*) FROM web_authn", "SELECT count(*) FROM lsec_totp_counter",
            "SELECT count(*) FROM lsec_throttle", "SELECT count(*) FROM user WHERE id = 7",
        ] { #expect(try Folder.value(path, sql) == "0") }
    }

    @Test func `records are paged`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        let first = try store.accountRecords(after: 0, count: 5)
        #expect(first.map { $0.id } == [1, 2, 3, 4, 5])
        #expect(first[0].recoveryCodeCount == 5)
        #expect(first[0].twoFactorMethod == "authenticator")
        #expect(try store.accountRecords(after: 5, count: 100).count == 7)
        #expect(try store.accountRecords(after: 0, count: -1).isEmpty)
        #expect(try store.accountRecord(id: 2)?.twoFactorPhone == "650-555-1235")
        #expect(try store.accountRecord(id: 1)?.unifiedPhone == "+16505551234")
        #expect(try store.accountRecord(id: 7)?.securityKeyCount == 2)
    }
}
