/// The name of a locale as far as it chooses a catalogue: `de_AT@euro` of `de_AT.UTF-8@euro`, or of the tag `de-AT`.
///
/// The name may come from the environment of a set-uid program and becomes part of a path, so it MUST be 1 to 32 letters,
/// digits, `_`, `-`, `.` or `@`, begin with a letter and not hold `..`.
public struct LocaleName: Equatable, Sendable {
    /// The language in lower case, such as `de`.
    public let language: String
    /// What follows the language, such as `AT` or `Hans_CN`; empty when nothing does.
    public let territory: String
    /// What follows `@`; empty when nothing does.
    public let modifier: String

    /// Reads a name; nil for one that is not acceptable, that names another charset than UTF-8, or that is `C` or
    /// `POSIX`, the locale without a language.
    public init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard (1...32).contains(bytes.count), bytes.first.map(LocaleName.isLetter) == true,
            bytes.allSatisfy(LocaleName.isAcceptable), !LocaleName.hasTwoDots(bytes)
        else { return nil }
        let head = bytes.prefix { $0 != 0x40 }
        let modifier = bytes.dropFirst(head.count + 1)
        let name = head.prefix { $0 != 0x2E }
        let charset = head.dropFirst(name.count + 1).filter { $0 != 0x2D }.map { $0 | 0x20 }
        guard charset.isEmpty || charset.elementsEqual("utf8".utf8) else { return nil }
        let parts = name.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == 0x5F || $0 == 0x2D }
        guard let first = parts.first, (2...8).contains(first.count), first.allSatisfy(LocaleName.isLetter),
            !first.elementsEqual("POSIX".utf8)
        else { return nil }
        language = String(decoding: first.map { $0 | 0x20 }, as: UTF8.self)
        let rest = parts.count > 1 ? parts[1] : []
        territory = String(decoding: rest.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
        self.modifier = String(decoding: modifier, as: UTF8.self)
    }

    /// The folders in which a catalogue of this locale is looked for, the best first: those of GNU gettext, and as with
    /// Python's gettext a language without a territory also stands for that of its usual one.
    public var folders: [String] {
        let place = territory.isEmpty ? LocaleName.usualTerritory(of: language) : territory
        let names = [language + "_" + place, language]
        return modifier.isEmpty ? names : [names[0] + "@" + modifier, names[0], language + "@" + modifier, language]
    }

    /// Where most people who speak a language live: in the country of its own name, with these exceptions.
    private static func usualTerritory(of language: String) -> String {
        let exceptions = [
            ("af", "ZA"), ("ar", "AA"), ("be", "BY"), ("ca", "ES"), ("cs", "CZ"), ("da", "DK"), ("el", "GR"),
            ("en", "US"),
            ("et", "EE"), ("eu", "ES"), ("fa", "IR"), ("ga", "IE"), ("gl", "ES"), ("he", "IL"), ("hi", "IN"),
            ("hy", "AM"),
            ("ja", "JP"), ("ka", "GE"), ("ko", "KR"), ("nb", "NO"), ("nn", "NO"), ("sl", "SI"), ("sq", "AL"),
            ("sr", "RS"),
            ("sv", "SE"), ("uk", "UA"), ("vi", "VN"), ("zh", "CN"),
        ]
        return exceptions.first { $0.0.equals(language) }?.1 ?? ByteText(language).uppered.string
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isAcceptable(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || [0x5F, 0x2D, 0x2E, 0x40].contains(byte)
    }

    private static func hasTwoDots(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == 0x2E && $1 == 0x2E }
    }
}
