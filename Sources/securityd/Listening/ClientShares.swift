import Synchronization

/// Requests in progress that came through listed proxies, by the address that the proxy names: when more than half of the connections have
/// one, no client has more than a share.
final class ClientShares: Sendable {
    private struct State {
        var clients: [[UInt8]: Int] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    /// Counts a request in; false when its client has its share of `most` already.
    func begin(_ client: [UInt8], most: Int) -> Bool {
        state.withLock { state in
            let own = state.clients[client] ?? 0
            guard state.count < most / 2 || own < ConnectionTable.share(of: most) else { return false }
            state.clients[client] = own + 1
            state.count += 1
            return true
        }
    }

    /// Counts it out.
    func end(_ client: [UInt8]) {
        state.withLock { state in
            state.count -= 1
            let left = (state.clients[client] ?? 1) - 1
            state.clients[client] = left > 0 ? left : nil
        }
    }
}
