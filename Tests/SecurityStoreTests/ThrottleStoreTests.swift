import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct ThrottleStoreTests {
    private let policy = ThrottlePolicy()

    /// Fails an attempt as often as it is admitted, at most `count` times; how often it was admitted.
    private func fail(
        _ attempt: Attempt, _ count: Int, _ store: SQLiteStore, from start: Instant = .epoch, every seconds: Int64 = 0
    ) throws -> Int {
        var admitted = 0
        for index in 0..<count {
            let now = start.plus(Int64(index) * seconds)
            guard try store.reserveAttempt(attempt, policy: policy, now: now) == .admitted else { continue }
            admitted += 1
            try store.settleAttempt(attempt, failed: true, now: now)
        }
        return admitted
    }

    private func grant(_ id: Int64, from origin: String, _ store: SQLiteStore, at now: Instant = .epoch) throws {
        try store.recordGrant(.whole(id, from: origin, at: now))
    }

    @Test func `four failures are free, the fifth attempt waits`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let attempt = Attempt.password(ann, from: "ip:192.0.2.1")
        #expect(try fail(attempt, 10, store) == 4)
        #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .delayed(until: .epoch.plus(1)))
        #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch.plus(1)) == .admitted)
    }

    @Test func `a delayed attempt neither counts nor extends the delay`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let attempt = Attempt.password(ann, from: "ip:192.0.2.1")
        #expect(try fail(attempt, 1000, store) == 4)
        #expect(try Folder.value(path, "SELECT failures || '|' || pending FROM lsec_throttle") == "4|0")
        #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch.plus(1)) == .admitted)
    }

    @Test func `another address buys no further guesses`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        var admitted = 0
        for host in 0..<50 { admitted += try fail(.password(ann, from: "ip:192.0.2.\(host)"), 3, store) }
        #expect(admitted == 4)
    }

    @Test func `strangers do not delay the owner at a known place`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:198.51.100.7", store)
        #expect(try fail(.password(ann, from: "ip:192.0.2.1"), 200, store, every: 3600) == 100)
        let later = Instant.epoch.plus(200 * 3600)
        let owner = Attempt.password(ann, from: "ip:198.51.100.7")
        #expect(try store.reserveAttempt(owner, policy: policy, now: later) == .admitted)
        let stranger = Attempt.password(ann, from: "ip:203.0.113.9")
        #expect(try store.reserveAttempt(stranger, policy: policy, now: later) == .exhausted)
    }

    @Test func `a place is forgotten in time`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:198.51.100.7", store)
        #expect(try fail(.password(ann, from: "ip:192.0.2.1"), 4, store, from: .epoch.plus(91 * 86400)) == 4)
        let owner = Attempt.password(ann, from: "ip:198.51.100.7")
        #expect(try store.reserveAttempt(owner, policy: policy, now: .epoch.plus(91 * 86400)) != .admitted)
    }

    @Test func `a success clears that account's count from that place alone`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let bob = try store.createAccount(.named("bob"), now: .epoch)
        #expect(try fail(.password(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.code(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.password(ann, from: "ip:b"), 1, store) == 1)
        #expect(try fail(.password(bob, from: "ip:a"), 1, store) == 1)
        try grant(ann, from: "ip:a", store)
        #expect(
            try Folder.value(
                path,
                "SELECT group_concat(subject || origin || failures, ' ') FROM (SELECT * FROM lsec_throttle ORDER BY 1, 3)"
            )
                == "user:\(ann)ip:b1 user:\(bob)ip:a1")
    }

    @Test func `origins are told apart byte for byte`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        // One character, and the same made of two: equal to Swift, two names to the DNS.
        try grant(ann, from: "host:caf\u{e9}.example", store)
        #expect(try fail(.password(ann, from: "host:other"), 4, store) == 4)
        let same = Attempt.password(ann, from: "host:caf\u{e9}.example")
        let twin = Attempt.password(ann, from: "host:cafe\u{301}.example")
        #expect(try store.reserveAttempt(same, policy: policy, now: .epoch) == .admitted)
        #expect(try store.reserveAttempt(twin, policy: policy, now: .epoch) == .delayed(until: .epoch.plus(1)))
    }

    @Test func `a grant clears only what it proved`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        #expect(try fail(.password(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.code(ann, from: "ip:a"), 3, store) == 3)
        try store.recordGrant(.whole(ann, from: "ip:a", proven: [.password]))
        #expect(try Folder.value(path, "SELECT group_concat(factor || failures) FROM lsec_throttle") == "code3")
    }

    @Test func `a throttle that is off writes nothing`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        var off = policy
        off.isEnabled = false
        for _ in 0..<200 {
            let attempt = Attempt.password(ann, from: "ip:a")
            #expect(try store.reserveAttempt(attempt, policy: off, now: .epoch) == .admitted)
            try store.settleAttempt(attempt, failed: true, now: .epoch)
        }
        #expect(try Folder.value(path, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'lsec_throttle%'") == "0")
    }

    @Test func `a new password does not clear wrong codes`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        #expect(try fail(.password(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.code(ann, from: "ip:a"), 3, store) == 3)
        try store.setPassword(account: ann, hash: Secret(utf8: "h"), fsUniquifier: "u", now: .epoch)
        #expect(try Folder.value(path, "SELECT group_concat(factor || failures) FROM lsec_throttle") == "code3")
    }

    @Test func `a host that tries many names is delayed`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        var admitted = 0
        for name in 0..<100 {
            admitted += try fail(Attempt(subject: "name:\(name)", factor: .password, origin: "ip:a"), 1, store)
        }
        #expect(admitted == 20)
        #expect(try store.reserveAttempt(.password(ann, from: "ip:a"), policy: policy, now: .epoch) != .admitted)
        #expect(try store.reserveAttempt(.password(ann, from: "ip:b"), policy: policy, now: .epoch) == .admitted)
    }

    @Test func `codes and passwords are counted apart`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        #expect(try fail(.password(ann, from: "ip:a"), 10, store) == 4)
        #expect(try store.reserveAttempt(.code(ann, from: "ip:a"), policy: policy, now: .epoch) == .admitted)
    }

    @Test func `a hundred wrong codes from anywhere need a new enrolment`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:a", store)
        #expect(try fail(.code(ann, from: "ip:a"), 500, store, every: 3600) == 100)
        let later = Instant.epoch.plus(500 * 3600)
        #expect(try store.reserveAttempt(.code(ann, from: "ip:a"), policy: policy, now: later) == .exhausted)
        try store.setTOTPWallet(SharedSecret(utf8: "{}"), account: ann, now: later)
        #expect(try store.reserveAttempt(.code(ann, from: "ip:a"), policy: policy, now: later) == .admitted)
    }

    @Test func `strangers without the password do not exhaust the factor of the owner`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:home", store)
        var admitted = 0
        for host in 0..<4 {
            admitted += try fail(.codeAlone(ann, from: "ip:\(host)"), 200, store, every: 3600)
        }
        #expect(admitted == 100)
        let later = Instant.epoch.plus(200 * 3600)
        #expect(try store.reserveAttempt(.codeAlone(ann, from: "ip:x"), policy: policy, now: later) == .exhausted)
        // The owner: at home in either way, and from a new place behind the password.
        for attempt in [Attempt.codeAlone(ann, from: "ip:home"), .code(ann, from: "ip:home"), .code(ann, from: "ip:y")]
        {
            #expect(try store.reserveAttempt(attempt, policy: policy, now: later) == .admitted)
        }
    }

    @Test func `codes alone delay their own place and no other of the owner`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:home", store)
        try grant(ann, from: "ip:office", store)
        #expect(try fail(.codeAlone(ann, from: "ip:office"), 10, store) == 4)
        let office = Attempt.codeAlone(ann, from: "ip:office")
        #expect(try store.reserveAttempt(office, policy: policy, now: .epoch) == .delayed(until: .epoch.plus(1)))
        #expect(try store.reserveAttempt(.codeAlone(ann, from: "ip:home"), policy: policy, now: .epoch) == .admitted)
    }

    @Test func `a factor that is exhausted behind the password is exhausted alone, too`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        try grant(ann, from: "ip:home", store)
        #expect(try fail(.code(ann, from: "ip:a"), 500, store, every: 3600) == 100)
        let later = Instant.epoch.plus(500 * 3600)
        #expect(try store.reserveAttempt(.codeAlone(ann, from: "ip:home"), policy: policy, now: later) == .exhausted)
    }

    @Test func `the two kinds of codes buy a host no second share of guesses`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        var admitted = 0
        for name in 0..<100 {
            let factor: Attempt.Factor = name.isMultiple(of: 2) ? .code : .codeAlone
            admitted += try fail(Attempt(subject: "name:\(name)", factor: factor, origin: "ip:a"), 1, store)
        }
        #expect(admitted == 20)
    }

    @Test(arguments: Origin.Unseen.allCases)
    func `an origin that cannot be seen is nobody's place`(_ kind: Origin.Unseen) throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let bob = try store.createAccount(.named("bob"), now: .epoch)
        let unseen = Origin.unseen(kind).text
        try store.recordGrant(.whole(bob, NewAccount.named("bob").fsUniquifier, from: "ip:a"))
        try grant(ann, from: unseen, store)
        #expect(try Folder.value(path, "SELECT group_concat(origin) FROM lsec_origin") == "ip:a")
        // Written by somebody else: it does not count.
        try Folder.run(
            path, "INSERT INTO lsec_origin VALUES (\(ann), '\(unseen)', \(Instant.epoch.plus(86400).microseconds))")
        #expect(try fail(.password(ann, from: unseen), 500, store, every: 3600) == 100)
        let later = Instant.epoch.plus(500 * 3600)
        #expect(try store.reserveAttempt(.password(ann, from: unseen), policy: policy, now: later) == .exhausted)
        // All accounts meet there: the failures of one delay no other.
        #expect(try store.reserveAttempt(.password(bob, from: unseen), policy: policy, now: later) == .admitted)
    }

    @Test func `enrolment, unlocking and the records know codes alone`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let count = "SELECT count(*) FROM lsec_throttle"
        #expect(try fail(.codeAlone(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.code(ann, from: "ip:a"), 1, store) == 1)
        #expect(try store.accountRecord(id: ann)?.failedCodes == 3)
        try store.setPassword(account: ann, hash: Secret(utf8: "h"), fsUniquifier: "u", now: .epoch)
        #expect(try Folder.value(path, count) == "2")
        try store.setTOTPWallet(SharedSecret(utf8: "{}"), account: ann, now: .epoch)
        #expect(try Folder.value(path, count) == "0")
        #expect(try fail(.codeAlone(ann, from: "ip:a"), 1, store) == 1)
        try store.unlock(account: ann)
        #expect(try Folder.value(path, count) == "0")
        #expect(try fail(.codeAlone(ann, from: "ip:a"), 1, store) == 1)
        try store.deleteAccount(id: ann)
        #expect(try Folder.value(path, count) == "0")
    }

    @Test func `a right code clears the count of both kinds at its place`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        #expect(try fail(.codeAlone(ann, from: "ip:a"), 2, store) == 2)
        #expect(try fail(.code(ann, from: "ip:a"), 1, store) == 1)
        #expect(try fail(.codeAlone(ann, from: "ip:b"), 1, store) == 1)
        try store.recordGrant(.whole(ann, from: "ip:a", proven: [.code]))
        #expect(try Folder.value(path, "SELECT group_concat(factor || origin) FROM lsec_throttle") == "code-aloneip:b")
    }

    @Test func `an attempt that never ended counts in the end`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let attempt = Attempt.password(ann, from: "ip:a")
        for _ in 0..<3 { #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted) }
        #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch.plus(121)) == .admitted)
        #expect(try Folder.value(path, "SELECT failures || '|' || pending FROM lsec_throttle") == "3|1")
    }

    @Test func `a cancelled login counts nothing`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        let attempt = Attempt.password(ann, from: "ip:a")
        #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted)
        try store.settleAttempt(attempt, failed: false, now: .epoch)
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_throttle") == "0")
    }

    @Test func `of fifty parallel guesses no more are checked than the limit leaves`() throws {
        let folder = try Folder()
        let (path, store, ann) = try folder.fresh()
        var policy = policy
        policy.freeFailures = 1000
        policy.hostFreeFailures = 1000
        let attempt = Attempt.password(ann, from: "ip:a")
        for _ in 0..<97 {
            #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted)
            try store.settleAttempt(attempt, failed: true, now: .epoch)
        }
        let admitted = race(50, path: path) { [policy] store in
            try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted
        }
        #expect(admitted == 3)
    }

    @Test func `unlocking forgets`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        #expect(try fail(.password(ann, from: "ip:a"), 10, store) == 4)
        try store.unlock(account: ann)
        #expect(try store.reserveAttempt(.password(ann, from: "ip:a"), policy: policy, now: .epoch) == .admitted)
    }
}
