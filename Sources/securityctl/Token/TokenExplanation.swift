import SecurityCore
import SecurityTokens

/// What there is to say about a token. Values are of a kind that may be shown: no hash, no wallet.
struct TokenExplanation {
    /// What it is.
    let kind: String
    /// Whether it is good, and whose it is.
    var finding: TokenFinding
    /// What else it says, by names for people and for JSON alike.
    var remarks: [(name: String, value: String)] = []

    /// What another key than SECRET_KEY signed it with is called.
    private let otherKey: String?

    init(_ kind: String, _ finding: TokenFinding, key: String? = nil) {
        self.kind = kind
        otherKey = key
        self.finding = finding
    }

    /// For people, a line each.
    var text: String {
        var lines = [("kind", kind), ("verdict", finding.verdict.word), ("signed with", key)]
        if let second = finding.issuedAt { lines.append(("signed", HTTPDate.text(of: second))) }
        lines.append(("good until", finding.expiresAt.map { HTTPDate.text(of: $0) } ?? "no limit of its own"))
        if let account = finding.account { lines.append(("account", "id:\(account.id) \(account.email)")) }
        if let name = finding.uniquifier { lines.append(("uniquifier", name)) }
        if let moment = finding.freshness.authenticatedAt {
            lines.append(("authenticated", HTTPDate.text(of: moment.seconds)))
        }
        if let end = finding.freshness.graceEndSeconds { lines.append(("grace until", HTTPDate.text(of: end))) }
        lines += remarks.map { ($0.name, $0.value) }
        let width = lines.map { $0.0.utf8.count }.max() ?? 0
        return lines.map { name, value in
            name + ":" + String(repeating: " ", count: width - name.utf8.count + 1) + value.printable + "\n"
        }.joined()
    }

    /// For programs. Times are seconds since the epoch.
    var json: JSON {
        let account = finding.account
        return .object([
            ("kind", .string(kind)), ("verdict", .string(finding.verdict.word)),
            ("key_index", .optional(finding.keyIndex.map { Int64($0) })), ("issued_at", .optional(finding.issuedAt)),
            ("expires_at", .optional(finding.expiresAt)), ("account", .optional(account?.id)),
            ("email", .optional(account?.email)), ("uniquifier", .optional(finding.uniquifier)),
            ("authenticated_at", .optional(finding.freshness.authenticatedAt?.seconds)),
            ("grace_until", .optional(finding.freshness.graceEndSeconds)),
            ("remarks", .object(remarks.map { ($0.name, .string($0.value)) })),
        ])
    }

    /// The key's name in the configuration; never the key.
    private var key: String {
        if let otherKey { return otherKey }
        guard let index = finding.keyIndex, index > 0 else { return "SECRET_KEY" }
        return "SECRET_KEY_FALLBACKS, number \(index)"
    }
}

extension JSON {
    fileprivate static func optional(_ number: Int64?) -> JSON { number.map { .int($0) } ?? .null }
}

extension TokenVerdict {
    /// The word for it, as lsec_token_status_string() has it.
    fileprivate var word: String {
        switch self {
        case .valid: "valid"
        case .invalid: "invalid"
        case .expired: "expired"
        case .unknownAccount: "unknown-account"
        case .changed: "changed"
        case .used: "used"
        case .inactive: "inactive"
        case .anonymous: "anonymous"
        case .ended: "ended"
        }
    }
}
