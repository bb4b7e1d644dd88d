import SecurityCore

/// Media types (RFC 9110 sections 8.3 and 12.5.1), as Flask-Security asks for them.
enum MediaType {
    /// Type and subtype in lower case, without parameters.
    static func name(_ header: String?) -> ByteText {
        ByteText(header ?? "").cut(at: 0x3B).before.trimmed.lowered
    }

    /// `application/json` and `application/*+json`.
    static func isJSON(_ header: String?) -> Bool {
        let name = name(header)
        return name == "application/json" || (name.has(prefix: "application/") && name.has(suffix: "+json"))
    }

    /// Whether an answer in JSON is wanted: the request is JSON, or the best of what it accepts is exactly JSON.
    static func wantsJSON(_ request: WebRequest) -> Bool {
        isJSON(request.header("content-type")) || best(request.headerList("accept") ?? "") == "application/json"
    }

    /// The first of the types with the greatest weight; of equal weight the more specific one goes first, as in Werkzeug.
    private static func best(_ accept: String) -> ByteText? {
        var best: (name: ByteText, specificity: Int, weight: Double)?
        for item in ByteText(accept).words(between: 0x2C).prefix(64) {
            let parts = item.words(between: 0x3B)
            guard let first = parts.first else { continue }
            let name = first.trimmed.lowered
            let weight = parts.dropFirst().lazy.compactMap { quality($0) }.first ?? 1
            let specificity = name == "*/*" ? 0 : name.has(suffix: "/*") ? 1 : 2
            guard weight > 0 else { continue }
            if let best, (best.weight, Double(best.specificity)) >= (weight, Double(specificity)) { continue }
            best = (name, specificity, weight)
        }
        return best?.name
    }

    private static func quality(_ parameter: ByteText) -> Double? {
        parameter.trimmed.dropping(prefix: "q=").flatMap { Double($0.string) }
    }
}
