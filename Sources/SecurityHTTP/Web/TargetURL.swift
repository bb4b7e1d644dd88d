/// A URL as far as redirects need it: Python's `urlsplit`.
struct TargetURL: Equatable {
    var scheme = ""
    /// Nil when there is no `//`.
    var authority: String?
    /// Path, without query and fragment.
    var path = ""
    var query: String?
    var fragment: String?

    init(_ text: String) {
        var rest = Substring(text)
        if let mark = rest.firstIndex(of: "#") {
            fragment = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(of: ":"), TargetURL.isScheme(rest[..<colon]) {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        path = String(rest)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E].contains(byte)
        }
    }

    /// The whole text.
    var text: String {
        (scheme.isEmpty ? "" : scheme + ":") + (authority.map { "//" + $0 } ?? "") + path
            + (query.map { "?" + $0 } ?? "")
            + (fragment.map { "#" + $0 } ?? "")
    }

    /// The same with parameters behind those of its own query, blanks as `+`.
    func adding(_ parameters: [(name: String, value: String)]) -> TargetURL {
        guard !parameters.isEmpty else { return self }
        let added = parameters.map { pair in
            PercentCoding.encode(pair.name, blankIsPlus: true) + "="
                + PercentCoding.encode(pair.value, blankIsPlus: true)
        }.joined(separator: "&")
        var url = self
        url.query = query.map { $0.isEmpty ? added : $0 + "&" + added } ?? added
        return url
    }
}
