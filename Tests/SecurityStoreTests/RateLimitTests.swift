import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct RateLimitTests {
    private func limit(_ subject: String, _ most: Int = 2, _ seconds: Int64 = 60) -> RateLimit {
        RateLimit(subject, most: most, seconds: seconds)
    }

    @Test func `a window allows its number and begins again when it is over`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        #expect(try store.count([limit("a")], now: .epoch) == nil)
        #expect(try store.count([limit("a")], now: Instant.epoch.plus(59)) == nil)
        #expect(try store.count([limit("a")], now: Instant.epoch.plus(59)) == 0)
        #expect(try store.count([limit("b")], now: Instant.epoch.plus(59)) == nil)
        #expect(try store.count([limit("a")], now: Instant.epoch.plus(60)) == nil)
    }

    @Test func `what one limit refuses is counted under none`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        #expect(try store.count([limit("full", 1)], now: .epoch) == nil)
        for _ in 0..<3 { #expect(try store.count([limit("a"), limit("full", 1)], now: .epoch) == 1) }
        #expect(try store.count([limit("a", 1)], now: .epoch) == nil)
    }

    @Test func `a clock that was set back locks nobody out`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        #expect(try store.count([limit("a", 1)], now: Instant.epoch.plus(86400)) == nil)
        #expect(try store.count([limit("a", 1)], now: .epoch) == nil)
    }

    @Test func `windows that are over are forgotten, a few with each write`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        for number in 0..<20 { _ = try store.count([limit("s\(number)")], now: .epoch) }
        for _ in 0..<5 { _ = try store.count([limit("a", 100)], now: Instant.epoch.plus(3 * 3600)) }
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_rate") == "1")
    }

    @Test func `seconds of a subject are its own`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        let now = Instant.epoch.plus(1000)
        var given = (0..<4).compactMap { _ in try? store.ownSecond("link:1", now: now).seconds }
        #expect(given == [1000, 999, 998, 997].map { Instant.epoch.seconds + $0 })
        given += [1001, 1002, 1002].compactMap { try? store.ownSecond("link:1", now: Instant.epoch.plus($0)).seconds }
        #expect(Set(given).count == 7)
        #expect(try store.ownSecond("link:2", now: now) == now)
        for _ in 0..<100 { #expect(try store.ownSecond("link:2", now: now) >= Instant.epoch.plus(940)) }
    }

    @Test func `messages that were given up are bounded, and lose what has expired`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        for number in 0..<4 {
            let mail = QueuedMessage(
                .mail, sender: "a", recipient: "r\(number)", content: SharedSecret(utf8: "link"),
                expires: number == 3 ? Instant.epoch.plus(10) : nil)
            let id = try store.enqueue(mail, due: .epoch, now: .epoch)
            if number > 0 { _ = try store.postponeMessage(id, until: nil, error: "no") }
        }
        #expect(try store.isWaiting(1) && !store.isWaiting(2))
        try store.pruneGivenUp(keeping: 2, now: Instant.epoch.plus(11))
        let rows = try Folder.value(path, "SELECT group_concat(recipient || '=' || message, ' ') FROM lsec_outbox")
        #expect(rows == "r0=link r2=link r3=")
    }

    @Test func `a browser is remembered for its account until it is forgotten`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        try store.rememberBrowser(digest: "d", account: 1, expires: Instant.epoch.plus(10), now: .epoch)
        #expect(try store.isBrowserRemembered(digest: "d", account: 1, now: .epoch))
        #expect(try !store.isBrowserRemembered(digest: "d", account: 2, now: .epoch))
        #expect(try !store.isBrowserRemembered(digest: "e", account: 1, now: .epoch))
        #expect(try !store.isBrowserRemembered(digest: "d", account: 1, now: Instant.epoch.plus(10)))
        try store.forgetBrowser(digest: "d")
        #expect(try !store.isBrowserRemembered(digest: "d", account: 1, now: .epoch))
    }
}
