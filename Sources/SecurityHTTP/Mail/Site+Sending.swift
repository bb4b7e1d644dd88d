import SecurityCore
import SecurityNetwork
import SecurityStore

extension Site {
    /// Sends a trial to a mail address, or a text message to a number with its country code; nil when it was taken, else what
    /// went wrong. It goes through the outbox as any message does, but is tried once: nothing of it stays there.
    public func sendTrial(to recipient: String) -> String? {
        do {
            let store = try stores.take()
            defer { stores.giveBack(store) }
            let now = environment.now()
            let id = try enqueueTrial(to: recipient, store: store, now: now)
            defer { _ = try? store.removeMessage(id) }
            guard let message = try store.message(id: id) else { return "another process removed it from the outbox" }
            return try mailer.attempt(message, store: store, now: now)?.reason
        } catch {
            return "\(error)"
        }
    }

    private func enqueueTrial(to recipient: String, store: any OutboxStore, now: Instant) throws -> Int64 {
        let text = "This is a trial of securityd."
        guard ByteText(recipient).holds(0x40) else {
            let message = OutgoingText(recipient: recipient, text: SharedSecret(utf8: text), expires: nil)
            return try mailer.enqueue(message, store: store, now: now)
        }
        let mail = OutgoingMail(
            recipient: recipient, sender: web.sender, subject: text, text: text + "\n", html: nil)
        return try mailer.enqueue(mail, isClaimed: true, store: store, environment: environment, now: now)
    }

    /// Takes links out of messages that were given up and that have expired. A database that cannot be read now will be asked again.
    public func forgetExpiredMessages() {
        do {
            let store = try stores.take()
            defer { stores.giveBack(store) }
            try mailer.forgetExpired(store: store, now: environment.now())
        } catch {}
    }

    /// Sends messages that are due; how many were tried. A database that cannot be read now will be asked again.
    public func sendDueMessages() -> Int {
        do {
            let store = try stores.take()
            defer { stores.giveBack(store) }
            return try mailer.sendDue(store: store, now: environment.now())
        } catch {
            return 0
        }
    }
}
