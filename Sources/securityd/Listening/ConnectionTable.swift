import NIOCore
import SecurityCore
import Synchronization

/// The connections of one listener that are open, by the address of their peers.
///
/// Requirements:
/// 1. When more than half of the connections are in use, one address has no more than a share of them: of that address's own the one that
///    waits longest for a request to arrive whole gives way, and where all of them have one, the new connection is closed.
/// 2. A few connections beyond the limit are a reserve for /healthz, so that what watches the service sees it alive.
/// 3. Proxies that are listed, and sockets in the file system, have no share of their own: their clients have (``ClientShares``).
final class ConnectionTable: Sendable {
    /// One connection that is open.
    final class Entry: Sendable {
        fileprivate let peer: PeerAddress?
        private let channel: any Channel
        /// Whether a request arrived whole and is not answered yet.
        private let busy = Atomic<Bool>(false)
        /// Whether it is one of the reserve.
        fileprivate let reserve: Atomic<Bool>

        fileprivate init(_ channel: any Channel, _ peer: PeerAddress?, isReserve: Bool) {
            self.channel = channel
            self.peer = peer
            reserve = Atomic(isReserve)
        }

        /// Whether it serves /healthz alone, for now.
        var isReserve: Bool { reserve.load(ordering: .relaxed) }

        var isBusy: Bool { busy.load(ordering: .relaxed) }

        func setBusy(_ isBusy: Bool) { busy.store(isBusy, ordering: .relaxed) }

        fileprivate func close() { channel.close(promise: nil) }
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        /// Those of one address, the oldest first.
        var peers: [PeerAddress: [Entry]] = [:]
    }

    private let state = Mutex(State())
    /// How many there may be.
    private let most: @Sendable () -> Int
    /// Whether a peer has no share of its own.
    private let isShared: @Sendable (String) -> Bool

    init(most: @escaping @Sendable () -> Int, isShared: @escaping @Sendable (String) -> Bool) {
        self.most = most
        self.isShared = isShared
    }

    /// Of `most` connections or requests what one address may have once more than half are in use.
    static func share(of most: Int) -> Int { max(8, most / 8) }

    /// How many connections there may be beyond the limit.
    private static func reserve(of most: Int) -> Int { min(8, most / 16) }

    /// Whether another one may be accepted.
    var hasRoom: Bool {
        let most = most()
        return state.withLock { $0.entries.count } < most + ConnectionTable.reserve(of: most)
    }

    /// Takes a new connection in; false when it has to be closed.
    func open(_ channel: any Channel) -> Bool {
        // A socket in the file system has no address.
        let address = channel.remoteAddress?.ipAddress
        let peer = address.flatMap { isShared($0) ? nil : PeerAddress($0) }
        let most = most()
        let (isTaken, surplus) = state.withLock { state -> (Bool, Entry?) in
            var surplus: Entry?
            if let peer, state.entries.count >= most / 2 {
                let own = state.peers[peer] ?? []
                if own.count >= ConnectionTable.share(of: most) {
                    guard let waiting = own.firstIndex(where: { !$0.isBusy }) else { return (false, nil) }
                    // It counts no more, though its channel takes a moment to close.
                    surplus = state.peers[peer]?.remove(at: waiting)
                }
            }
            let entry = Entry(channel, peer, isReserve: state.entries.count >= most)
            state.entries[ObjectIdentifier(channel)] = entry
            if let peer { state.peers[peer, default: []].append(entry) }
            return (true, surplus)
        }
        surplus?.close()
        return isTaken
    }

    /// A connection of this table; nil for one that it does not know.
    func entry(of channel: any Channel) -> Entry? { state.withLock { $0.entries[ObjectIdentifier(channel)] } }

    /// Forgets a connection that is closed. One of the reserve takes its place.
    func closed(_ channel: any Channel) {
        let most = most()
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: ObjectIdentifier(channel)) else { return }
            if let peer = entry.peer {
                state.peers[peer]?.removeAll { $0 === entry }
                if state.peers[peer]?.isEmpty == true { state.peers[peer] = nil }
            }
            guard !entry.isReserve, state.entries.count <= most + ConnectionTable.reserve(of: most),
                let next = state.entries.values.first(where: { $0.isReserve })
            else { return }
            next.reserve.store(false, ordering: .relaxed)
        }
    }
}

/// An address as far as connections are shared out by it: IPv4, or the /64 network of IPv6.
struct PeerAddress: Hashable {
    private let bytes: [UInt8]

    /// Nil for what is no IP address.
    init?(_ address: String) {
        guard let whole = Origin.bytes(ofAddress: address) else { return nil }
        // An IPv4 address stands in an IPv6 one (RFC 4291 section 2.5.5.2).
        let isIPv4 = whole[..<10].allSatisfy { $0 == 0 } && whole[10] == 0xFF && whole[11] == 0xFF
        bytes = isIPv4 ? Array(whole[12...]) : Array(whole[..<8])
    }
}
