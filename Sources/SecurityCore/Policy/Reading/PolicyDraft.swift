/// A configuration file on its way to become a ``Policy``: its settings of the right type, and what there is to say.
///
/// The extensions of this type each read one part of the policy. They may assume the types of ``ConfigKeys``; a setting
/// of a wrong type is reported once, here, and then counts as absent.
final class PolicyDraft {
    /// The file, for diagnostics and for relative paths.
    let path: String
    /// Where the program's own data are (`share` of its prefix); nil = the standard places.
    let dataFolder: String?
    /// What has been found so far.
    private(set) var diagnostics: [Diagnostic] = []
    private var settings: [(name: String, node: TOMLNode)] = []
    private var refused: [String] = []

    /// Takes the top level of a file.
    init(path: String, root: TOMLNode?, dataFolder: String? = nil) {
        self.path = path
        self.dataFolder = dataFolder
        for node in root?.children ?? [] { take(node) }
    }

    /// Whether there is no policy in the file.
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    private func take(_ node: TOMLNode) {
        let name = node.key
        if refusesStrays(in: node, named: name, from: node.line) { return refused.append(name) }
        guard let key = ConfigKeys.find(name) else { return takeUnknown(node, named: name) }
        if let flaw = key.type.flaw(of: node, for: key) {
            report(.error, node, "\(name) \(flaw)", key: name)
            refused.append(name)
        } else {
            noteForm(node, of: key)
            settings.append((name, node))
        }
    }

    private func takeUnknown(_ node: TOMLNode, named name: String) {
        guard ConfigKeys.isReserved(name) else {
            guard let neighbour = ConfigKeys.neighbour(of: name) else { return }
            return report(
                .hint, node,
                "\(name) is not a key that is known here, and is ignored; did you mean \(neighbour)?", key: name)
        }
        let mend =
            ConfigKeys.nearest(to: name).map { "did you mean \($0)?" } ?? "`securityctl config keys` lists all keys"
        report(.error, node, "\(name) is not a known key; \(mend)", key: name)
    }

    /// A key written below a `[table]` header belongs to that table, at whatever depth, and would be overlooked.
    private func refusesStrays(in node: TOMLNode, named name: String, from line: Int) -> Bool {
        var hasStrays = false
        for child in node.children {
            if ConfigKeys.isReserved(child.key) {
                report(
                    .error, child,
                    "\(child.key) stands inside the table [\(name)]; move it above line"
                        + " \(line)", key: child.key)
                hasStrays = true
            } else if child.kind == .table || child.kind == .array {
                hasStrays = refusesStrays(in: child, named: name, from: line) || hasStrays
            }
        }
        return hasStrays
    }

    /// Forms that Flask-Security cannot read from the same file.
    private func noteForm(_ node: TOMLNode, of key: ConfigKey) {
        guard key.type.kind == .durationText, case .success(let reading) = ConfigDuration.parse(node),
            !reading.isPortable
        else { return }
        report(
            .hint, node,
            "\(key.name): Flask-Security reads only a text with a plural unit here, such as \(key.fallback)",
            key: key.name)
    }
}

extension PolicyDraft {
    /// Says something about a setting.
    func report(_ severity: Diagnostic.Severity, _ node: TOMLNode?, _ message: String, key: String) {
        report(severity, line: node?.line, message, key: key)
    }

    /// Says something about a setting that stands in the file, or would have to.
    func report(_ severity: Diagnostic.Severity, _ key: String, _ message: String) {
        report(severity, line: self[key]?.line, "\(key) \(message)", key: key)
    }

    /// Says something about a line.
    private func report(_ severity: Diagnostic.Severity, line: Int?, _ message: String, key: String) {
        diagnostics.append(Diagnostic(severity: severity, path: path, line: line, key: key, message: message))
    }
}

extension PolicyDraft {
    /// A setting of the right type, None included.
    subscript(key: String) -> TOMLNode? {
        let count = key.utf8.count
        for setting in settings where setting.name.utf8.count == count && setting.name.equals(key) {
            return setting.node
        }
        return nil
    }

    /// The settings of the right type whose keys begin with `prefix`, in the order of the file.
    func settings(withPrefix prefix: String) -> [(name: String, node: TOMLNode)] {
        settings.filter { $0.name.utf8.starts(with: prefix.utf8) }
    }

    /// Whether the file does not mention this key, not even with a wrong type.
    func lacks(_ key: String) -> Bool {
        self[key] == nil && !refused.contains(where: key.equals)
    }

    /// Whether the file sets this key to something else than None.
    func has(_ key: String) -> Bool {
        guard let node = self[key] else { return false }
        return !node.isEmptyString
    }

    /// A boolean.
    func bool(_ key: String) -> Bool? { self[key]?.boolean }

    /// An integer; the table of keys bounds it.
    func integer(_ key: String) -> Int? { self[key]?.integer.flatMap { Int(exactly: $0) } }

    /// A text; nil for None.
    func text(_ key: String) -> String? { has(key) ? self[key]?.string : nil }

    /// A list of texts, also when it is written as one text.
    func texts(_ key: String) -> [String]? {
        guard has(key), let node = self[key] else { return nil }
        if let text = node.string { return [text] }
        return node.children.compactMap { $0.string }
    }

    /// A duration in microseconds.
    func duration(_ key: String) -> Int64? {
        guard has(key), let node = self[key], case .success(let reading) = ConfigDuration.parse(node) else {
            return nil
        }
        return reading.microseconds
    }

    /// A secret text; nil for None.
    func secret(_ key: String) -> SharedSecret? { has(key) ? self[key]?.secret() : nil }
}
