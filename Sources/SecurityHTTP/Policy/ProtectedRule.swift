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

    init(_ table: SettingValue) {
        func texts(_ name: String) -> [String] { table[name]?.elements.compactMap { $0.text } ?? [] }
        func microseconds(_ name: String) -> Int64? {
            table[name]?.number.flatMap { Int64(exactly: ($0 * 1_000_000).rounded()) }
        }
        path = table["path"]?.text
        prefix = table["prefix"]?.text
        methods = table["methods"] == nil ? ["GET"] : texts("methods")
        mechanisms = Mechanism.allCases.filter { texts("mechanisms").contains($0.rawValue) }
        realm = table["realm"]?.text
        freshWithin = microseconds("fresh_within")
        freshGrace = microseconds("fresh_grace")
        rolesRequired = texts("roles_required")
        rolesAccepted = texts("roles_accepted")
        permissionsRequired = texts("permissions_required")
        permissionsAccepted = texts("permissions_accepted")
        content = table["content"]?.text
        isPlain = table["plain"]?.bool ?? false
        json = table["json"]
    }

    /// Whether the service answers the path itself.
    var isPage: Bool { content != nil || json != nil }
}
