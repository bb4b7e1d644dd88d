// Login processes read policies only; services read what is beyond them here.
#if !hasFeature(Embedded)
/// The settings of one valid configuration file, with the defaults of ``ConfigKeys`` for what it leaves out.
///
/// For programs whose keys are no part of ``Policy``. Holds the file's text, secrets included, as long as it lives.
public final class Settings {
    private let draft: PolicyDraft

    init(_ draft: PolicyDraft) {
        self.draft = draft
    }

    /// The value that holds for a key of the table; nil for Python's None. Not for secrets.
    public subscript(key: String) -> SettingValue? {
        withNode(key) { node in SettingValue(node) }
    }

    /// Whether the file itself sets the key to something else than None.
    public func isSet(_ key: String) -> Bool { draft.has(key) }

    /// A truth value; false for None.
    public func bool(_ key: String) -> Bool { self[key] == .bool(true) }

    /// A text; nil for None.
    public func text(_ key: String) -> String? { self[key]?.text }

    /// A list of texts, also when it is written as one text; empty for None.
    public func texts(_ key: String) -> [String] {
        guard let value = self[key] else { return [] }
        return value.text.map { [$0] } ?? value.elements.compactMap { $0.text }
    }

    /// An integer; nil for None.
    public func integer(_ key: String) -> Int? {
        guard case .integer(let number) = self[key] else { return nil }
        return Int(exactly: number)
    }

    /// A duration in microseconds; nil for None.
    public func duration(_ key: String) -> Int64? {
        withNode(key) { node in
            guard case .success(let reading) = ConfigDuration.parse(node) else { return nil }
            return reading.microseconds
        }
    }

    /// A secret text of the file; nil for None.
    public func secret(_ key: String) -> SharedSecret? { draft.secret(key) }

    /// A secret text in a table; nil where there is none.
    public func secret(_ key: String, entry: String) -> SharedSecret? { withEntry(key, entry) { $0.secret() } }

    /// A text in a table that may hold secrets; nil where there is none, or an empty one.
    public func text(_ key: String, entry: String) -> String? {
        withEntry(key, entry) { $0.isEmptyString ? nil : $0.string }
    }

    private func withEntry<Value>(_ key: String, _ entry: String, _ read: (TOMLNode) -> Value?) -> Value? {
        withNode(key) { node in node.children.first { $0.key.equals(entry) }.flatMap(read) }
    }

    private func withNode<Value>(_ key: String, _ read: (TOMLNode) -> Value?) -> Value? {
        if let node = draft[key] { return node.isEmptyString ? nil : read(node) }
        guard let fallback = ConfigKeys.find(key)?.fallback, !fallback.isEmpty else { return nil }
        let text = Array("v = \(fallback)".utf8)
        do throws(TOMLError) {
            guard let node = try TOMLDocument(parsing: text.span).root?.children.first, !node.isEmptyString else {
                return nil
            }
            return read(node)
        } catch {
            return nil
        }
    }
}

/// A value of TOML, dates aside.
public indirect enum SettingValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case real(Double)
    case bool(Bool)
    case list([SettingValue])
    case table([SettingEntry])

    init?(_ node: TOMLNode) {
        switch node.kind {
        case .string: self = .text(node.string ?? "")
        case .integer: self = .integer(node.integer ?? 0)
        case .float: self = .real(node.real ?? 0)
        case .boolean: self = .bool(node.boolean ?? false)
        case .array: self = .list(node.children.compactMap { SettingValue($0) })
        case .table:
            self = .table(
                node.children.compactMap { child in
                    SettingValue(child).map { SettingEntry(name: child.key, value: $0) }
                })
        case .date: return nil
        }
    }

    /// The text, of a text.
    public var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// The truth value, of one.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The number, of an integer or a number with a fraction.
    public var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .text, .bool, .list, .table: nil
        }
    }

    /// A length of time in microseconds, of a number of seconds or a text such as "30 minutes"; nil for anything else, and for
    /// what does not fit.
    public var microseconds: Int64? {
        if let text {
            guard case .success(let reading) = ConfigDuration.parse(text) else { return nil }
            return reading.microseconds
        }
        return number.flatMap { Int64(exactly: ($0 * 1_000_000).rounded()) }
    }

    /// The elements, of a list.
    public var elements: [SettingValue] {
        if case .list(let elements) = self { return elements }
        return []
    }

    /// The entries in the order of the file, of a table.
    public var entries: [SettingEntry] {
        if case .table(let entries) = self { return entries }
        return []
    }

    /// An entry's value, of a table that has it.
    public subscript(name: String) -> SettingValue? { entries.first { $0.name.equals(name) }?.value }
}

/// One entry of a table.
public struct SettingEntry: Equatable, Sendable {
    /// Its key.
    public let name: String
    /// Its value.
    public let value: SettingValue
}
#endif
