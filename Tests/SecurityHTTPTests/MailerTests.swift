import Foundation
import SecurityCore
import SecurityStore
import Testing

@testable import SecurityHTTP

/// A site whose mails go into a Maildir and whose text messages into a file, or to a program.
private final class Outbox {
    let folder: String
    let site: Site
    let store: any AccountDirectory
    let now = Instant(seconds: 1_700_000_000)

    /// `program` is the text of a script that sends text messages; without one they go into the file `texts`.
    init(program: String? = nil, _ lines: String = "") throws {
        folder = NSTemporaryDirectory() + "lsec-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try SQLiteStore.create(path: folder + "/users.db")
        var entries = "PATH = \"\(folder)/texts\""
        if let program {
            entries = "COMMAND = \"\(folder)/send\""
            try Outbox.write(folder + "/send", "#!/bin/sh\ncd \(folder)\n" + program)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder + "/send")
        }
        let text = """
            SECRET_KEY = "a key of forty characters for these tests"
            SECURITY_PASSWORD_SALT = "a salt for these tests"
            SQLALCHEMY_DATABASE_URI = "sqlite:///\(folder)/users.db"
            LIBSECURITY_MAIL = "maildir:\(folder)/mails"
            SECURITY_SMS_SERVICE = "\(program == nil ? "file" : "command")"
            SECURITY_SMS_SERVICE_CONFIG = { PHONE_NUMBER = "+15005550006", \(entries) }
            \(lines)
            """
        let (reading, settings) = PolicyReader.readAll(Secret(utf8: text), path: folder + "/security.toml")
        site = try Site(
            policy: try #require(reading.policy), settings: try #require(settings), log: SiteLog { _, _, _ in })
        store = try site.stores.take()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var exchange: Exchange {
        Exchange(
            site: site,
            request: WebRequest(
                method: "POST", target: "/", headers: [], body: SharedSecret(utf8: ""), peer: nil, isTLS: false, id: "1"
            ))
    }

    func text(_ code: String, to number: String = "+16505551234", expires: Instant? = nil) -> OutgoingText {
        OutgoingText(recipient: number, text: SharedSecret(utf8: code), expires: expires)
    }

    /// What is in the outbox.
    func waiting() throws -> [QueuedMessage] { try store.messages(after: 0, count: 100) }

    func write(_ name: String) throws { try Outbox.write(folder + "/" + name, "") }

    private static func write(_ path: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// What a file of the folder holds; empty when there is none.
    func content(_ name: String) -> String {
        FileManager.default.contents(atPath: folder + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func mails() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder + "/mails/new")) ?? []
    }
}

@Suite struct MailerTests {
    @Test func `a text message is sent before the answer, and leaves the outbox`() throws {
        let outbox = try Outbox()
        let exchange = outbox.exchange
        #expect(try exchange.deliver { try exchange.send(outbox.text("Use code 123456")) })
        #expect(
            outbox.content("texts") == #"{"from":"+15005550006","to":"+16505551234","body":"Use code 123456"}"# + "\n")
        #expect(try outbox.waiting().isEmpty)
    }

    @Test func `a text message of changes that fail is not sent`() throws {
        let outbox = try Outbox()
        let exchange = outbox.exchange
        #expect(throws: SiteError.accountGone) {
            try exchange.deliver {
                try exchange.send(outbox.text("Use code 123456"))
                throw SiteError.accountGone
            }
        }
        #expect(try exchange.sendWaitingMessages())
        #expect(outbox.content("texts").isEmpty)
        #expect(try outbox.waiting().isEmpty)
    }

    @Test func `a failure is told, and a worker sends the message later`() throws {
        let outbox = try Outbox(program: "[ -e ready ] || { echo no modem >&2; exit 75; }\necho $1 $(cat) >>sent\n")
        let exchange = outbox.exchange
        #expect(try !exchange.deliver { try exchange.send(outbox.text("123456")) })
        let message = try #require(try outbox.waiting().first)
        #expect(message.channel == .text && message.attempts == 1)
        #expect(message.error?.hasSuffix("status 75: no modem") == true)
        let due = try #require(message.due)
        #expect(due == Instant(seconds: exchange.now.seconds + 30))
        #expect(try outbox.site.mailer.sendDue(store: outbox.store, now: exchange.now) == 0)
        try outbox.write("ready")
        #expect(try outbox.site.mailer.sendDue(store: outbox.store, now: due) == 1)
        #expect(outbox.content("sent") == "+16505551234 123456\n")
        #expect(try outbox.waiting().isEmpty)
    }

    @Test func `a number that is none is given up at once`() throws {
        let outbox = try Outbox(program: "echo unknown number >&2; exit 67\n")
        let exchange = outbox.exchange
        #expect(try !exchange.deliver { try exchange.send(outbox.text("123456", to: "+1")) })
        let message = try #require(try outbox.waiting().first)
        #expect(message.due == nil && message.error?.hasSuffix("status 67: unknown number") == true)
    }

    @Test func `a message is not sent after it expired`() throws {
        let outbox = try Outbox()
        let mailer = outbox.site.mailer
        let expires = Instant(seconds: outbox.now.seconds + 90)
        _ = try mailer.enqueue(outbox.text("123456", expires: expires), store: outbox.store, now: outbox.now)
        #expect(try mailer.sendDue(store: outbox.store, now: expires) == 1)
        #expect(outbox.content("texts").isEmpty)
        let message = try #require(try outbox.waiting().first)
        #expect(message.due == nil && message.error == "it expired before it could be sent")
    }

    @Test(arguments: [(31, true), (30, false)])
    func `a message that would expire before the next attempt is given up`(life: Int64, waits: Bool) throws {
        let outbox = try Outbox(program: "exit 75\n")
        let mailer = outbox.site.mailer
        let expires = Instant(seconds: outbox.now.seconds + life)
        let id = try mailer.enqueue(outbox.text("1", expires: expires), store: outbox.store, now: outbox.now)
        let message = try #require(try outbox.store.message(id: id))
        #expect(try mailer.attempt(message, store: outbox.store, now: outbox.now) != nil)
        let left = try #require(try outbox.waiting().first)
        #expect((left.due != nil) == waits)
        #expect(left.error?.hasSuffix("status 75" + (waits ? "" : " (the last attempt)")) == true)
    }

    @Test func `a mail and a text message leave side by side, each its way`() throws {
        let outbox = try Outbox()
        let exchange = outbox.exchange
        let mail = OutgoingMail(
            recipient: "ann@example.org", sender: "id@example.org", subject: "Hello", text: "Hello\n", html: nil)
        #expect(
            try exchange.deliver {
                try exchange.send(mail, .reset)
                try exchange.send(outbox.text("123456"))
            })
        // The mail is left to a worker (LIBSECURITY_MAIL_FIRST_ATTEMPT).
        #expect(try outbox.waiting().map { $0.channel } == [.mail])
        #expect(outbox.content("texts").contains("123456") && outbox.mails().isEmpty)
        #expect(try outbox.site.mailer.sendDue(store: outbox.store, now: exchange.now) == 1)
        #expect(try outbox.waiting().isEmpty)
        #expect(outbox.mails().count == 1)
    }

    @Test func `the request sends a mail, too, where it is told so`() throws {
        let outbox = try Outbox("LIBSECURITY_MAIL_FIRST_ATTEMPT = \"request\"")
        let exchange = outbox.exchange
        let mail = OutgoingMail(
            recipient: "ann@example.org", sender: "id@example.org", subject: "Hello", text: "Hello\n", html: nil)
        #expect(try exchange.deliver { try exchange.send(mail, .reset) })
        #expect(outbox.mails().count == 1)
    }

    @Test(arguments: ["ann@example.org", "+16505551234"])
    func `a trial goes through the outbox and stays there in no case`(recipient: String) throws {
        let outbox = try Outbox(program: "[ -e ready ] || exit 75\n")
        try outbox.write("mails")
        #expect(outbox.site.sendTrial(to: recipient) != nil)
        #expect(try outbox.waiting().isEmpty)
        try outbox.write("ready")
        try FileManager.default.removeItem(atPath: outbox.folder + "/mails")
        #expect(outbox.site.sendTrial(to: recipient) == nil)
        #expect(try outbox.waiting().isEmpty)
    }
}
