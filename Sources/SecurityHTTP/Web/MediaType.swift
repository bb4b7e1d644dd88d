/// Media types (RFC 9110 sections 8.3 and 12.5.1), as Flask-Security asks for them.
enum MediaType {
    /// Type and subtype in lower case, without parameters.
    static func name(_ header: String?) -> String {
        trimmed((header ?? "").prefix { $0 != ";" }).lowercased()
    }

    /// `application/json` and `application/*+json`.
    static func isJSON(_ header: String?) -> Bool {
        let name = name(header)
        return name == "application/json" || (name.hasPrefix("application/") && name.hasSuffix("+json"))
    }

    /// Whether an answer in JSON is wanted: the request is JSON, or the best of what it accepts is exactly JSON.
    static func wantsJSON(_ request: WebRequest) -> Bool {
        isJSON(request.header("content-type")) || best(request.headerList("accept") ?? "") == "application/json"
    }

    /// The first of the types with the greatest weight; of equal weight the more specific one goes first, as in Werkzeug.
    private static func best(_ accept: String) -> String? {
        var best: (name: String, specificity: Int, weight: Double)?
        for item in accept.split(separator: ",").prefix(64) {
            let parts = item.split(separator: ";")
            guard let first = parts.first else { continue }
            let name = trimmed(first).lowercased()
            let weight = parts.dropFirst().lazy.compactMap { quality($0) }.first ?? 1
            let specificity = name == "*/*" ? 0 : name.hasSuffix("/*") ? 1 : 2
            guard weight > 0 else { continue }
            if let best, (best.weight, Double(best.specificity)) >= (weight, Double(specificity)) { continue }
            best = (name, specificity, weight)
        }
        return best?.name
    }

    private static func quality(_ parameter: Substring) -> Double? {
        let text = trimmed(parameter)
        return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let rest = text.drop(while: isBlank)
        return String(rest.prefix(rest.count - rest.reversed().prefix(while: isBlank).count))
    }
}
