/// The outbox: mails are written beside the state that they tell of, in one transaction, and sent afterwards.
///
/// Requirements on every implementation:
/// 1. A mail is there exactly when the transaction that wrote it was committed.
/// 2. Of several processes that claim a mail, one gets it: a claim moves ``due`` in one statement, and a process that dies with it
///    loses it to whoever asks when that time has come.
public protocol OutboxStore: AnyObject {
    /// Runs changes as one transaction.
    func together(_ body: () throws(StoreError) -> Void) throws(StoreError)

    /// Adds a mail; its id. `due` is when a worker may take it: later than now for a mail that its writer sends himself.
    func enqueue(_ mail: QueuedMail, due: Instant, now: Instant) throws(StoreError) -> Int64

    /// Takes up to `count` mails that are due, which become due again at `until`.
    func claimMails(_ count: Int, now: Instant, until: Instant) throws(StoreError) -> [QueuedMail]

    /// A mail by its id.
    func mail(_ id: Int64) throws(StoreError) -> QueuedMail?

    /// Forgets a mail that was sent, or that nobody wants any more; whether it was there.
    func removeMail(_ id: Int64) throws(StoreError) -> Bool

    /// Puts a mail off after a failure; nil = given up, until somebody asks for another attempt.
    func postponeMail(_ id: Int64, until due: Instant?, error: String) throws(StoreError) -> Bool

    /// What is in the outbox, the oldest first, after an id.
    func mails(after id: Int64, count: Int) throws(StoreError) -> [QueuedMail]

    /// How many mails wait, how many were given up, and since when the oldest of those that wait does.
    func outboxState() throws(StoreError) -> OutboxState
}

/// A mail in the outbox.
public struct QueuedMail {
    /// Its key; 0 for a new one.
    public var id: Int64
    /// The address of the envelope's sender.
    public var sender: String
    /// The address of the envelope's recipient.
    public var recipient: String
    /// The subject, for lists.
    public var subject: String
    /// The whole message (RFC 5322), with CR LF. It may carry a link that signs in.
    public var message: SharedSecret
    /// When it was written.
    public var created: Instant
    /// Attempts that failed.
    public var attempts: Int
    /// When it is tried next; nil = given up.
    public var due: Instant?
    /// Why the last attempt failed.
    public var error: String?

    /// A new mail.
    public init(sender: String, recipient: String, subject: String, message: SharedSecret) {
        id = 0
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.message = message
        created = Instant(microseconds: 0)
        attempts = 0
    }
}

/// What is in the outbox.
public struct OutboxState: Equatable, Sendable {
    /// Mails that will be tried.
    public var waiting: Int
    /// Mails that will not.
    public var givenUp: Int
    /// When the oldest that waits was written.
    public var oldest: Instant?

    /// A state of its numbers.
    public init(waiting: Int, givenUp: Int, oldest: Instant?) {
        self.waiting = waiting
        self.givenUp = givenUp
        self.oldest = oldest
    }
}
