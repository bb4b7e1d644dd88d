import ArgumentParser
import SecurityCore

/// `securityctl config show`.
struct ConfigShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the value that each key has and where it comes from; secrets are masked.",
        discussion: """
            Shown are the keys of the file and those that this version honours; --all shows every known key.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @Flag(help: "Show the keys too that are neither in the file nor honoured.") var all = false
    @OptionGroup var file: FileArgument

    func run() throws {
        let output = Output()
        let path = file.file ?? site.config
        let text = try PolicyFile.read(path)
        let settings = EffectiveSetting.all(in: text).filter { all || $0.key.isHonoured || $0.origin != .fallback }
        if format.isJSON {
            output.json(.array(settings.map { $0.json }))
        } else {
            for setting in settings { output.line(setting.line) }
        }
        try output.flush()
        let errors = PolicyReader.read(text, path: path).errors
        guard errors.isEmpty else {
            let lines = errors.map { "\n  " + $0.description }.joined()
            throw CommandFailure("the configuration is invalid" + lines, status: .configuration)
        }
    }
}

extension EffectiveSetting {
    fileprivate var json: JSON {
        var line = JSON.null
        var place = "default"
        if case .file(let number) = origin {
            line = .int(Int64(number))
            place = "file"
        }
        return .object([
            ("key", .string(key.name)), ("value", value.isEmpty ? .null : .string(value)), ("origin", .string(place)),
            ("line", line), ("honoured", .bool(key.isHonoured)),
        ])
    }

    fileprivate var line: String {
        let remark = key.isHonoured ? "" : ", not honoured by this version"
        let shown = value.isEmpty ? "(not set)" : value
        switch origin {
        case .file(let line): return "\(key.name) = \(shown)  # line \(line)\(remark)"
        case .fallback: return "\(key.name) = \(shown)  # default\(remark)"
        }
    }
}
