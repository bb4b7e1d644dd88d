import SecurityCore

/// One table of LIBSECURITY_PROTECTED: a path, and who may see it.
struct ProtectedRule: Sendable {
    /// Matched exactly; nil where ``prefix`` is given.
    let path: String?
    /// Matched by whole segments.
    let prefix: String?
    let methods: [String]
    /// Empty = nobody needs to sign in.
    let mechanisms: [Mechanism]
    let realm: String?
    /// Microseconds; nil = freshness is not asked.
    let freshWithin: Int64?
    let freshGrace: Int64?
    let rolesRequired: [String]
    let rolesAccepted: [String]
    let permissionsRequired: [String]
    let permissionsAccepted: [String]
    /// What is served, where the service itself answers the path.
    let content: String?
    let isPlain: Bool
    let json: SettingValue?

    /// The rules of LIBSECURITY_PROTECTED. Throws ``InvalidConfiguration``.
    static func all(_ settings: Settings) throws -> [ProtectedRule] {
        let tables = settings["LIBSECURITY_PROTECTED"]?.elements ?? []
        return try tables.enumerated().map { index, table in try ProtectedRule(table, number: index + 1) }
    }

    private init(_ table: SettingValue, number: Int) throws {
        let key = "LIBSECURITY_PROTECTED"
        var reader = TableReader(table, of: key, name: "table \(number) of \(key)")
        path = reader.take("path", "a path that begins with /") { ProtectedRule.path($0) }
        prefix = reader.take("prefix", "a path that begins with /") { ProtectedRule.path($0) }
        methods =
            reader.texts("methods", "a list of methods such as \"GET\"") { name in
                !name.isEmpty && name.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            } ?? ["GET"]
        let words = reader.texts("mechanisms", "a list of \"session\", \"token\" and \"basic\"") { word in
            Mechanism(rawValue: word) != nil
        }
        mechanisms = Mechanism.allCases.filter { words?.contains($0.rawValue) ?? false }
        realm = reader.text("realm")
        freshWithin = reader.duration("fresh_within")
        freshGrace = reader.duration("fresh_grace")
        rolesRequired = reader.texts("roles_required") ?? []
        rolesAccepted = reader.texts("roles_accepted") ?? []
        permissionsRequired = reader.texts("permissions_required") ?? []
        permissionsAccepted = reader.texts("permissions_accepted") ?? []
        content = reader.text("content")
        isPlain = reader.flag("plain") ?? false
        json = reader.value("json")
        if (path == nil) == (prefix == nil), reader.flaws.isEmpty {
            reader.refuse("it needs a path or a prefix, and not both")
        }
        if freshWithin != nil, mechanisms.isEmpty {
            reader.refuse("fresh_within says when somebody must have signed in, and no mechanisms say how")
        }
        try reader.finish()
    }

    private static func path(_ value: SettingValue) -> String? {
        value.text.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    /// Whether the service answers the path itself.
    var isPage: Bool { content != nil || json != nil }
}
