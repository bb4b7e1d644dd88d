import SecurityCore

/// One table of LIBSECURITY_PROTECTED: a path, and who may see it.
struct ProtectedRule: Sendable {
    /// Matched exactly; nil where ``prefix`` is given.
    let path: RequestPath?
    /// Matched by whole segments.
    let prefix: RequestPath?
    let methods: [String]
    /// Empty = nobody needs to sign in.
    let mechanisms: [Mechanism]
    let realm: String?
    /// Microseconds; nil = freshness is not asked.
    let freshWithin: Int64?
    let freshGrace: Int64?
    /// Equal to a name when the bytes are.
    let rolesRequired: [ByteText]
    let rolesAccepted: [ByteText]
    let permissionsRequired: [ByteText]
    let permissionsAccepted: [ByteText]
    /// What is served, where the service itself answers the path.
    let content: String?
    let isPlain: Bool
    let json: SettingValue?

    /// The rules of LIBSECURITY_PROTECTED. Throws ``InvalidConfiguration``.
    static func all(_ settings: Settings) throws -> [ProtectedRule] {
        let tables = settings["LIBSECURITY_PROTECTED"]?.elements ?? []
        let rules = try tables.enumerated().map { index, table in try ProtectedRule(table, number: index + 1) }
        for index in rules.indices {
            guard let first = rules[..<index].firstIndex(where: { $0.hasPlace(of: rules[index]) }) else { continue }
            throw InvalidConfiguration(
                "LIBSECURITY_PROTECTED",
                "table \(index + 1) is never asked: table \(first + 1) has the same path or prefix")
        }
        return rules
    }

    private init(_ table: SettingValue, number: Int) throws {
        let key = "LIBSECURITY_PROTECTED"
        var reader = TableReader(table, of: key, name: "table \(number) of \(key)")
        path = reader.take("path", ProtectedRule.pathPhrase) { ProtectedRule.path($0) }
        prefix = reader.take("prefix", ProtectedRule.pathPhrase) { ProtectedRule.path($0) }
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
        rolesRequired = (reader.texts("roles_required") ?? []).map { ByteText($0) }
        rolesAccepted = (reader.texts("roles_accepted") ?? []).map { ByteText($0) }
        permissionsRequired = (reader.texts("permissions_required") ?? []).map { ByteText($0) }
        permissionsAccepted = (reader.texts("permissions_accepted") ?? []).map { ByteText($0) }
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

    private static let pathPhrase =
        "a path that begins with /, decoded, without ; % \\, empty segments, and segments that end in a dot or a blank"

    private static func path(_ value: SettingValue) -> RequestPath? {
        guard let path = value.text.map({ RequestPath($0) }), path.isUnambiguous else { return nil }
        return path
    }

    /// Whether the service answers the path itself.
    var isPage: Bool { content != nil || json != nil }

    private func hasPlace(of other: ProtectedRule) -> Bool { path == other.path && prefix == other.prefix }

    // MARK: Matching

    /// How much a rule says of a path: an exact path says all, a prefix as much as it is long. Nil when it says nothing.
    func weight(for path: RequestPath) -> Int? {
        if let own = self.path { return own == path ? .max : nil }
        guard let prefix, path.isBelow(prefix) else { return nil }
        return path == prefix ? .max - 1 : prefix.count
    }

    /// The same in the eyes of a program that takes no notice of case, or of a slash at the end; 0 for nothing.
    func looseWeight(for loosePath: RequestPath) -> Int {
        if let own = path { return own.loosely == loosePath ? .max - 1 : 0 }
        guard let prefix, loosePath.isBelow(prefix.loosely) else { return 0 }
        return prefix.count
    }
}
