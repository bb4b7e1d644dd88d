/// The check of a value against the type of its key.
extension ConfigValueType {
    /// What is wrong with a value and what to write instead, to stand after the name of the key; nil when it is right.
    func flaw(of node: TOMLNode, for key: ConfigKey) -> String? {
        if isNullable, node.isEmptyString { return nil }
        switch kind {
        case .bool: return require(node.kind == .boolean, node, key)
        case .integer: return integerFlaw(node, key)
        case .duration, .durationText: return durationFlaw(node, key)
        case .text, .view, .urlPath, .template, .regex, .scheme, .databaseURI, .secret:
            return require(node.kind == .string, node, key)
        case .choice: return choiceFlaw(node, key)
        case .textOrFalse: return require(node.kind == .string || node.boolean == false, node, key)
        case .textOrBool: return require(node.kind == .string || node.kind == .boolean, node, key)
        case .textOrList, .schemes: return node.kind == .string ? nil : listFlaw(node, key)
        case .sender: return node.kind == .string ? nil : pairFlaw(node, key)
        case .list, .secretList: return listFlaw(node, key)
        case .schemesOrBool: return node.kind == .boolean ? nil : listFlaw(node, key)
        case .choices: return choicesFlaw(node, key)
        case .table: return require(node.kind == .table, node, key)
        case .secretTable: return secretTableFlaw(node, key)
        case .tables, .identities: return membersFlaw(node, .table, "tables", key)
        case .message: return pairFlaw(node, key)
        case .python: return "is a Python object, which TOML cannot hold; leave the key out"
        }
    }

    /// What a value must be.
    private var phrase: String {
        switch kind {
        case .bool: "true or false"
        case .integer: "a whole number"
        case .duration, .durationText: "a number of seconds or a text such as \"30 minutes\""
        case .text, .view, .urlPath, .template, .regex, .scheme, .databaseURI, .secret, .choice, .sender: "a string"
        case .textOrFalse: "a string or false"
        case .textOrBool: "a string, true or false"
        case .textOrList: "a string or a list of strings"
        case .list, .secretList, .schemes, .choices: "a list of strings"
        case .schemesOrBool: "a list of strings, true or false"
        case .table: "a table"
        case .secretTable: "a table of strings"
        case .tables, .identities: "a list of tables"
        case .message: "a pair [text, level]"
        case .python: "left out"
        }
    }

    private func require(_ isRight: Bool, _ node: TOMLNode, _ key: ConfigKey) -> String? {
        isRight ? nil : "must be \(phrase), not \(node.kind.phrase); \(advice(key))"
    }

    /// An example of a right value: the default, if there is one.
    private func advice(_ key: ConfigKey) -> String {
        let isTelling = !key.fallback.isEmpty && key.fallback != ConfigKeys.null && !isSecret
        return "write for example `\(key.name) = \(isTelling ? key.fallback : example)`"
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
        guard let value = node.integer else { return require(false, node, key) }
        if value < minimum { return "is \(value), and must be at least \(minimum)" }
        return value > maximum ? "is \(value), and must be at most \(maximum)" : nil
    }

    private func durationFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        switch ConfigDuration.parse(node) {
        case .success: nil
        case .failure(.malformed): require(false, node, key)
        case .failure(.unit(let unit)):
            "has no unit of time as its second word; write weeks, days, hours, minutes, seconds, milliseconds or"
                + " microseconds, such as \"30 \(unit)\""
        case .failure(.tooLong): "is longer than any date can reach; \(advice(key))"
        }
    }

    private func choiceFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard let text = node.string else { return require(false, node, key) }
        let choices = ByteText(words).words().map { $0.string }
        if choices.contains(where: text.equals) { return nil }
        let nearest = NearestName.of(text, among: choices).map { "; did you mean \"\($0)\"?" } ?? ""
        return "is \"\(text)\", and must be one of \(choices.joined(separator: ", "))\(nearest)"
    }

    private func choicesFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        if let flaw = listFlaw(node, key) { return flaw }
        for child in node.children {
            if let flaw = choiceFlaw(child, key) { return "holds a value that " + flaw }
        }
        return nil
    }

    private func listFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? { membersFlaw(node, .string, "strings", key) }

    private func pairFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        require(node.kind == .array && node.children.count == 2, node, key) ?? listFlaw(node, key)
    }

    private func membersFlaw(_ node: TOMLNode, _ member: TOMLNode.Kind, _ plural: String, _ key: ConfigKey) -> String? {
        guard node.kind == .array else { return require(false, node, key) }
        for child in node.children where child.kind != member {
            return "must hold \(plural) only, not \(child.kind.phrase); \(advice(key))"
        }
        return nil
    }

    private func secretTableFlaw(_ node: TOMLNode, _ key: ConfigKey) -> String? {
        guard node.kind == .table else { return require(false, node, key) }
        for child in node.children where child.kind != .string {
            let (kind, name) = (child.kind.phrase, child.key)
            return "has \(kind) for \"\(name)\", and must hold strings only; write \"\(name)\" = \"...\""
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
