import Dispatch
import SecurityCore
import SecurityStore
import Synchronization

/// Stores that are open and that no request uses. To open one costs more than most requests need it for: SQLite reads the whole
/// schema anew.
final class StorePool: Sendable {
    /// As many as threads use at once; what is given back beyond them is closed.
    private static let most = 16

    /// A store on its way between threads.
    private struct Idle: @unchecked Sendable {
        // SAFETY: whoever takes it out has it alone, and nobody keeps what he gives back.
        let store: any AccountDirectory
    }

    private let location: DatabaseLocation
    private let idle = Mutex<[Idle]>([])
    private let turns = ThreadTurns()

    init(_ location: DatabaseLocation) {
        self.location = location
    }

    /// A store that nobody else uses.
    func take(mayWait: Bool = true) throws(StoreError) -> any AccountDirectory {
        while let kept = idle.withLock({ $0.popLast() }) {
            kept.store.mayWait = mayWait
            if try kept.store.isReusable() { return kept.store }
        }
        let store = try StoreFactory.open(location, by: .program, turns: turns)
        store.mayWait = mayWait
        return store
    }

    /// Keeps a store for the next request. The caller lets go of it.
    func giveBack(_ store: any AccountDirectory) {
        let store = Idle(store: store)
        idle.withLock { idle in
            if idle.count < StorePool.most { idle.append(store) }
        }
    }
}

/// Turns among the threads of this process.
private final class ThreadTurns: WriteTurns, Sendable {
    private let turn = DispatchSemaphore(value: 1)

    func take(milliseconds: Int32) -> Bool {
        turn.wait(timeout: .now() + .milliseconds(Int(milliseconds))) == .success
    }

    func giveBack() {
        turn.signal()
    }
}
