import ArgumentParser
import SecurityCore

/// `securityctl breached build`.
struct BreachedBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Make a filter of the published list of breached passwords.",
        discussion: """
            SOURCE is the list "ordered by hash" of Have I Been Pwned, with lines "SHA1:COUNT". TARGET is for \
            LIBSECURITY_BREACHED_FILE; it is replaced when the filter is whole.

            A filter overlooks no password of the list, and takes some unknown ones for known. With N false-positive \
            bits that is at most one in 2^N, and a million hashes take about N + 2 million bits: with 10, at most one in \
            1024 and 1.4 to 1.6 megabytes; with 14, one in 16384 and 1.9 to 2.1; with 20, one in 1048576 and 2.7 to 2.9. \
            The list itself has 45 megabytes for a million. The memory does not grow with the list.
            """)

    @OptionGroup var format: FormatOptions
    @Argument(help: "The list, ordered by hash.") var source: String
    @Argument(help: "The filter.") var target: String
    @Option(help: "Leave out what was found less often; must be SECURITY_PASSWORD_BREACHED_COUNT.") var minCount = 1
    @Option(help: "How rare false positives are: at most one in 2^N, from 6 to 24.") var falsePositiveBits = 10

    func validate() throws {
        guard minCount >= 1 else { throw ValidationError("--min-count must be at least 1.") }
        guard FilterShape.falsePositiveRange.contains(falsePositiveBits) else {
            throw ValidationError("--false-positive-bits must be from 6 to 24.")
        }
    }

    func run() throws {
        let output = Output()
        let list = try BreachedFile(path: source)
        let file = try NewBreachedFile(path: target)
        let values = try HashListScan.estimate(list, minimum: minCount)
        // The estimate may be some percent too low; the promise holds all the same.
        let shape = FilterShape(values: values + values / 32, falsePositiveBits: falsePositiveBits)
        try fill(FilterBuilder(shape, minimumCount: minCount, file: file), from: list, output)
        try file.keep()
        try BreachedFacts(BreachedFilter(BreachedFile(path: target)), path: target).tell(output, format)
        try output.flush()
    }

    private func fill(_ builder: consuming FilterBuilder, from list: BreachedFile, _ output: Output) throws {
        var scan = HashListScan(list)
        var progress = Progress(total: list.size)
        while let line = try scan.next() {
            if line.count >= minCount { try builder.add(line.key) }
            if let percent = progress.step(to: scan.position) { output.note("\(percent) %: \(scan.lines) lines") }
        }
        try builder.finish()
    }
}

/// Tells each tenth of a long work once.
private struct Progress {
    private let tenth: Int64
    private var next: Int64
    private var percent = 0

    /// A work on `total` bytes; a short one tells nothing.
    init(total: Int64) {
        tenth = max(total / 10, 1 << 20)
        next = tenth
    }

    /// The percentage that was just reached.
    mutating func step(to position: Int64) -> Int? {
        guard position >= next else { return nil }
        next += tenth
        percent += 10
        return percent
    }
}
