import SecurityCore
import Synchronization

/// Where a request comes from, as far as that can be seen.
///
/// | peer | forwarding headers | it comes from |
/// | --- | --- | --- |
/// | a proxy that is listed, with `x_for` | X-Forwarded-For | the address that `x_for` says |
/// | loopback, private or link-local, or a listed proxy without `x_for` | any | a place that cannot be seen: it is a proxy, and which of its clients asks nobody knows |
/// | the same | none | its own address |
/// | a socket in the file system | none that count | a place that cannot be seen |
/// | any other | whatever it says of itself | its own address |
struct ClientPlace {
    /// Where guesses are counted.
    let origin: Origin
    /// Whether that is the client's own place.
    let isSeen: Bool

    init(_ request: WebRequest, _ proxies: ProxyPolicy) {
        isSeen = !proxies.hides(request)
        let client = isSeen ? proxies.client(of: request) : nil
        // What SECURITY_TRACKABLE records is the peer, as in Flask-Security.
        origin = client.map { Origin(remoteHost: $0) } ?? .unseen(.proxy, address: request.peer)
    }

    /// What names it where things are counted.
    var text: String { origin.text }
}

extension ProxyPolicy {
    /// Headers by which a proxy says for whom it asks.
    private static let forwarding: Set<String> = [
        "x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-server",
        "x-forwarded-port", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip", "via",
    ]

    /// Networks in which a peer that forwards is a proxy of the site rather than a client that says so of itself.
    private static let local: [AddressRange] = [
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        "fc00::/7", "fe80::/10",
    ].compactMap { AddressRange($0) }

    /// Whether a request came through a proxy that hides its client.
    func hides(_ request: WebRequest) -> Bool {
        if hops > 0, trusts(request), request.headers.contains(where: { $0.name == "x-forwarded-for" }) { return false }
        guard let peer = request.peer else { return true }
        guard request.headers.contains(where: { ProxyPolicy.forwarding.contains($0.name) }) else { return false }
        // Listed only to ask /authz, a proxy need not say for whom; one that says so needs x_for.
        return (!peers.isEmpty && trusts(request)) || ProxyPolicy.local.contains { $0.contains(peer) }
    }
}

/// Names each proxy that is not listed once in the log.
final class UnlistedProxies: Sendable {
    private static let most = 64
    private let named = Mutex<Set<[UInt8]>>([])

    /// Whether a peer was not named before. Remembers it.
    func isFirst(_ peer: String) -> Bool {
        named.withLock { $0.count < UnlistedProxies.most && $0.insert(Array(peer.utf8)).inserted }
    }
}
