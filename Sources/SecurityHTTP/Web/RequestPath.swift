import SecurityCore

/// The decoded path of a request, matched by its bytes and by whole segments.
///
/// Requirements (tests name the number):
/// 1. A path is compared with a route or a rule by its bytes, never by characters.
/// 2. A prefix ends where a segment ends: `/admin` is no prefix of `/administrator`.
/// 3. A path that another program serves MUST be one that it reads as we do; anything else is refused, never repaired.
struct RequestPath: Hashable, Sendable {
    private let text: ByteText

    /// A path of the configuration, as it is.
    init(_ text: String) { self.text = ByteText(text) }

    private init(_ text: ByteText) { self.text = text }

    /// The path of a request to ourselves: encoded bytes are decoded once. Empty, which no route is, for bytes that are no text.
    init(decoding raw: ByteText) {
        guard raw.holds(0x25) else {
            text = raw
            return
        }
        text = ByteText(String(validating: PercentCoding.decode(raw.utf8), as: UTF8.self) ?? "")
    }

    /// The path of a request to another program (requirement 3); nil for one that it may read otherwise:
    ///
    /// | what | because |
    /// | --- | --- |
    /// | raw bytes that are not visible ASCII, `\`, `#` | RFC 3986 has them in no path |
    /// | `%` without two digits, `%25` | a second decoding reads it otherwise |
    /// | `%2F`, `%5C`, `%3B`, control characters, bytes that are not UTF-8 | some decode before they split, some after |
    /// | `;` | Tomcat, Jetty and Spring drop what stands behind it, and climb at `..;` |
    /// | `.`, `..`, an empty segment that is not the last | some resolve them, some do not |
    /// | a segment that ends in a dot or in white space | Windows and many frameworks drop those |
    init?(unambiguous raw: ByteText) {
        guard raw.holdsOnly({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else { return nil }
        let bytes = PercentCoding.decode(raw.utf8)
        // A slash that was encoded is one too many behind the decoding.
        guard bytes.count(where: { $0 == 0x2F }) == raw.utf8.count(where: { $0 == 0x2F }),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        self.init(text)
        guard isUnambiguous else { return nil }
    }

    /// Whether all programs see the same segments in it, once it is decoded.
    var isUnambiguous: Bool {
        guard text.has(prefix: "/"),
            text.holdsOnly({ $0 > 0x1F && $0 != 0x7F && $0 != 0x25 && $0 != 0x3B && $0 != 0x5C })
        else { return false }
        let segments = text.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
        // The last one is empty behind a slash at the end. `.` and `..` end in a dot.
        return segments.dropLast().allSatisfy { !$0.isEmpty }
            && segments.allSatisfy { segment in
                segment.last != 0x2E && Substring(segment).unicodeScalars.last?.properties.isWhitespace != true
            }
    }

    /// How many bytes it has.
    var count: Int { text.count }

    /// The whole path.
    var string: String { text.string }

    /// What stands behind the last slash where all before it is `base`, and it is not empty; nil otherwise. Where `base` ends in a
    /// slash, the path ends in one, too.
    func segment(below base: RequestPath) -> String? {
        let closes = base.text.has(suffix: "/")
        guard let rest = text.dropping(prefix: base.text) else { return nil }
        guard let segment = closes ? rest.dropping(suffix: "/") : rest.dropping(prefix: "/"), !segment.isEmpty,
            !segment.holds(0x2F)
        else { return nil }
        return segment.string
    }

    /// The path with a token behind it, as ``segment(below:)`` finds it.
    func token(_ token: String) -> String {
        text.has(suffix: "/") ? text.string + token + "/" : text.string + "/" + token
    }

    /// Whether it is `prefix`, or lies below it by whole segments (requirement 2).
    func isBelow(_ prefix: RequestPath) -> Bool {
        guard let rest = text.dropping(prefix: prefix.text) else { return false }
        return rest.isEmpty || prefix.text.has(suffix: "/") || rest.has(prefix: "/")
    }

    /// As a program reads it that tells A from a as little as `/a` from `/a/`.
    var loosely: RequestPath {
        let lowered = text.lowered
        return RequestPath((text.count > 1 ? lowered.dropping(suffix: "/") : nil) ?? lowered)
    }
}
