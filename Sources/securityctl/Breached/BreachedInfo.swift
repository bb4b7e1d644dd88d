import ArgumentParser
import SecurityCore

/// `securityctl breached info`.
struct BreachedInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a list or a filter of breached passwords holds.",
        discussion: "With --verify it is read as a whole: each line of a list, the digests of a filter.")

    @OptionGroup var format: FormatOptions
    @Argument(help: "A list or a filter.") var file: String
    @Flag(help: "Read it as a whole, and check it.") var verify = false

    func run() throws {
        let output = Output()
        if let filter = try BreachedSource.filter(file) {
            if verify { try filter.verify() }
            BreachedFacts(filter, path: file).tell(output, format)
        } else {
            let list = try BreachedFile(path: file)
            _ = try HashList(list)
            let lines = verify ? try BreachedInfo.count(list) : Int(try HashListScan.estimate(list, minimum: 1))
            tell(output, lines, size: list.size)
        }
        try output.flush()
    }

    private static func count(_ list: BreachedFile) throws -> Int {
        var scan = HashListScan(list)
        while try scan.next() != nil {}
        return scan.lines
    }

    private func tell(_ output: Output, _ lines: Int, size: Int64) {
        guard !format.isJSON else {
            return output.json(
                .object([
                    ("path", .string(file)), ("kind", .string("list")), ("hashes", .int(Int64(lines))),
                    ("exact", .bool(verify)), ("bytes", .int(size)),
                ]))
        }
        output.line("\(file.printable): a list of \(verify ? "" : "about ")\(lines) hashes, \(size) bytes.")
    }
}

/// What a filter holds, and what it costs.
struct BreachedFacts {
    private let filter: BreachedFilter
    private let path: String

    init(_ filter: BreachedFilter, path: String) {
        self.filter = filter
        self.path = path
    }

    private var bytesPerMillion: Int {
        filter.hashCount > 0 ? Int(Double(filter.size) * 1e6 / Double(filter.hashCount)) : 0
    }

    func tell(_ output: Output, _ format: FormatOptions) {
        guard !format.isJSON else {
            return output.json(
                .object([
                    ("path", .string(path)), ("kind", .string("filter")), ("hashes", .int(Int64(filter.hashCount))),
                    ("minimum_count", .int(Int64(filter.minimumCount))), ("bytes", .int(Int64(filter.size))),
                    ("bytes_per_million", .int(Int64(bytesPerMillion))),
                    ("false_positive_interval", .int(Int64(filter.falsePositiveInterval))),
                ]))
        }
        output.line(
            "\(path.printable): a filter of \(filter.hashCount) hashes with a count of \(filter.minimumCount) or more.")
        output.line("\(filter.size) bytes, \(bytesPerMillion) for a million hashes.")
        output.line("One unknown password in \(filter.falsePositiveInterval) is taken for a known one.")
    }
}
