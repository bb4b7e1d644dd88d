/// The check of a value against the type of its key.
extension ConfigValueType {
    /// What is wrong with a value and what to write instead, to stand after the name of the key; nil when it is right.
    func flaw(of node: TOMLNode, for key: ConfigKey) -> String? {
        if isNullable, node.isEmptyString { return nil }
        switch kind {
        case .bool: return node.kind == .boolean ? nil : mismatch(node, "true or false", key)
        case .integer: return integerFlaw(node, key)
        case .duration: return durationFlaw(node, key)
        case .durationText: return durationFlaw(node, key)
        case .text, .view, .urlPath, .template, .regex, .scheme, .databaseURI, .secret:
            return node.kind == .string ? nil : mismatch(node, "a string", key)
        case .choice: return choiceFlaw(node, key)
        case .textOrFalse:
            return node.kind == .string || node.boolean == false
                ? nil
                : mismatch(
                    node,
                    "a string or"
                        + " false", key)
        case .textOrBool:
            return node.kind == .string || node.kind == .boolean ? nil : mismatch(node, "a string, true or false", key)
        case .textOrList: return node.kind == .string ? nil : listFlaw(node, "a string or a list of strings", key)
        case .sender:
            let isPair = node.kind == .array && node.children.count == 2
            return node.kind == .string
                ? nil
                : isPair
                    ? listFlaw(node, "a string", key)
                    : mismatch(
                        node,
                        "a"
                            + " string", key)
        case .list, .secretList: return listFlaw(node, "a list of strings", key)
        case .schemes:
            return node.kind == .string ? nil : listFlaw(node, "a list of strings", key)
        case .schemesOrBool:
            return node.kind == .boolean ? nil : listFlaw(node, "a list of strings, true or false", key)
        case .choices: return choicesFlaw(node, key)
        case .table: return node.kind == .table ? nil : mismatch(node, "a table", key)
        case .secretTable: return secretTableFlaw(node, key)
        case .tables, .identities: return tablesFlaw(node, key)
        case .message:
            let isPair = node.kind == .array && node.children.count == 2
            return isPair ? listFlaw(node, "a pair [text, level]", key) : mismatch(node, "a pair [text, level]", key)
        case .python: return "is a Python object, which TOML cannot hold; leave the key out"
        }
    }

    private func mismatch(_ node: TOMLNode, _ wanted: String, _ key: ConfigKey) -> String {
        "must be \(wanted), not \(node.kind.phrase); \(advice(key))"
    }

    /// An example of a right value: the default, if there is one.
    private func advice(_ key: ConfigKey) -> String {
        let isTelling = !key.fallback.isEmpty && key.fallback != ConfigKeys.null
        return "write for example `\(key.name) = \(isTelling && !isSecret ? key.fallback : example)`"
    }

    private var example: String {
        switch kind {
        case .bool: "true"
        case .integer: "1"
        case .duration, .durationText: "\"30 minutes\""
        case .list, .secretList, .schemes, .schemesOrBool, .choices: "[\"...\"]"
        case .secretTable: "{ 1 = \"...\" }"
        case .table: "{ name = \"...\" }"
        case .tables, .identities: "[{ name = \"...\" }]"
        case .message: "[\"text\", \"error\"]"
        case .text, .view, .urlPath, .template, .regex, .choice, .textOrFalse, .textOrBool, .textOrList, .sender,
            .scheme,
            .secret, .databaseURI, .python:
            "\"...\""
        }
    }

    private func integerFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard let value = node.integer else { return mismatch(node, "a whole number", key) }
        if value < minimum { return "is \(value), and must be at least \(minimum)" }
        if value > maximum { return "is \(value), and must be at most \(maximum)" }
        return nil
    }

    private func durationFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        switch ConfigDuration.parse(node) {
        case .success: return nil
        case .failure(.malformed): return mismatch(node, "a number of seconds or a text such as \"30 minutes\"", key)
        case .failure(.unit(let unit)):
            return "has no unit of time as its second word; write weeks, days, hours, minutes, seconds, milliseconds or"
                + " microseconds, such as \"30 \(unit)\""
        case .failure(.tooLong): return "is longer than any date can reach; \(advice(key))"
        }
    }

    private func choiceFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard let text = node.string else { return mismatch(node, "a string", key) }
        return choiceFlaw(text)
    }

    private func choiceFlaw(_ text: String) -> String? {
        let choices = words.split(separator: " ").map { String($0) }
        if choices.contains(where: { $0 == text }) { return nil }
        let nearest = NearestName.of(text, among: choices).map { "; did you mean \"\($0)\"?" } ?? ""
        return "is \"\(text)\", and must be one of \(choices.joined(separator: ", "))\(nearest)"
    }

    private func listFlaw(_ node: TOMLNode, _ wanted: String, _ key: ConfigKey) -> String? {
        guard node.kind == .array else { return mismatch(node, wanted, key) }
        for child in node.children where child.kind != .string {
            return "must hold strings only, not \(child.kind.phrase); \(advice(key))"
        }
        return nil
    }

    private func choicesFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        if let flaw = listFlaw(node, "a list of strings", key) { return flaw }
        for child in node.children {
            if let text = child.string, let flaw = choiceFlaw(text) { return "holds a value that " + flaw }
        }
        return nil
    }

    private func secretTableFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard node.kind == .table else { return mismatch(node, "a table of strings", key) }
        for child in node.children where child.kind != .string {
            return "has \(child.kind.phrase) for \"\(child.key)\", and must hold strings only; write"
                + " \"\(child.key)\" = \"...\""
        }
        return nil
    }

    private func tablesFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard node.kind == .array else { return mismatch(node, "a list of tables", key) }
        for child in node.children where child.kind != .table {
            return "must hold tables only, not \(child.kind.phrase); \(advice(key))"
        }
        return nil
    }
}

extension TOMLNode.Kind {
    /// The kind with its article.
    var phrase: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a decimal number"
        case .boolean: "a boolean"
        case .date: "a date"
        case .array: "a list"
        case .table: "a table"
        }
    }
}
