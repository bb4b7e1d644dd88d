import SecurityCore

/// Reads a table of the configuration and leaves nothing of it out: an entry with a misspelt name, or of another type, would
/// open what it was written to close.
struct TableReader {
    private let key: String
    private let name: String
    private let entries: [SettingEntry]
    private var known: [String] = []
    private(set) var flaws: [String] = []

    /// The table of a key; `name` says which of several.
    init(_ table: SettingValue, of key: String, name: String? = nil) {
        self.key = key
        self.name = name ?? key
        entries = table.entries
    }

    /// An entry that `read` turns into a value; `phrase` says what it must be.
    mutating func take<Value>(_ entry: String, _ phrase: String, _ read: (SettingValue) -> Value?) -> Value? {
        known.append(entry)
        guard let found = entries.first(where: { $0.name.equals(entry) })?.value else { return nil }
        let value = read(found)
        if value == nil { flaws.append("\(entry) must be \(phrase)") }
        return value
    }

    mutating func text(_ entry: String) -> String? { take(entry, "a string") { $0.text } }

    mutating func flag(_ entry: String) -> Bool? { take(entry, "true or false") { $0.bool } }

    mutating func value(_ entry: String) -> SettingValue? { take(entry, "a value") { $0 } }

    /// A list of texts that `isRight` takes.
    mutating func texts(
        _ entry: String, _ phrase: String = "a list of strings", where isRight: (String) -> Bool = { _ in true }
    ) -> [String]? {
        take(entry, phrase) { value in
            guard case .list(let elements) = value else { return nil }
            let texts = elements.compactMap { $0.text }
            return texts.count == elements.count && texts.allSatisfy(isRight) ? texts : nil
        }
    }

    /// A length of time in microseconds, in seconds or as a text.
    mutating func duration(_ entry: String) -> Int64? {
        take(entry, "a number of seconds or a text such as \"30 minutes\"") { $0.microseconds }
    }

    /// Notes what is wrong beyond one entry.
    mutating func refuse(_ flaw: String) { flaws.append(flaw) }

    /// Throws ``InvalidConfiguration`` when anything is wrong, an entry that nobody asked for included.
    func finish() throws {
        var flaws = flaws
        for entry in entries where !known.contains(where: entry.name.equals) {
            let meant = NearestName.of(entry.name, among: known).map { ": did you mean \($0)?" }
            flaws.append("\(entry.name) is no entry of it" + (meant ?? "; there are \(known.joined(separator: ", "))"))
        }
        guard flaws.isEmpty else {
            throw InvalidConfiguration(flaws.map { Diagnostic(configuration: key, "\(name): \($0)") })
        }
    }
}
