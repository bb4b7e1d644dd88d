import SecurityCore

/// A text message that is to be sent: what the outbox keeps.
struct OutgoingText: Sendable {
    /// Whom it is to: a number with its country code.
    var recipient: String
    /// What it says. It may hold a code.
    var text: SharedSecret
    /// When what it says ends to be good: it is not sent after that.
    var expires: Instant?
}
