/// A key with the value that holds, for `securityctl config show`.
public struct EffectiveSetting {
    /// Where a value comes from.
    public enum Origin: Equatable {
        /// A line of the file.
        case file(line: Int)
        /// The default of the table of keys.
        case fallback
    }

    /// What masked secrets show.
    public static let mask = "***"

    /// The row of the key.
    public let key: ConfigKey
    /// The value as TOML text, with ``mask`` for each secret; empty when the key has no default.
    public let value: String
    /// Where it comes from.
    public let origin: Origin

    /// Every known key of a text, in the order of the table; nothing for a text that is not TOML.
    public static func all(in text: borrowing Secret) -> [EffectiveSetting] {
        do throws(TOMLError) {
            let document = try text.withBytes { (bytes) throws(TOMLError) in try TOMLDocument(parsing: bytes) }
            let nodes = document.root?.children ?? []
            return ConfigKeys.sections.flatMap { section in section.keys.map { setting($0, nodes) } }
        } catch {
            return []
        }
    }

    private static func setting(_ key: ConfigKey, _ nodes: [TOMLNode]) -> EffectiveSetting {
        guard let node = nodes.first(where: { $0.key.equals(key.name) }) else {
            return EffectiveSetting(key: key, value: key.fallback, origin: .fallback)
        }
        return EffectiveSetting(key: key, value: TOMLText.of(node, as: key.type), origin: .file(line: node.line))
    }
}

/// Writes values as TOML text on one line.
enum TOMLText {
    /// A value, with its secrets masked as its type demands.
    static func of(_ node: TOMLNode, as type: ConfigValueType) -> String {
        guard type.isSecret, !node.isEmptyString else { return of(node) }
        if type.kind == .databaseURI, let masked = node.withBytes({ maskedURI($0) }) { return quoted(masked) }
        switch node.kind {
        case .array: return list(node.children.map { _ in quoted(EffectiveSetting.mask) })
        case .table: return table(node.children.map { ($0.key, quoted(EffectiveSetting.mask)) })
        case .string, .integer, .float, .boolean, .date: return quoted(EffectiveSetting.mask)
        }
    }

    private static func of(_ node: TOMLNode) -> String {
        switch node.kind {
        case .string: quoted(node.string ?? "")
        case .integer: "\(node.integer ?? 0)"
        case .float: "\(node.real ?? 0)"
        case .boolean: node.boolean == true ? "true" : "false"
        case .date: "(a date)"
        case .array: list(node.children.map { of($0) })
        case .table: table(node.children.map { ($0.key, of($0)) })
        }
    }

    private static func list(_ members: [String]) -> String { "[" + members.joined(separator: ", ") + "]" }

    private static func table(_ members: [(key: String, value: String)]) -> String {
        guard !members.isEmpty else { return "{}" }
        return "{ " + members.map { "\(key($0.key)) = \($0.value)" }.joined(separator: ", ") + " }"
    }

    private static func key(_ text: String) -> String {
        let isBare = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
                || byte == 0x2D
        }
        return isBare && !text.isEmpty ? text : quoted(text)
    }

    /// A basic string.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C:
                quoted += "\\"
                quoted.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A URI without its password and without its parameters, which may hold another. As SQLAlchemy reads it, the
    /// password lies between the first colon of the authority and the last `@`, and may hold anything. What is no URI
    /// is not shown.
    private static func maskedURI(_ uri: Span<UInt8>) -> String {
        guard !PolicyDraft.scheme(of: uri).isEmpty else { return EffectiveSetting.mask }
        let mask = Array(EffectiveSetting.mask.utf8)
        let authority = (uri.indices.first { uri[$0] == 0x2F } ?? uri.count) + 2
        let at = uri.indices.reversed().first { uri[$0] == 0x40 }
        let colon = at.flatMap { at in uri.indices.first { $0 >= authority && $0 < at && uri[$0] == 0x3A } }
        var shown: [UInt8] = []
        var index = 0
        while index < uri.count {
            let byte = uri[index]
            shown.append(byte)
            index += 1
            if byte == 0x3F {
                shown += mask
                break
            }
            if index - 1 == colon, let at {
                shown += mask
                index = at
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }
}
