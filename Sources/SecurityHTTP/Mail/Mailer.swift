public import SecurityCore
import SecurityNetwork
import SecurityStore

/// Sends what the outbox holds.
///
/// | attempt | when |
/// | --- | --- |
/// | first | by a worker, at once; with LIBSECURITY_MAIL_FIRST_ATTEMPT = "request" by the request itself, before its answer |
/// | further | by a worker: after 30 s, 2 min, 10 min, 1 h, then every 4 h |
/// | none | after 3 days, or when the mail server refuses for good; the mail stays, visible, until somebody retries or drops it |
public struct Mailer: Sendable {
    private let transport: MailTransport
    private let texts: TextTransport
    /// LIBSECURITY_MAIL_FIRST_ATTEMPT.
    let isSentByRequest: Bool
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
        sendsText = settings.bool("SECURITY_EMAIL_PLAINTEXT")
        sendsHTML = settings.bool("SECURITY_EMAIL_HTML")
    }

    /// How long a claim holds: longer than the longest attempt.
    private static let claimSeconds: Int64 = 60
    private static let lifeSeconds: Int64 = 3 * 86_400
    private static let delays: [Int64] = [30, 120, 600, 3600]

    /// Writes a mail into the outbox, in the transaction that is open; its id.
    func enqueue(
        _ mail: OutgoingMail, store: any OutboxStore, environment: Environment, now: Instant
    ) throws -> Int64 {
        guard let random = environment.random(16) else { throw SiteError.noRandomness }
        var mail = mail
        if !sendsText { mail.text = nil }
        if !sendsHTML, mail.text != nil { mail.html = nil }
        let message = MailMessage.bytes(mail, random: random.withBytes { Hex.text($0) }, now: now)
        let queued = QueuedMail(
            sender: MailMessage.address(mail.sender), recipient: mail.recipient, subject: mail.subject,
            message: SharedSecret(Secret(copying: message.span)))
        let due = isSentByRequest ? Instant(seconds: now.seconds + Mailer.claimSeconds) : now
        return try store.enqueue(queued, due: due, now: now)
    }

    /// Makes one attempt at a mail that the caller has claimed; whether it was sent.
    @discardableResult
    func attempt(_ mail: QueuedMail, store: any OutboxStore, now: Instant) throws(StoreError) -> Bool {
        let message = mail.message.withSecret { $0.bytes }
        do {
            try transport.send(message, from: mail.sender, to: mail.recipient)
            _ = try store.removeMail(mail.id)
            return true
        } catch let failure as DeliveryFailure {
            let isOver = failure.isFinal || now.seconds - mail.created.seconds > Mailer.lifeSeconds
            let delay = Mailer.delays.indices.contains(mail.attempts) ? Mailer.delays[mail.attempts] : 4 * 3600
            _ = try store.postponeMail(
                mail.id, until: isOver ? nil : Instant(seconds: now.seconds + delay), error: failure.reason)
            return false
        } catch let error as StoreError {
            throw error
        } catch {
            return false
        }
    }

    /// Sends the mail that is due first; how many were tried. One at a time: a claim must outlast the attempts made under it,
    /// or another process makes them again.
    public func sendDue(store: any OutboxStore, now: Instant) throws(StoreError) -> Int {
        let due = try store.claimMails(1, now: now, until: Instant(seconds: now.seconds + Mailer.claimSeconds))
        for mail in due { try attempt(mail, store: store, now: now) }
        return due.count
    }
}

extension Mailer {
    /// Sends a text that says where it comes from, past the outbox: an address gets a mail, a number with its country code a text
    /// message. Throws what went wrong on the way.
    func sendTrial(to recipient: String, from sender: String, environment: Environment) throws {
        let text = "This is a trial of securityd."
        guard recipient.contains("@") else { return try texts.send(text, to: recipient) }
        guard let random = environment.random(16) else { throw SiteError.noRandomness }
        let mail = OutgoingMail(recipient: recipient, sender: sender, subject: text, text: text + "\n", html: nil)
        let message = MailMessage.bytes(mail, random: random.withBytes { Hex.text($0) }, now: environment.now())
        try transport.send(message, from: MailMessage.address(sender), to: recipient)
    }
}

extension Site {
    /// Sends a trial to a mail address or a phone number; nil when it was taken, else what went wrong.
    public func sendTrial(to recipient: String) -> String? {
        do {
            try mailer.sendTrial(to: recipient, from: web.sender, environment: environment)
            return nil
        } catch let failure as DeliveryFailure {
            return failure.reason
        } catch {
            return "\(error)"
        }
    }

    /// Sends mails that are due; how many were tried. A database that cannot be read now will be asked again.
    public func sendDueMails() -> Int {
        do {
            let store = try stores.take()
            defer { stores.giveBack(store) }
            return try mailer.sendDue(store: store, now: environment.now())
        } catch {
            return 0
        }
    }
}
