/// Something to say about a configuration file.
public struct Diagnostic: Equatable, CustomStringConvertible, Sendable {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// The file gives no policy.
        case error
        /// The file works, and something in it is unwise.
        case warning
        /// Perhaps something else was meant.
        case hint
    }

    /// How much it matters.
    public let severity: Severity
    /// The file.
    public let path: String
    /// Counted from 1; nil when the trouble is that something is missing.
    public let line: Int?
    /// The key that it is about.
    public let key: String?
    /// The thing, what is wrong with it, and what to write instead. Never a secret.
    public let message: String

    /// A diagnostic of these parts.
    public init(severity: Severity, path: String, line: Int?, key: String?, message: String) {
        self.severity = severity
        self.path = path
        self.line = line
        self.key = key
        self.message = message
    }

    /// `path:line: error: message`, as compilers write it.
    public var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return "\(place): \(severity.rawValue): \(message)"
    }
}
