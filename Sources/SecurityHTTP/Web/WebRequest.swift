public import SecurityCore

/// One HTTP request, as the server hands it over: whole, bounded, and not yet believed.
public struct WebRequest: Sendable {
    /// The method in upper case.
    public var method: String
    /// The target in origin form: path, and `?query` where there is one; percent-encoded as it came.
    public var target: String
    /// The header fields in their order; names in lower case.
    public var headers: [HeaderField]
    /// The body; it may hold passwords, so it is wiped with the last reference.
    public var body: SharedSecret
    /// The peer's IP address as text; nil for a Unix socket.
    public var peer: String?
    /// Whether the connection itself is TLS.
    public var isTLS: Bool
    /// What names the request in logs.
    public var id: String

    /// A request of its parts.
    public init(
        method: String, target: String, headers: [HeaderField], body: SharedSecret, peer: String?, isTLS: Bool,
        id: String
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
        self.isTLS = isTLS
        self.id = id
    }

    /// The path, still percent-encoded.
    public var rawPath: ByteText { ByteText(target).cut(at: 0x3F).before }

    /// The query without its question mark; empty when there is none.
    public var rawQuery: ByteText { ByteText(target).cut(at: 0x3F).behind ?? "" }

    /// The value of the first field of a name in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The values of all fields of a name in lower case, joined with commas; nil when there is none.
    public func headerList(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }.map { $0.value }
        return values.isEmpty ? nil : values.joined(separator: ",")
    }
}

/// One header field.
public struct HeaderField: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String

    /// A field of its parts.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
