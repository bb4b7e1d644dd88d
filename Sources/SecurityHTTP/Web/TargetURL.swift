import SecurityCore

/// A URL as far as redirects need it: Python's `urlsplit`.
struct TargetURL: Equatable {
    var scheme = ""
    /// Nil when there is no `//`.
    var authority: String?
    /// Path, without query and fragment.
    var path = ""
    var query: String?
    var fragment: String?

    /// Taken apart at the bytes `#`, `?`, `:` and `/`, as browsers do.
    init(_ text: String) {
        let (whole, fragment) = ByteText(text).cut(at: 0x23)
        let (front, query) = whole.cut(at: 0x3F)
        self.fragment = fragment?.string
        self.query = query?.string
        var rest = front
        let (name, behind) = front.cut(at: 0x3A)
        if let behind, TargetURL.isScheme(name) {
            scheme = name.lowered.string
            rest = behind
        }
        if let behind = rest.dropping(prefix: "//") {
            let parts = behind.cut(at: 0x2F)
            authority = parts.before.string
            rest = parts.behind.map { ByteText("/" + $0.string) } ?? ""
        }
        path = rest.string
    }

    private static func isScheme(_ text: ByteText) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return false }
        return text.holdsOnly { byte in
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
