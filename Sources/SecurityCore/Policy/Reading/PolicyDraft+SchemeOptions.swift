/// SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS and the deprecated SECURITY_PASSWORD_HASH_OPTIONS.
extension PolicyDraft {
    /// What a cost of a scheme may be, and below what it is unwise.
    private struct CostRow {
        let scheme: PasswordScheme
        let range: ClosedRange<Int64>
        let wise: Int64
    }

    private static let costs = [
        CostRow(scheme: .bcrypt, range: 4...18, wise: 10),
        CostRow(scheme: .argon2, range: 1...65_536, wise: 2),
        CostRow(scheme: .pbkdf2SHA256, range: 1...10_000_000, wise: 29_000),
        CostRow(scheme: .pbkdf2SHA512, range: 1...10_000_000, wise: 25_000),
        CostRow(scheme: .sha256Crypt, range: 1000...30_000_000, wise: 100_000),
        CostRow(scheme: .sha512Crypt, range: 1000...30_000_000, wise: 100_000),
        CostRow(scheme: .scrypt, range: 1...20, wise: 14),
        CostRow(scheme: .djangoBcrypt, range: 4...18, wise: 10),
        CostRow(scheme: .djangoBcryptSHA256, range: 4...18, wise: 10),
        CostRow(scheme: .djangoArgon2, range: 1...65_536, wise: 2),
        CostRow(scheme: .djangoPBKDF2SHA256, range: 1...10_000_000, wise: 29_000),
        CostRow(scheme: .djangoPBKDF2SHA1, range: 1...10_000_000, wise: 131_000),
    ]

    /// The options of each scheme.
    func schemeOptions() -> [PasswordScheme: SchemeOptions] {
        let key = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
        var options = has(key) ? [:] : PasswordPolicy().options
        for node in self[key]?.children ?? [] { readOption(node, of: key, into: &options) }
        readOldOptions(into: &options)
        warnOfMemory(options, key)
        return options
    }

    /// One `scheme__option = value`. Options of all schemes (`all__vary_rounds`, without a scheme) change no hash of
    /// ours.
    private func readOption(_ node: TOMLNode, of key: String, into options: inout [PasswordScheme: SchemeOptions]) {
        let (name, option) = PolicyDraft.split(node.key)
        guard let name, !name.equals("all") else { return }
        guard let scheme = PasslibNames.scheme(name) else {
            guard !PasslibNames.isForeign(name) else { return }
            let mend = PasslibNames.nearest(to: name).map { "; did you mean \"\($0)__\(option)\"?" } ?? ""
            return report(
                .error, node,
                "\(key) has \"\(node.key)\", whose first part is no scheme of passlib\(mend)", key: key)
        }
        let field = SchemeOptionField(option)
        guard let field else {
            let mend = SchemeOptionField.nearest(to: option).map { "; did you mean \"\(name)__\($0)\"?" } ?? ""
            return report(.error, node, "\(key) has \"\(node.key)\", and \(name) has no such option\(mend)", key: key)
        }
        read(field, of: scheme, from: node, key, into: &options[scheme, default: SchemeOptions()])
    }

    /// `{ scheme = { option = value } }`: parameters of new hashes alone.
    private func readOldOptions(into options: inout [PasswordScheme: SchemeOptions]) {
        let key = "SECURITY_PASSWORD_HASH_OPTIONS"
        guard has(key), let node = self[key] else { return }
        report(
            .warning, key,
            "is deprecated; write SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS = { bcrypt__rounds = 12 } instead")
        for table in node.children {
            guard let scheme = PasslibNames.scheme(table.key), table.kind == .table else {
                let isForeign = PasslibNames.isForeign(table.key)
                if !isForeign {
                    report(
                        .error, table,
                        "\(key) must hold a table for each scheme: { bcrypt = { rounds = 12 } }", key: key)
                }
                continue
            }
            for node in table.children {
                guard let field = SchemeOptionField(node.key) else {
                    report(.error, node, "\(key) has \"\(node.key)\", and \(table.key) has no such option", key: key)
                    continue
                }
                let isCost = field == .rounds
                read(
                    isCost ? .newRounds : field, of: scheme, from: node, key,
                    into: &options[scheme, default: SchemeOptions()])
            }
        }
    }

    private func read(
        _ field: SchemeOptionField, of scheme: PasswordScheme, from node: TOMLNode, _ key: String,
        into options: inout SchemeOptions
    ) {
        let name = "\(key): \"\(node.key)\""
        switch field {
        case .ignored: return
        case .ident where scheme == .scrypt:
            guard let form = node.string.flatMap({ ScryptForm(rawValue: $0) }) else {
                return report(.error, node, "\(name) must be one of \"$scrypt$\", \"$7$\"", key: key)
            }
            options.scryptForm = form
        case .ident:
            let variants = ["2", "2a", "2b", "2y"]
            let bare = (node.string ?? "").utf8.filter { $0 != 0x24 }
            guard let text = variants.first(where: { $0.utf8.elementsEqual(bare) }) else {
                return report(.error, node, "\(name) must be one of \"2\", \"2a\", \"2b\", \"2y\"", key: key)
            }
            options.bcryptVariant = text
        case .type:
            guard let type = node.string.flatMap({ Argon2Type(rawValue: ByteText($0).lowered.string) }) else {
                return report(.error, node, "\(name) must be one of \"id\", \"i\", \"d\"", key: key)
            }
            options.argon2Type = type
        case .rounds, .newRounds, .minimumRounds, .maximumRounds, .memoryCost, .parallelism, .blockSize, .hashLength,
            .saltLength:
            let row = PolicyDraft.costs.first { $0.scheme == scheme }
            let range = field.range ?? row?.range ?? 1...Int64.max
            guard let value = node.integer else {
                return report(.error, node, "\(name) must be a whole number, not \(node.kind.phrase)", key: key)
            }
            guard range.contains(value), let number = Int(exactly: value) else {
                return report(
                    .error, node,
                    "\(name) is \(value), and must be from \(range.lowerBound) to \(range.upperBound)", key: key)
            }
            if field == .rounds || field == .newRounds, let row, value < row.wise {
                report(
                    .warning, node,
                    "\(name) is \(value); below \(row.wise) a stolen hash is cheap to guess", key: key)
            }
            field.store(number, in: &options)
        }
    }

    private func warnOfMemory(_ options: [PasswordScheme: SchemeOptions], _ key: String) {
        for scheme in [PasswordScheme.argon2, .djangoArgon2] { warnOfMemory(options, key, scheme) }
    }

    private func warnOfMemory(_ options: [PasswordScheme: SchemeOptions], _ key: String, _ scheme: PasswordScheme) {
        guard let argon2 = options[scheme], let memory = argon2.memoryCost else { return }
        let name = scheme.rawValue
        let lanes = argon2.parallelism ?? 4
        if memory < 8 * lanes {
            report(
                .error, key,
                "has \(name)__memory_cost \(memory), and must have at least 8 for each of the \(lanes) lanes")
        } else if memory < 19_456 {
            report(.warning, key, "has \(name)__memory_cost \(memory) KiB; below 19456 a stolen hash is cheap to guess")
        }
    }

    /// Splits `scheme__option`; there is no scheme without two underscores.
    private static func split(_ text: String) -> (scheme: String?, option: String) {
        let bytes = Array(text.utf8)
        for index in bytes.indices.dropLast() where bytes[index] == 0x5F && bytes[index + 1] == 0x5F {
            let head = String(decoding: bytes[..<index], as: UTF8.self)
            return (head, String(decoding: bytes[(index + 2)...], as: UTF8.self))
        }
        return (nil, text)
    }
}
