import SecurityCore

/// LIBSECURITY_PROXY_FIX: which X-Forwarded-* values count. Nothing does by default.
struct ProxyPolicy: Sendable {
    /// How many proxies append to X-Forwarded-For; the address that the farthest of them saw is the client's.
    let hops: Int
    /// Whether X-Forwarded-Proto of the nearest proxy says how the client came.
    let trustsScheme: Bool
    /// `trusted`: peers whose headers count, besides those at a socket in the file system; empty = every peer's, which is safe only where none but proxies can connect.
    let peers: [AddressRange]

    /// Throws ``InvalidConfiguration``.
    init(_ settings: Settings) throws {
        var reader = TableReader(settings["LIBSECURITY_PROXY_FIX"] ?? .table([]), of: "LIBSECURITY_PROXY_FIX")
        hops = reader.take("x_for", "a number of proxies, 0 to 100") { ProxyPolicy.count($0) } ?? 0
        let schemes = reader.take("x_proto", "a number of proxies, 0 to 100") { value in
            value.bool.map { $0 ? 1 : 0 } ?? ProxyPolicy.count(value)
        }
        trustsScheme = (schemes ?? 0) > 0
        let phrase = "a list of addresses and networks such as \"10.0.0.0/8\""
        peers =
            reader.texts("trusted", phrase) { AddressRange($0) != nil }?.compactMap { AddressRange($0) } ?? []
        try reader.finish()
    }

    private static func count(_ value: SettingValue) -> Int? {
        if case .integer(let number) = value, (0...100).contains(number) { return Int(number) }
        return nil
    }

    /// Whether a request's forwarding headers count.
    func trusts(_ request: WebRequest) -> Bool {
        peers.isEmpty
            || request.peer.map { peer in peers.contains { $0.contains(peer) } } ?? true
    }

    /// The client's address; nil when nobody knows it.
    func client(of request: WebRequest) -> String? {
        guard hops > 0, trusts(request), let list = request.headerList("x-forwarded-for") else { return request.peer }
        let elements = ByteText(list).parts(at: 0x2C)
        guard elements.count >= hops else { return request.peer }
        // A listed proxy writes what it saw: an address, and nothing else. Another text comes from the client.
        let address = elements[elements.count - hops].trimmed
        return Origin.isBareAddress(address) ? address.string : request.peer
    }

    /// Whether the nearest proxy says that the client came over HTTPS.
    static func saysHTTPS(_ request: WebRequest) -> Bool {
        guard let list = request.headerList("x-forwarded-proto") else { return false }
        return ByteText(list).parts(at: 0x2C).last?.trimmed.equalsIgnoringCase("https") ?? false
    }
}
