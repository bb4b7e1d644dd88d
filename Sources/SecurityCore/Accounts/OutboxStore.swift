/// The outbox: messages are written beside the state that they tell of, in one transaction, and sent afterwards.
///
/// Requirements on every implementation:
/// 1. A message is there exactly when the transaction that wrote it was committed.
/// 2. Of several processes that claim a message, one gets it: a claim moves ``due`` in one statement, and a process that dies
///    with it loses it to whoever asks when that time has come.
/// 3. What an earlier version wrote, which knew of mails only, is there as a mail.
public protocol OutboxStore: AnyObject {
    /// Runs changes as one transaction.
    func together(_ body: () throws(StoreError) -> Void) throws(StoreError)

    /// Adds a message; its id. `due` is when a worker may take it: later than now for one that its writer sends himself.
    func enqueue(_ message: QueuedMessage, due: Instant, now: Instant) throws(StoreError) -> Int64

    /// Takes up to `count` messages that are due, which become due again at `until`.
    func claimMessages(_ count: Int, now: Instant, until: Instant) throws(StoreError) -> [QueuedMessage]

    /// A message by its id.
    func message(id: Int64) throws(StoreError) -> QueuedMessage?

    /// Forgets a message that was sent, or that nobody wants any more; whether it was there.
    func removeMessage(_ id: Int64) throws(StoreError) -> Bool

    /// Puts a message off after a failure; nil = given up, until somebody asks for another attempt.
    func postponeMessage(_ id: Int64, until due: Instant?, error: String) throws(StoreError) -> Bool

    /// What is in the outbox, the oldest first, after an id.
    func messages(after id: Int64, count: Int) throws(StoreError) -> [QueuedMessage]

    /// Counts an event under each of some limits, in one step; nil when all allow it, else the index of the first that does not,
    /// and then nothing is counted.
    func count(_ limits: [RateLimit], now: Instant) throws(StoreError) -> Int?

    /// A second of a subject's own, not after now: that of `now`, or the latest before it that was not given out yet; at most
    /// ``RateLimit/furthestSecond`` before, and then one that was.
    func ownSecond(_ subject: String, now: Instant) throws(StoreError) -> Instant

    /// Whether at least so many messages wait.
    func isWaiting(_ count: Int) throws(StoreError) -> Bool

    /// Of the messages that were given up, forgets the oldest until `count` are left (nil = any number), and the content of those
    /// that have expired.
    func pruneGivenUp(keeping count: Int?, now: Instant) throws(StoreError)

    /// How many messages wait, how many were given up, and since when the oldest of those that wait does.
    func outboxState() throws(StoreError) -> OutboxState
}

/// How often something may happen: a number of times in a window of time that begins with the first of them.
public struct RateLimit: Equatable, Sendable {
    /// What is counted together; it holds no address, but a keyed digest of one.
    public var subject: String
    /// How many times.
    public var most: Int
    /// In how many seconds.
    public var seconds: Int64

    /// How many seconds ``OutboxStore/ownSecond(_:now:)`` goes back.
    public static let furthestSecond: Int64 = 60

    /// A limit of its parts.
    public init(_ subject: String, most: Int, seconds: Int64) {
        self.subject = subject
        self.most = most
        self.seconds = seconds
    }
}

/// The way by which a message reaches somebody.
public enum MessageChannel: String, Sendable {
    /// A mail.
    case mail
    /// A text message (SMS).
    case text
}

/// A message in the outbox.
public struct QueuedMessage {
    /// Its key; 0 for a new one.
    public var id: Int64
    /// The way by which it leaves.
    public var channel: MessageChannel
    /// The address of the envelope's sender, or the sender's number.
    public var sender: String
    /// The address of the envelope's recipient, or a number with its country code.
    public var recipient: String
    /// The subject of a mail, for lists.
    public var subject: String
    /// A whole mail (RFC 5322), with CR LF, or the text. It may carry a link that signs in, or a code.
    public var content: SharedSecret
    /// When it was written.
    public var created: Instant
    /// From when on it is of no use and is not sent any more; nil = it is always of use.
    public var expires: Instant?
    /// Attempts that failed.
    public var attempts: Int
    /// When it is tried next; nil = given up.
    public var due: Instant?
    /// Why the last attempt failed.
    public var error: String?

    /// A new message.
    public init(
        _ channel: MessageChannel, sender: String, recipient: String, subject: String = "", content: SharedSecret,
        expires: Instant? = nil
    ) {
        id = 0
        self.channel = channel
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.content = content
        self.expires = expires
        created = Instant(microseconds: 0)
        attempts = 0
    }
}

/// What is in the outbox.
public struct OutboxState: Equatable, Sendable {
    /// Messages that will be tried.
    public var waiting: Int
    /// Messages that will not.
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
