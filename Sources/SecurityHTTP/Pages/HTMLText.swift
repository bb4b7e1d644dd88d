import Mustache

/// Makes text fit for HTML. swift-mustache's own escape goes by Characters, and lets `<` through behind U+0600 or before U+0301.
enum HTMLText {
    /// Takes the place of swift-mustache's type of this name, also where a site's own template names it.
    private static let registered: Void = MustacheContentTypes.register(Escape(), named: "HTML")

    /// The line that a template must begin with: what begins without it is escaped by Characters.
    static var head: String {
        registered
        return "{{% CONTENT_TYPE:HTML}}\n"
    }

    /// The same text inside an element, or inside an attribute's quotes.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { entity(of: $0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let entity = entity(of: byte) { bytes += entity.utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func entity(of byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&#34;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

    private struct Escape: MustacheContentType {
        func escapeText(_ text: String) -> String { HTMLText.escaped(text) }
    }
}
