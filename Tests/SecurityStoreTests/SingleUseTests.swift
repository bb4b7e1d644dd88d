import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// Runs a body on threads of its own, each with a connection of its own; how many answered true.
func race(_ count: Int, path: String, _ body: @escaping @Sendable (SQLiteStore) throws -> Bool) -> Int {
    let winners = Counter()
    let group = DispatchGroup()
    for _ in 0..<count {
        group.enter()
        Thread.detachNewThread {
            defer { group.leave() }
            guard let store = try? SQLiteStore(path: path, busyMilliseconds: 60_000) else { return }
            if (try? body(store)) == true { winners.add() }
        }
    }
    group.wait()
    return winners.value
}

final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func add() { lock.withLock { count += 1 } }
    var value: Int { lock.withLock { count } }
}

@Suite struct SingleUseTests {
    @Test func `a counter only goes forward`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        #expect(try store.acceptCounter(10, account: ann, now: .epoch))
        #expect(try !store.acceptCounter(10, account: ann, now: .epoch))
        #expect(try !store.acceptCounter(9, account: ann, now: .epoch))
        #expect(try store.acceptCounter(11, account: ann, now: .epoch))
        #expect(try store.acceptCounter(10, account: ann + 1, now: .epoch))
    }

    @Test func `of fifty who present a counter one wins`() throws {
        let folder = try Folder()
        let (path, _, ann) = try folder.fresh()
        #expect(race(50, path: path) { try $0.acceptCounter(77, account: ann, now: .epoch) } == 1)
    }

    @Test func `of fifty who present a link one wins`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        #expect(race(50, path: path) { try $0.spendToken(digest: "d", expires: .epoch.plus(9), now: .epoch) } == 1)
        #expect(try !store.spendToken(digest: "d", expires: .epoch.plus(9), now: .epoch.plus(9)))
        #expect(try store.spendToken(digest: "e", expires: .epoch.plus(9), now: .epoch))
    }

    @Test func `a recovery code is good once, even when it is written back`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let store = try SQLiteStore(path: path)
        let before = try Folder.value(path, "SELECT mf_recovery_codes FROM user WHERE id = 1")
        let code = Secret(utf8: "aaaa-bbbb-cccc")
        #expect(try store.consumeRecoveryCode(code, account: 1, digest: "d", now: .epoch))
        #expect(
            try store.account(id: 1)?.recoveryCodes?.text()
                == "0123-4567-89ab,1111-2222-3333,dead-beef-0001,cafe-f00d-9999")
        #expect(try !store.consumeRecoveryCode(code, account: 1, digest: "d", now: .epoch))
        try Folder.run(path, "UPDATE user SET mf_recovery_codes = '\(before ?? "")' WHERE id = 1")
        #expect(try !store.consumeRecoveryCode(code, account: 1, digest: "d", now: .epoch))
        #expect(try !store.consumeRecoveryCode(Secret(utf8: "0000-0000-0000"), account: 1, digest: "e", now: .epoch))
        #expect(try !store.consumeRecoveryCode(code, account: 2, digest: "f", now: .epoch))
    }

    @Test func `of fifty who present a recovery code one wins`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let winners = race(50, path: path) { store in
            try store.consumeRecoveryCode(Secret(utf8: "dead-beef-0001"), account: 1, digest: "d", now: .epoch)
        }
        #expect(winners == 1)
        #expect(try Folder.value(path, "SELECT mf_recovery_codes FROM user WHERE id = 1")?.contains("dead") == false)
    }

    @Test func `a used code stays used when new ones are made`() throws {
        let folder = try Folder()
        let store = try SQLiteStore(path: folder.sample())
        let code = Secret(utf8: "aaaa-bbbb-cccc")
        #expect(try store.consumeRecoveryCode(code, account: 1, digest: "d", now: .epoch))
        try store.setRecoveryCodes(SharedSecret(utf8: "aaaa-bbbb-cccc,2222-3333-4444"), account: 1, now: .epoch)
        #expect(try !store.consumeRecoveryCode(code, account: 1, digest: "d", now: .epoch))
        #expect(try store.consumeRecoveryCode(Secret(utf8: "2222-3333-4444"), account: 1, digest: "e", now: .epoch))
    }

    @Test func `a hash is renewed only while it is the one that was checked`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let old = SharedSecret(utf8: "$2b$04$hash")
        #expect(try store.renewPasswordHash(account: ann, old: old, new: Secret(utf8: "new"), now: .epoch))
        #expect(try !store.renewPasswordHash(account: ann, old: old, new: Secret(utf8: "newer"), now: .epoch))
        #expect(try store.account(id: ann)?.password?.text() == "new")
    }

    @Test func `a new password ends what was bound to the old one`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let seal = FreshnessSeal(account: ann, place: "p", completedAt: .epoch, digest: "d")
        try store.recordGrant(.whole(ann, from: "o", freshness: seal))
        #expect(try store.freshness(account: ann, place: "p") == seal)
        try store.setPassword(account: ann, hash: Secret(utf8: "h"), fsUniquifier: "fresh", now: .epoch)
        #expect(try store.freshness(account: ann, place: "p") == nil)
        #expect(try store.account(id: ann)?.fsUniquifier == "fresh")
        #expect(throws: StoreError.missingAccount(id: 99)) {
            try store.setPassword(account: 99, hash: Secret(utf8: "h"), fsUniquifier: "f", now: .epoch)
        }
    }

    @Test func `a sign-in is recorded as the Python library records it`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        func columns() throws -> String? {
            try Folder.value(
                path,
                """
                SELECT last_login_at || '|' || current_login_at || '|' || coalesce(last_login_ip, '-') || '|'
                || coalesce(current_login_ip, '-') || '|' || login_count FROM user
                """)
        }
        func grant(_ address: String?, _ seconds: Int64) throws {
            let now = Instant(microseconds: Instant.epoch.plus(seconds).microseconds + 42)
            try store.recordGrant(.whole(ann, from: "o", tracks: true, address: address, at: now))
        }
        try grant("192.0.2.1", 0)
        #expect(
            try columns()
                == "2023-11-14 22:13:20.000042|2023-11-14 22:13:20.000042|-|192.0.2.1|1")
        try grant(nil, 60)
        #expect(try columns() == "2023-11-14 22:13:20.000042|2023-11-14 22:14:20.000042|192.0.2.1|-|2")
    }

    @Test(
        arguments: [
            (Int64(0), "1970-01-01 00:00:00.000000"), (951_782_399, "2000-02-28 23:59:59.000000"),
            (951_782_400, "2000-02-29 00:00:00.000000"), (-1, "1969-12-31 23:59:59.000000"),
            (4_102_444_800, "2100-01-01 00:00:00.000000"),
        ])
    func `datetimes are SQLAlchemy's`(seconds: Int64, text: String) {
        #expect(Instant(seconds: seconds).sqlAlchemyText == text)
    }

    @Test(arguments: [Int64.min, Int64.max])
    func `no moment traps`(edge: Int64) {
        #expect(!Instant(microseconds: edge).sqlAlchemyText.isEmpty)
        _ = Instant(microseconds: edge).minus(seconds: edge)
    }
}
