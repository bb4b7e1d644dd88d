import SecurityCore
import SecurityTokens

/// The cookies of a request (RFC 6265 section 4.2.1).
struct RequestCookies {
    private let pairs: [(name: ByteText, value: ByteText)]

    init(_ request: WebRequest) {
        pairs = request.headers.filter { $0.name == "cookie" }.flatMap { field in
            ByteText(field.value).words(between: 0x3B).prefix(64).compactMap { part in
                let (name, value) = part.trimmed.cut(at: 0x3D)
                guard let value else { return nil }
                return (name, value.dropping(prefix: "\"")?.dropping(suffix: "\"") ?? value)
            }
        }
    }

    /// The first value of a name.
    subscript(name: String) -> String? { pairs.first { $0.name == ByteText(name) }?.value.string }
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
