import ArgumentParser
import SecurityCore

/// `securityctl config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check and show the configuration, and list its keys.",
        subcommands: [ConfigCheck.self, ConfigShow.self, ConfigKeysCommand.self])
}

/// The file that a command is about: its own argument before `--config`.
struct FileArgument: ParsableArguments {
    @Argument(help: "The file; without it, the one of --config.") var file: String?
}

extension Diagnostic {
    var json: JSON {
        .object([
            ("severity", .string(severity.rawValue)), ("line", line.map { .int(Int64($0)) } ?? .null),
            ("key", .optional(key)), ("message", .string(message)),
        ])
    }
}

/// `securityctl config check`.
struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find everything that is wrong with a configuration file.",
        discussion: "Errors give exit status 3; warnings and hints do not.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var file: FileArgument

    func run() throws {
        let output = Output()
        let path = file.file ?? site.config
        let reading = try PolicyReader.read(file: path)
        let diagnostics = reading.diagnostics + ConfigCheck.files(of: reading.policy, path)
        if format.isJSON {
            output.json(
                .object([
                    ("path", .string(path)), ("valid", .bool(reading.policy != nil)),
                    ("diagnostics", .array(diagnostics.map { $0.json })),
                ]))
        } else {
            for diagnostic in diagnostics { output.line(diagnostic.description) }
            if reading.policy != nil { output.line(ConfigCheck.verdict(path, diagnostics.count)) }
        }
        try output.flush()
        guard reading.policy != nil else {
            throw CommandFailure("\(path) is invalid: errors are \(reading.errors.count)", status: .configuration)
        }
    }

    /// What is wrong with the files that a policy names.
    private static func files(of policy: Policy?, _ path: String) -> [Diagnostic] {
        breached(policy, path) + words(policy, path)
    }

    private static func words(_ policy: Policy?, _ path: String) -> [Diagnostic] {
        guard let strength = policy?.passwords.strength else { return [] }
        do throws(StrengthError) {
            _ = try StrengthDictionary(path: strength.file)
            return []
        } catch {
            let key = "LIBSECURITY_ZXCVBN_FILE"
            return [
                Diagnostic(
                    severity: .warning, path: path, line: nil, key: key,
                    message: "\(key): every new password is refused: \(error.description)")
            ]
        }
    }

    private static func breached(_ policy: Policy?, _ path: String) -> [Diagnostic] {
        guard let breached = policy?.passwords.breached, breached.mode != .off, breached.file != nil else { return [] }
        do throws(BreachedError) {
            _ = try BreachedSource.open(breached)
            return []
        } catch {
            let key = "LIBSECURITY_BREACHED_FILE"
            return [
                Diagnostic(severity: .warning, path: path, line: nil, key: key, message: "\(key): \(error.description)")
            ]
        }
    }

    private static func verdict(_ path: String, _ remarks: Int) -> String {
        remarks == 0 ? "\(path) is valid." : "\(path) is valid; see the remarks above."
    }
}

/// `securityctl config keys`.
struct ConfigKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List every known key with its type, default and component.")

    @OptionGroup var format: FormatOptions
    @Flag(help: "Only the keys that this version honours.") var honoured = false

    func run() throws {
        let output = Output()
        let rows = ConfigKeys.sections.flatMap { section in section.keys.map { (section.title, $0) } }
            .filter { !honoured || $0.1.isHonoured }
        if format.isJSON {
            output.json(.array(rows.map { section, key in key.json(section: section) }))
        } else {
            var table = TextTable("KEY", "HONOURED", "COMPONENT", "TYPE", "DEFAULT")
            for (_, key) in rows {
                table.add(
                    key.name, key.isHonoured ? "yes" : "no", key.component, "\(key.type)",
                    key.fallback.isEmpty ? "(none)" : key.fallback)
            }
            output.text(table.text)
        }
        try output.flush()
    }
}

extension ConfigKey {
    fileprivate func json(section: String) -> JSON {
        .object([
            ("key", .string(name)), ("type", .string("\(type)")),
            ("default", fallback.isEmpty ? .null : .string(fallback)),
            ("component", .string(component)), ("honoured", .bool(isHonoured)), ("section", .string(section)),
            ("since", .string(since)), ("meaning", .string(meaning)),
        ])
    }
}
