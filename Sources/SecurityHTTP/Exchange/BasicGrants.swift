import SecurityCore
import Synchronization

/// Remembers which grants of HTTP Basic stand in the log, because a client sends its password with each request: one line for each
/// account, origin and minute.
final class BasicGrants: Sendable {
    /// How many are remembered; when there are more, a grant is logged once too often rather than never.
    private static let most = 4096

    private struct Key: Hashable {
        let account: Int64
        let origin: [UInt8]
    }

    private let minutes = Mutex<[Key: Int64]>([:])

    /// Whether no grant of this account from this origin was logged in this minute. Remembers it.
    func isFirst(account: Int64, origin: String, now: Instant) -> Bool {
        let minute = now.seconds / 60
        return minutes.withLock { minutes in
            let key = Key(account: account, origin: Array(origin.utf8))
            guard minutes[key] != minute else { return false }
            if minutes.count >= BasicGrants.most { minutes = minutes.filter { $0.value == minute } }
            if minutes.count < BasicGrants.most { minutes[key] = minute }
            return true
        }
    }
}
