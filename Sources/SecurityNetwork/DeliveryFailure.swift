/// Why a message was not taken by whoever should have delivered it.
public struct DeliveryFailure: Error, Equatable, Sendable {
    /// What was said, with a code where there is one.
    public let reason: String
    /// Whether trying again is of no use: the message was refused for good, or its address is none. What an administrator
    /// mends, such as a wrong password or a full disk, is no fault of the message.
    public let isFinal: Bool

    /// A failure of its parts.
    public init(reason: String, isFinal: Bool) {
        self.reason = reason
        self.isFinal = isFinal
    }
}
