import SecurityCore
import SecurityStore

/// Messages that a request asks for.
extension Exchange {
    /// Writes a mail into the outbox, as a part of the transaction that is open, or as one of its own. It is sent when the answer is
    /// ready. A mail that a limit refuses, and one that is only pretended, costs the same work and leaves nothing.
    func send(_ mail: OutgoingMail, _ name: MailName, isPretended: Bool = false) throws {
        let isOurs = site.mailer.isSentByRequest
        try write(.mail(name), to: mail.recipient, isPretended: isPretended, isOurs: isOurs) { () throws in
            try site.mailer.enqueue(
                mail, isClaimed: isOurs, store: try store(), environment: site.environment, now: now)
        }
    }

    /// Writes a text message into the outbox, as a part of the transaction that is open, or as one of its own. See ``deliver(_:)``.
    func send(_ text: OutgoingText) throws {
        try write(.text, to: text.recipient, isPretended: false, isOurs: true) { () throws in
            try site.mailer.enqueue(text, store: try store(), now: now)
        }
    }

    private func write(
        _ kind: MessageKind, to recipient: String, isPretended: Bool, isOurs: Bool, _ enqueue: () throws -> Int64
    ) throws {
        var refusal: MessageRefusal?
        try atomically {
            refusal = try self.refusal(of: kind, to: recipient)
            let id = try enqueue()
            if isPretended || refusal != nil {
                _ = try store().removeMessage(id)
            } else if isOurs {
                waitingMessages.append(id)
            }
        }
        if let refusal {
            site.log.notice("message not sent: limit=\(refusal.rawValue) kind=\(kind.name)", request: request)
        }
    }

    /// Runs changes that write messages as one transaction, and then makes the first attempt at what they wrote; false when
    /// one was not taken, and the reader is told so (FAILED_TO_SEND_CODE). Whatever was not taken is tried again by a worker.
    func deliver(_ body: () throws -> Void) throws -> Bool {
        try atomically(body)
        return try sendWaitingMessages()
    }

    /// Makes the first attempt at the messages of this exchange; whether all were taken. One that fails is tried again by a
    /// worker.
    @discardableResult
    func sendWaitingMessages() throws(StoreError) -> Bool {
        var areSent = true
        for id in waitingMessages {
            guard let message = try store().message(id: id) else { continue }
            if try site.mailer.attempt(message, store: try store(), now: now) != nil { areSent = false }
        }
        waitingMessages = []
        return areSent
    }
}
