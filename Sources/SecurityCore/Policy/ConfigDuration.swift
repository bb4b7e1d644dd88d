/// A duration as a configuration file writes it: a number of seconds, or a text such as "30 minutes".
enum ConfigDuration {
    /// Why a text is no duration.
    enum Flaw: Error, Equatable {
        /// Not a whole number and a unit.
        case malformed
        /// The second word is no unit.
        case unit(String)
        /// Longer than 292,000 years.
        case tooLong
    }

    /// A length, and whether Flask-Security can read it too.
    struct Reading: Equatable {
        let microseconds: Int64
        /// Flask-Security takes units in the plural only: they are the parameters of Python's `timedelta`.
        let isPortable: Bool
    }

    private static let units: [(name: String, microseconds: Int64)] = [
        ("weeks", 604_800_000_000), ("days", 86_400_000_000), ("hours", 3_600_000_000), ("minutes", 60_000_000),
        ("seconds", 1_000_000), ("milliseconds", 1000), ("microseconds", 1),
    ]

    /// Reads `"<integer> <unit>"`; the unit may stand in the singular.
    static func parse(_ text: String) -> Result<Reading, Flaw> {
        let words = text.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { ByteText($0) }
        guard words.count == 2, let number = Int64(words[0].string) else { return .failure(.malformed) }
        let word = words[1].string
        for unit in units where word.equals(unit.name) || (word + "s").equals(unit.name) {
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.microseconds)
            if overflow { return .failure(.tooLong) }
            return .success(Reading(microseconds: product, isPortable: word.equals(unit.name)))
        }
        let plurals = units.map { $0.name }
        return .failure(.unit(NearestName.of(word, among: plurals) ?? "minutes"))
    }

    /// Whole seconds.
    static func seconds(_ seconds: Int64) -> Result<Reading, Flaw> {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .failure(.tooLong) : .success(Reading(microseconds: product, isPortable: false))
    }

    /// Seconds with a fraction, cut to microseconds.
    static func seconds(_ seconds: Double) -> Result<Reading, Flaw> {
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return .failure(.tooLong) }
        return .success(Reading(microseconds: microseconds, isPortable: false))
    }

    /// Reads a node of any of the three forms.
    static func parse(_ node: TOMLNode) -> Result<Reading, Flaw> {
        if let text = node.string { return parse(text) }
        if let whole = node.integer { return seconds(whole) }
        if let real = node.real { return seconds(real) }
        return .failure(.malformed)
    }
}
