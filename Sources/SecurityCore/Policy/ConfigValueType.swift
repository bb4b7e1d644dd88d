/// What the value of a key may be.
public struct ConfigValueType: Sendable, CustomStringConvertible {
    /// The kinds of values.
    public enum Kind: String, Sendable {
        case bool
        case integer = "integer"
        /// Seconds, or "30 minutes"; kept with microseconds.
        case duration
        /// As `duration`, for keys that Flask-Security takes as text only.
        case durationText = "duration text"
        case text = "string"
        /// A URL, or the name of a Flask endpoint.
        case view
        case urlPath = "URL path"
        case template = "template path"
        case regex = "regular expression"
        /// One of `words`.
        case choice = "choice"
        case textOrFalse = "string or false"
        case textOrBool = "string or bool"
        case textOrList = "string or list of strings"
        /// A string, or a two-item list of name and address.
        case sender = "mail sender"
        case list = "list of strings"
        /// A list of some of `words`.
        case choices = "list of choices"
        case table
        case tables = "list of tables"
        /// The pair `[text, level]` of a message.
        case message = "[text, level]"
        /// A scheme name of passlib.
        case scheme = "scheme name"
        case schemes = "list of scheme names"
        /// `true`, `false`, or a list of scheme names.
        case schemesOrBool = "list of scheme names, or bool"
        /// `[{ email = { mapper = "...", case_insensitive = true } }]`.
        case identities = "list of one-key tables"
        case secret = "secret string"
        case secretTable = "table of secret strings"
        case secretList = "list of secret strings"
        /// A database URI, whose password is secret.
        case databaseURI = "database URI"
        /// A Python object, which TOML cannot hold: only None may be written.
        case python = "Python object"
    }

    /// The kind.
    public let kind: Kind
    /// Whether `""` may stand for Python's None.
    public let isNullable: Bool
    /// The smallest integer.
    public let minimum: Int64
    /// The greatest integer.
    public let maximum: Int64
    /// The words of a choice, separated by blanks.
    public let words: String

    @inline(__always)
    private init(
        _ kind: Kind, _ minimum: Int64 = .min, _ maximum: Int64 = .max, words: String = "", isNullable: Bool = false
    ) {
        self.kind = kind
        self.isNullable = isNullable
        self.minimum = minimum
        self.maximum = maximum
        self.words = words
    }

    /// The same type, with `""` allowed for None.
    @inline(__always)
    var orNull: ConfigValueType { ConfigValueType(kind, minimum, maximum, words: words, isNullable: true) }

    /// Whether the value, or part of it, must not be shown.
    public var isSecret: Bool {
        switch kind {
        case .secret, .secretTable, .secretList, .databaseURI: true
        case .bool, .integer, .duration, .durationText, .text, .view, .urlPath, .template, .regex, .choice,
            .textOrFalse,
            .textOrBool, .textOrList, .sender, .list, .choices, .table, .tables, .message, .scheme, .schemes,
            .schemesOrBool,
            .identities, .python:
            false
        }
    }

    /// The type in words, such as `integer 1 to 100 or ""`.
    public var description: String {
        var text = kind.rawValue
        if kind == .choice { text = "one of \(words)" }
        if kind == .choices { text = "list of \(words)" }
        if minimum != .min { text += " from \(minimum)" }
        if maximum != .max { text += " to \(maximum)" }
        return isNullable ? text + " or null" : text
    }
}

extension ConfigValueType {
    @inline(__always) static var bool: ConfigValueType { ConfigValueType(.bool) }
    @inline(__always) static var integer: ConfigValueType { ConfigValueType(.integer) }
    @inline(__always) static func integer(_ minimum: Int64, _ maximum: Int64) -> ConfigValueType {
        ConfigValueType(.integer, minimum, maximum)
    }
    @inline(__always) static var duration: ConfigValueType { ConfigValueType(.duration) }
    @inline(__always) static var durationText: ConfigValueType { ConfigValueType(.durationText) }
    @inline(__always) static var text: ConfigValueType { ConfigValueType(.text) }
    @inline(__always) static var view: ConfigValueType { ConfigValueType(.view).orNull }
    @inline(__always) static var urlPath: ConfigValueType { ConfigValueType(.urlPath) }
    @inline(__always) static var template: ConfigValueType { ConfigValueType(.template) }
    @inline(__always) static var regex: ConfigValueType { ConfigValueType(.regex) }
    @inline(__always) static func choice(_ words: String) -> ConfigValueType { ConfigValueType(.choice, words: words) }
    @inline(__always) static var textOrFalse: ConfigValueType { ConfigValueType(.textOrFalse) }
    @inline(__always) static var textOrBool: ConfigValueType { ConfigValueType(.textOrBool) }
    @inline(__always) static var textOrList: ConfigValueType { ConfigValueType(.textOrList) }
    @inline(__always) static var sender: ConfigValueType { ConfigValueType(.sender) }
    @inline(__always) static var list: ConfigValueType { ConfigValueType(.list) }
    @inline(__always) static func choices(_ words: String) -> ConfigValueType {
        ConfigValueType(.choices, words: words)
    }
    @inline(__always) static var table: ConfigValueType { ConfigValueType(.table) }
    @inline(__always) static var tables: ConfigValueType { ConfigValueType(.tables) }
    @inline(__always) static var message: ConfigValueType { ConfigValueType(.message) }
    @inline(__always) static var scheme: ConfigValueType { ConfigValueType(.scheme) }
    @inline(__always) static var schemes: ConfigValueType { ConfigValueType(.schemes) }
    @inline(__always) static var schemesOrBool: ConfigValueType { ConfigValueType(.schemesOrBool) }
    @inline(__always) static var identities: ConfigValueType { ConfigValueType(.identities) }
    @inline(__always) static var secret: ConfigValueType { ConfigValueType(.secret) }
    @inline(__always) static var secretTable: ConfigValueType { ConfigValueType(.secretTable) }
    @inline(__always) static var secretList: ConfigValueType { ConfigValueType(.secretList) }
    @inline(__always) static var databaseURI: ConfigValueType { ConfigValueType(.databaseURI) }
    @inline(__always) static var python: ConfigValueType { ConfigValueType(.python).orNull }
}
