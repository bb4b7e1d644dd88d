import SecurityCore

/// One HTTP answer.
public struct WebResponse: Equatable, Sendable {
    /// The status code.
    public var status: Int
    /// The header fields in their order. Content-Length, Date and Connection are the server's.
    public var headers: [HeaderField]
    /// The body.
    public var body: [UInt8]

    /// An answer of its parts.
    public init(status: Int, headers: [HeaderField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A page.
    public static func html(_ text: String, status: Int = 200) -> WebResponse {
        WebResponse(
            status: status, headers: [HeaderField("Content-Type", "text/html; charset=utf-8")], body: Array(text.utf8))
    }

    /// A plain text.
    public static func text(_ text: String, status: Int = 200) -> WebResponse {
        WebResponse(
            status: status, headers: [HeaderField("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    /// The first value of a field, whatever the case of its name.
    public func header(_ name: String) -> String? {
        headers.first { ByteText($0.name).equalsIgnoringCase(ByteText(name)) }?.value
    }
}
