import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct OutboxStoreTests {
    /// The table as the versions made it that knew of mails only, with a mail that is due.
    private static let old = """
        CREATE TABLE lsec_outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sender TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            message TEXT NOT NULL,
            created INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due INTEGER,
            error TEXT
        );
        CREATE INDEX lsec_outbox_due ON lsec_outbox (due) WHERE due IS NOT NULL;
        INSERT INTO lsec_outbox (sender, recipient, subject, message, created, attempts, due)
        VALUES ('a@example.org', 'ann@example.org', 'Hello', 'From: a', 5, 2, 7)
        """

    private let text = QueuedMessage(
        .text, sender: "+1", recipient: "+2", content: SharedSecret(utf8: "123456"), expires: Instant.epoch.plus(120))

    @Test func `a message comes back as it was written`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        let id = try store.enqueue(text, due: Instant.epoch.plus(60), now: .epoch)
        let message = try #require(try store.message(id: id))
        #expect(message.channel == .text && message.sender == "+1" && message.recipient == "+2")
        #expect(message.content.count == 6)
        #expect(try Folder.value(path, "SELECT message FROM lsec_outbox") == "123456")
        #expect(message.created == .epoch && message.due == Instant.epoch.plus(60))
        #expect(message.expires == Instant.epoch.plus(120) && message.attempts == 0 && message.error == nil)
    }

    @Test func `a mail of an earlier version is read, put off and given up without another column`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try Folder.run(path, OutboxStoreTests.old)
        let before = try Folder.value(path, "SELECT sql FROM sqlite_master WHERE name = 'lsec_outbox'")
        let mail = try #require(try store.claimMessages(1, now: .epoch, until: Instant.epoch.plus(60)).first)
        #expect(mail.channel == .mail && mail.recipient == "ann@example.org" && mail.attempts == 2)
        #expect(mail.expires == nil)
        #expect(try store.postponeMessage(mail.id, until: nil, error: "no"))
        #expect(try store.messages(after: 0, count: 9).map { $0.error } == ["no"])
        #expect(try store.outboxState() == OutboxState(waiting: 0, givenUp: 1, oldest: nil))
        #expect(try Folder.value(path, "SELECT sql FROM sqlite_master WHERE name = 'lsec_outbox'") == before)
    }

    @Test func `the first message into a table of an earlier version brings its columns and loses no mail`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try Folder.run(path, OutboxStoreTests.old)
        let other = try SQLiteStore(path: path)
        #expect(try other.messages(after: 0, count: 9).count == 1)
        _ = try store.enqueue(text, due: .epoch, now: .epoch)
        for store in [store, other] {
            let messages = try store.messages(after: 0, count: 9)
            #expect(messages.map { $0.channel } == [.mail, .text])
            #expect(messages.map { $0.expires } == [nil, Instant.epoch.plus(120)])
        }
        // The process of an earlier version goes on writing mails.
        try Folder.run(
            path,
            """
            INSERT INTO lsec_outbox (sender, recipient, subject, message, created, attempts, due)
            VALUES ('a', 'b', 'c', 'd', 5, 0, 7)
            """)
        #expect(try other.messages(after: 2, count: 9).map { $0.channel } == [.mail])
    }

    @Test func `columns that were added in a transaction that fails are added again`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        try Folder.run(path, OutboxStoreTests.old)
        #expect(throws: StoreError.locked) {
            try store.together { () throws(StoreError) in
                _ = try store.enqueue(text, due: .epoch, now: .epoch)
                throw .locked
            }
        }
        #expect(try store.messages(after: 0, count: 9).map { $0.channel } == [.mail])
        _ = try store.enqueue(text, due: .epoch, now: .epoch)
        #expect(try store.messages(after: 0, count: 9).map { $0.channel } == [.mail, .text])
    }

    @Test func `a message for a channel of a later version is left to it`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        _ = try store.enqueue(text, due: .epoch, now: .epoch)
        try Folder.run(path, "UPDATE lsec_outbox SET channel = 'pigeon'")
        _ = try store.enqueue(text, due: Instant.epoch.plus(1), now: .epoch)
        let claimed = try store.claimMessages(9, now: Instant.epoch.plus(2), until: Instant.epoch.plus(60))
        #expect(claimed.map { $0.id } == [2])
        #expect(try Folder.value(path, "SELECT count(*) FROM lsec_outbox") == "2")
    }
}
