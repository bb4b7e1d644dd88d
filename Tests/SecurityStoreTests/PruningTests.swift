import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct PruningTests {
    private let policy = ThrottlePolicy()
    private let month: Int64 = 31 * 86400

    private func attempt(_ name: Int) -> Attempt {
        Attempt(subject: "name:\(100 + name)", factor: .password, origin: "ip:\(name)")
    }

    /// One failure of each of some names.
    private func fail(_ names: Range<Int>, _ store: SQLiteStore, at now: Instant) throws {
        for name in names {
            #expect(try store.reserveAttempt(attempt(name), policy: policy, now: now) == .admitted)
            try store.settleAttempt(attempt(name), failed: true, now: now)
        }
    }

    @Test func `counts that rested for a month go, a few with each write`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try fail(0..<30, store, at: .epoch)
        let later = Instant.epoch.plus(month)
        #expect(try store.reserveAttempt(attempt(0), policy: policy, now: later) == .admitted)
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle") == "22")
        for name in 9..<30 { _ = try store.reserveAttempt(attempt(name), policy: policy, now: later) }
        // Each was looked at by a neighbour before its own turn; nobody's present attempt was lost.
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle WHERE failures > 0 AND pending = 0") == "0")
        #expect(try Folder.value(path, "SELECT sum(pending) FROM lsec_throttle") == "22")
    }

    @Test func `counts of the last month stay`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try fail(0..<10, store, at: .epoch)
        _ = try store.reserveAttempt(attempt(0), policy: policy, now: .epoch.plus(29 * 86400))
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle") == "10")
    }

    @Test func `who is refused until a reset stays refused`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        // A hundred failures from a hundred places: each row is small, their sum is the limit.
        var hasty = policy
        hasty.freeFailures = 1000
        for place in 0..<100 {
            let guess = Attempt.password(ann, from: "ip:\(100 + place)")
            #expect(try store.reserveAttempt(guess, policy: hasty, now: .epoch) == .admitted)
            try store.settleAttempt(guess, failed: true, now: .epoch)
        }
        let later = Instant.epoch.plus(12 * month)
        // "name:..." stands before "user:...": the account's rows are its neighbours.
        for name in 0..<20 { _ = try store.reserveAttempt(attempt(name), policy: policy, now: later) }
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle WHERE subject LIKE 'user:%'") == "100")
        let guess = Attempt.password(ann, from: "ip:new")
        #expect(try store.reserveAttempt(guess, policy: policy, now: later) == .exhausted)
    }

    @Test func `places that are trusted no more go with the account's next attempt`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        try store.recordGrant(.whole(ann, from: "ip:old"))
        try store.recordGrant(.whole(ann, from: "ip:new", at: .epoch.plus(60 * 86400)))
        _ = try store.reserveAttempt(.password(ann, from: "ip:x"), policy: policy, now: .epoch.plus(100 * 86400))
        #expect(try Folder.value(path, "SELECT group_concat(origin) FROM lsec_origin") == "ip:new")
    }

    @Test func `freshness that nobody can use any more goes`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        func grant(_ place: String, _ now: Instant) throws {
            let seal = FreshnessSeal(account: ann, place: place, completedAt: now, digest: "d")
            try store.recordGrant(.whole(ann, from: "ip:a", freshness: seal, at: now))
        }
        for place in ["b", "c", "d"] { try grant(place, .epoch) }
        try grant("e", .epoch.plus(month))
        try grant("a", .epoch.plus(month))
        #expect(try Folder.value(path, "SELECT group_concat(place) FROM lsec_freshness") == "a,e")
    }

    @Test func `links that have expired are forgotten, a few with each write`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        for name in ["b", "c", "d"] {
            #expect(try store.spendToken(digest: name, expires: .epoch.plus(60), now: .epoch))
        }
        #expect(try store.spendToken(digest: "e", expires: .epoch.plus(120), now: .epoch))
        #expect(try store.spendToken(digest: "a", expires: .epoch.plus(120), now: .epoch.plus(61)))
        #expect(try Folder.value(path, "SELECT group_concat(digest) FROM lsec_spent_token") == "a,e")
    }
}
