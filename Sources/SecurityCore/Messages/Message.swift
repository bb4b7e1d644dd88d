/// How grave a message is: Flask's category of a flashed message.
public enum MessageLevel: String, CaseIterable, Sendable {
    case info, success, warning, error
}

/// Something to say to a person: which text, and what its placeholders stand for. Never holds a secret but the code that
/// the message is there to carry.
public struct Message: Equatable, Sendable {
    /// Where the English text comes from.
    public enum Source: Equatable, Sendable {
        /// A message that the configuration may reword.
        case key(MessageKey)
        /// A message of our own.
        case fixed(FixedMessage)
        /// A sentence of a list that is kept elsewhere, such as the advice of zxcvbn; it has no placeholders.
        case sentence(String)
    }

    /// The value of a placeholder.
    public struct Argument: Equatable, Sendable {
        /// The name in `%(name)s`.
        public let name: String
        /// The text in its place.
        public let value: String

        /// A value by name.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where the text comes from.
    public let source: Source
    /// The values of its placeholders.
    public let arguments: [Argument]

    /// One of Flask-Security's messages.
    public init(_ key: MessageKey, _ arguments: Argument...) {
        source = .key(key)
        self.arguments = arguments
    }

    /// One of our own.
    public init(_ message: FixedMessage, _ arguments: Argument...) {
        source = .fixed(message)
        self.arguments = arguments
    }

    /// A sentence of another list.
    public init(sentence: String) {
        source = .sentence(sentence)
        arguments = []
    }

    /// One of Flask-Security's messages, with values from outside.
    public init(_ key: MessageKey, arguments: [Argument]) {
        source = .key(key)
        self.arguments = arguments
    }
}
