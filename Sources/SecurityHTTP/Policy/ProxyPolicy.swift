import SecurityCore

/// LIBSECURITY_PROXY_FIX: which X-Forwarded-* values count. Nothing does by default.
struct ProxyPolicy: Sendable {
    /// How many proxies append to X-Forwarded-For; the address that the farthest of them saw is the client's.
    let hops: Int
    /// Whether X-Forwarded-Proto of the nearest proxy says how the client came.
    let trustsScheme: Bool
    /// `trusted`: peers whose headers count; empty = every peer's, which is safe only where none but proxies can connect.
    let peers: [String]

    init(_ settings: Settings) {
        let table = settings["LIBSECURITY_PROXY_FIX"]
        hops = max(0, Int(table?["x_for"]?.number ?? 0))
        trustsScheme = (table?["x_proto"]?.number ?? 0) > 0 || table?["x_proto"]?.bool == true
        peers = table?["trusted"]?.elements.compactMap { $0.text } ?? []
    }

    /// Whether a request's forwarding headers count.
    func trusts(_ request: WebRequest) -> Bool {
        peers.isEmpty
            || request.peer.map { peer in
                peers.contains { Origin(remoteHost: $0) == Origin(remoteHost: peer) }
            } ?? true
    }

    /// The client's address; nil when nobody knows it.
    func client(of request: WebRequest) -> String? {
        guard hops > 0, trusts(request), let list = request.headerList("x-forwarded-for") else { return request.peer }
        let addresses = list.split(separator: ",").map { part in String(part.filter { $0 != " " }) }
        return addresses.count >= hops ? addresses[addresses.count - hops] : request.peer
    }
}
