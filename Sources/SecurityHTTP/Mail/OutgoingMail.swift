public import SecurityCore

/// A mail that is to be sent: what the outbox keeps.
public struct OutgoingMail: Equatable, Sendable {
    /// Whom it is to: an address.
    public var recipient: String
    /// SECURITY_EMAIL_SENDER: an address, or `Name <address>`.
    public var sender: String
    /// The subject, any Unicode.
    public var subject: String
    /// The text part; nil = none (SECURITY_EMAIL_PLAINTEXT).
    public var text: String?
    /// The HTML part; nil = none (SECURITY_EMAIL_HTML).
    public var html: String?
    /// When the link in it is good no more, so that it is of no use; nil = it is always of use.
    public var expires: Instant?

    /// A mail of its parts.
    public init(recipient: String, sender: String, subject: String, text: String?, html: String?) {
        self.recipient = recipient
        self.sender = sender
        self.subject = subject
        self.text = text
        self.html = html
    }
}
