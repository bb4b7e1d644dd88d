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
    public private(set) var isNullable = false
    /// The smallest integer.
    public let minimum: Int64
    /// The greatest integer.
    public let maximum: Int64
    /// The words of a choice, separated by blanks.
    public let words: String

    private init(_ kind: Kind, _ minimum: Int64 = .min, _ maximum: Int64 = .max, words: String = "") {
        self.kind = kind
        self.minimum = minimum
        self.maximum = maximum
        self.words = words
    }

    /// The same type, with `""` allowed for None.
    var orNull: ConfigValueType {
        var type = self
        type.isNullable = true
        return type
    }

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
    static var bool: ConfigValueType { ConfigValueType(.bool) }
    static var integer: ConfigValueType { ConfigValueType(.integer) }
    static func integer(_ minimum: Int64, _ maximum: Int64) -> ConfigValueType {
        ConfigValueType(.integer, minimum, maximum)
    }
    static var duration: ConfigValueType { ConfigValueType(.duration) }
    static var durationText: ConfigValueType { ConfigValueType(.durationText) }
    static var text: ConfigValueType { ConfigValueType(.text) }
    static var view: ConfigValueType { ConfigValueType(.view).orNull }
    static var urlPath: ConfigValueType { ConfigValueType(.urlPath) }
    static var template: ConfigValueType { ConfigValueType(.template) }
    static var regex: ConfigValueType { ConfigValueType(.regex) }
    static func choice(_ words: String) -> ConfigValueType { ConfigValueType(.choice, words: words) }
    static var textOrFalse: ConfigValueType { ConfigValueType(.textOrFalse) }
    static var textOrBool: ConfigValueType { ConfigValueType(.textOrBool) }
    static var textOrList: ConfigValueType { ConfigValueType(.textOrList) }
    static var sender: ConfigValueType { ConfigValueType(.sender) }
    static var list: ConfigValueType { ConfigValueType(.list) }
    static func choices(_ words: String) -> ConfigValueType { ConfigValueType(.choices, words: words) }
    static var table: ConfigValueType { ConfigValueType(.table) }
    static var tables: ConfigValueType { ConfigValueType(.tables) }
    static var message: ConfigValueType { ConfigValueType(.message) }
    static var scheme: ConfigValueType { ConfigValueType(.scheme) }
    static var schemes: ConfigValueType { ConfigValueType(.schemes) }
    static var schemesOrBool: ConfigValueType { ConfigValueType(.schemesOrBool) }
    static var identities: ConfigValueType { ConfigValueType(.identities) }
    static var secret: ConfigValueType { ConfigValueType(.secret) }
    static var secretTable: ConfigValueType { ConfigValueType(.secretTable) }
    static var secretList: ConfigValueType { ConfigValueType(.secretList) }
    static var databaseURI: ConfigValueType { ConfigValueType(.databaseURI) }
    static var python: ConfigValueType { ConfigValueType(.python).orNull }
}
