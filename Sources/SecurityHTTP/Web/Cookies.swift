import SecurityTokens

/// The cookies of a request (RFC 6265 section 4.2.1).
struct RequestCookies {
    private let pairs: [(name: String, value: String)]

    init(_ request: WebRequest) {
        pairs = request.headers.filter { $0.name == "cookie" }.flatMap { field in
            field.value.split(separator: ";").prefix(64).compactMap { part in
                let text = part.drop { $0 == " " }
                guard let equals = text.firstIndex(of: "=") else { return nil }
                var value = text[text.index(after: equals)...]
                if value.count > 1, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
                return (String(text[..<equals]), String(value))
            }
        }
    }

    /// The first value of a name.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }
}

/// A cookie to set, with its attributes in Werkzeug's order.
struct SetCookie {
    var name: String
    var value: String
    /// When it ends, in seconds since the epoch; nil = with the browser.
    var expires: Int64?
    var maxAge: Int64?
    var attributes: CookieAttributes

    /// A cookie that removes another.
    static func removal(of name: String, _ attributes: CookieAttributes) -> SetCookie {
        SetCookie(name: name, value: "", expires: 0, maxAge: 0, attributes: attributes)
    }

    /// The value of the header field.
    var header: String {
        var text = "\(name)=\(value)"
        if let domain = attributes.domain { text += "; Domain=\(domain)" }
        if let expires { text += "; Expires=\(HTTPDate.text(of: expires))" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if attributes.isSecure { text += "; Secure" }
        if attributes.isHTTPOnly { text += "; HttpOnly" }
        text += "; Path=\(attributes.path)"
        if let sameSite = attributes.sameSite { text += "; SameSite=\(sameSite)" }
        return text
    }
}

/// Whom a cookie is sent to, and who may see it.
struct CookieAttributes: Equatable, Sendable {
    var domain: String?
    var path = "/"
    var isSecure = false
    var isHTTPOnly = true
    var sameSite: String?
}
