/// The languages that somebody reads, the best first.
public struct LanguagePreferences: Equatable, Sendable {
    /// Their locales. Empty: English.
    public let locales: [LocaleName]

    /// English, which needs no catalogue.
    public static var english: LanguagePreferences { LanguagePreferences(locales: []) }

    /// Preferences in order.
    public init(locales: [LocaleName]) {
        self.locales = locales
    }

    /// What the environment of a session says, by the rules of GNU gettext: the first of LC_ALL, LC_MESSAGES and LANG that
    /// is set is the locale; unless that is `C` or `POSIX`, LANGUAGE goes before it. A locale with another charset than
    /// UTF-8 gets English, which every terminal shows.
    ///
    /// Nil when none of the three is set. `variable` looks one up.
    public init?(variable: (String) -> String?) {
        let values = ["LC_ALL", "LC_MESSAGES", "LANG"].map { variable($0) ?? "" }
        guard let value = values.first(where: { !$0.isEmpty }) else { return nil }
        guard let locale = LocaleName(value) else {
            locales = []
            return
        }
        let list = ByteText(variable("LANGUAGE") ?? "").words(between: 0x3A).prefix(8)
            .compactMap { LocaleName($0.string) }
        locales = list.isEmpty ? [locale] : list
    }

    /// What the header Accept-Language of a request says (RFC 9110 section 12.5.4): its languages by their weight, those
    /// of one weight in its order. A single locale's name is such a header, too. At most 32 are read.
    ///
    /// `*` and languages of weight 0 are left out. Nil for a header that is not of this form.
    public init?(acceptLanguage header: String) {
        var ranges: [(locale: LocaleName, weight: Int)] = []
        for item in ByteText(header).words(between: 0x2C).prefix(32) {
            guard let range = LanguageRange(item) else { return nil }
            if let locale = range.locale, range.weight > 0 { ranges.append((locale, range.weight)) }
        }
        locales = ranges.enumerated().sorted { left, right in
            left.element.weight == right.element.weight
                ? left.offset < right.offset : left.element.weight > right.element.weight
        }.map { $0.element.locale }
    }

    /// The best of the languages that a site has, by the lookup of RFC 4647 section 3.4; a language without a territory
    /// also takes one with. Nil when none fits.
    public func best(among available: [String]) -> String? {
        let tags = available.compactMap { name in LocaleName(name).map { (name: name, locale: $0) } }
        for locale in locales {
            var range = locale.territory.isEmpty ? [locale.language] : [locale.language, locale.territory]
            while !range.isEmpty {
                let wanted = ByteText(range.joined(separator: "_")).lowered
                if let match = tags.first(where: { $0.locale.tag == wanted }) { return match.name }
                range = LanguagePreferences.shortened(range)
            }
            if let match = tags.first(where: { $0.locale.language.equals(locale.language) }) { return match.name }
        }
        return nil
    }

    /// A range without its last subtag.
    private static func shortened(_ range: [String]) -> [String] {
        guard let last = range.last, let (before, _) = ByteText(last).cutLast(at: 0x5F) else {
            return Array(range.dropLast())
        }
        return range.dropLast() + [before.string]
    }
}

extension LocaleName {
    /// Language and territory in lower case.
    fileprivate var tag: ByteText { ByteText(territory.isEmpty ? language : language + "_" + territory).lowered }
}

/// One item of Accept-Language: a language range and its weight in thousandths.
private struct LanguageRange {
    /// Nil for `*`, and for a range that no catalogue can have.
    let locale: LocaleName?
    let weight: Int

    init?(_ item: ByteText) {
        let parts = item.parts(at: 0x3B).map { $0.trimmed.string }
        guard let name = parts.first, parts.count <= 2, LanguageRange.isRange(name) else { return nil }
        locale = LocaleName(name)
        guard parts.count == 2 else {
            weight = 1000
            return
        }
        guard let weight = LanguageRange.weight(parts[1]) else { return nil }
        self.weight = weight
    }

    private static func isRange(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || [0x2D, 0x5F, 0x2E, 0x40, 0x2A].contains(byte)
            }
    }

    /// `q=` and 0 to 1 with at most three decimals.
    private static func weight(_ parameter: String) -> Int? {
        let bytes = Array(parameter.utf8)
        guard (3...7).contains(bytes.count), bytes[0] | 0x20 == 0x71, bytes[1] == 0x3D,
            bytes[2] == 0x30 || bytes[2] == 0x31
        else { return nil }
        guard bytes.count == 3 || bytes[3] == 0x2E else { return nil }
        var weight = Int(bytes[2] - 0x30)
        for position in 4..<7 {
            let digit = position < bytes.count ? bytes[position] : 0x30
            guard (0x30...0x39).contains(digit) else { return nil }
            weight = weight * 10 + Int(digit - 0x30)
        }
        return weight <= 1000 ? weight : nil
    }
}
