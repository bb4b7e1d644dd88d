public import SecurityCore
import SecurityNetwork
import SecurityStore

/// Sends what the outbox holds: mails and text messages.
///
/// | attempt | when |
/// | --- | --- |
/// | first | a mail: by a worker, at once; with LIBSECURITY_MAIL_FIRST_ATTEMPT = "request" by the request, before its answer |
/// | | a text message: by the request, before its answer, which tells of a failure |
/// | further | by a worker: after 30 s, 2 min, 10 min, 1 h, then every 4 h |
/// | none | after 3 days, after the message expired, or when it is refused for good; it stays, visible, until somebody retries or drops it |
public struct Mailer: Sendable {
    private let transport: MailTransport
    private let texts: TextTransport
    /// LIBSECURITY_MAIL_FIRST_ATTEMPT: whether the request that writes a mail makes the first attempt, too.
    let isSentByRequest: Bool
    /// LIBSECURITY_OUTBOX_MAX; nil = any number.
    private let givenUpMost: Int?
    private let sendsText: Bool
    private let sendsHTML: Bool

    /// Throws ``InvalidConfiguration``.
    init(_ settings: Settings) throws {
        guard let transport = MailTransport(settings) else {
            throw InvalidConfiguration(
                "LIBSECURITY_MAIL", "is none of \"smtp\", \"sendmail\", \"sendmail:/PATH\" and \"maildir:/PATH\"")
        }
        self.transport = transport
        texts = try TextTransport(settings)
        isSentByRequest = settings.text("LIBSECURITY_MAIL_FIRST_ATTEMPT") == "request"
        givenUpMost = MessageLimits(settings).outboxMost
        sendsText = settings.bool("SECURITY_EMAIL_PLAINTEXT")
        sendsHTML = settings.bool("SECURITY_EMAIL_HTML")
    }

    /// How long a claim holds: longer than the longest attempt.
    private static let claimSeconds: Int64 = 60
    private static let lifeSeconds: Int64 = 3 * 86_400
    private static let delays: [Int64] = [30, 120, 600, 3600]

    // MARK: Writing

    /// Writes a mail into the outbox, in the transaction that is open; its id. `isClaimed` when the caller makes the first
    /// attempt.
    func enqueue(
        _ mail: OutgoingMail, isClaimed: Bool, store: any OutboxStore, environment: Environment, now: Instant
    ) throws -> Int64 {
        guard let random = environment.random(16) else { throw SiteError.noRandomness }
        var mail = mail
        if !sendsText { mail.text = nil }
        if !sendsHTML, mail.text != nil { mail.html = nil }
        let message = MailMessage.bytes(mail, random: random.withBytes { Hex.text($0) }, now: now)
        let queued = QueuedMessage(
            .mail, sender: MailMessage.address(mail.sender), recipient: mail.recipient, subject: mail.subject,
            content: SharedSecret(Secret(copying: message.span)), expires: mail.expires)
        return try store.enqueue(queued, due: isClaimed ? Mailer.claim(now) : now, now: now)
    }

    /// Writes a text message into the outbox, in the transaction that is open; its id. The caller makes the first attempt.
    func enqueue(_ text: OutgoingText, store: any OutboxStore, now: Instant) throws(StoreError) -> Int64 {
        let queued = QueuedMessage(
            .text, sender: texts.sender, recipient: text.recipient, content: text.text, expires: text.expires)
        return try store.enqueue(queued, due: Mailer.claim(now), now: now)
    }

    /// Until when a claim of now holds.
    private static func claim(_ now: Instant) -> Instant { Instant(seconds: now.seconds + claimSeconds) }

    // MARK: Sending

    /// Makes one attempt at a message that the caller has claimed: nil when it was taken, which removes it, else what went wrong,
    /// which puts it off or gives it up.
    @discardableResult
    func attempt(
        _ message: QueuedMessage, store: any OutboxStore, now: Instant
    ) throws(StoreError) -> DeliveryFailure? {
        do throws(DeliveryFailure) {
            try send(message, now: now)
        } catch {
            let next = next(after: error, message, now: now)
            let reason = error.isFinal || next != nil ? error.reason : error.reason + " (the last attempt)"
            _ = try store.postponeMessage(message.id, until: next, error: reason)
            if next == nil { try store.pruneGivenUp(keeping: givenUpMost, now: now) }
            return error
        }
        _ = try store.removeMessage(message.id)
        return nil
    }

    private func send(_ message: QueuedMessage, now: Instant) throws(DeliveryFailure) {
        if let expires = message.expires, expires <= now {
            throw DeliveryFailure(reason: "it expired before it could be sent", isFinal: true)
        }
        let content = message.content.withSecret { $0.bytes }
        switch message.channel {
        case .mail: try transport.send(content, from: message.sender, to: message.recipient)
        case .text: try texts.send(content, from: message.sender, to: message.recipient)
        }
    }

    /// When the next attempt is due; nil = there is none.
    private func next(after failure: DeliveryFailure, _ message: QueuedMessage, now: Instant) -> Instant? {
        guard !failure.isFinal, now.seconds - message.created.seconds <= Mailer.lifeSeconds else { return nil }
        let delay = Mailer.delays.indices.contains(message.attempts) ? Mailer.delays[message.attempts] : 4 * 3600
        let next = Instant(seconds: now.seconds + delay)
        if let expires = message.expires, expires <= next { return nil }
        return next
    }

    /// Takes links out of messages that were given up and that have expired.
    func forgetExpired(store: any OutboxStore, now: Instant) throws(StoreError) {
        try store.pruneGivenUp(keeping: givenUpMost, now: now)
    }

    /// Sends the message that is due first; how many were tried. One at a time: a claim must outlast the attempts made under it,
    /// or another process makes them again.
    public func sendDue(store: any OutboxStore, now: Instant) throws(StoreError) -> Int {
        let due = try store.claimMessages(1, now: now, until: Mailer.claim(now))
        for message in due { try attempt(message, store: store, now: now) }
        return due.count
    }
}
