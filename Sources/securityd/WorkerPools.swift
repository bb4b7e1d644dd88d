import CLibc
import NIOPosix
import SecurityHTTP
import Synchronization

/// Threads for the blocking work of requests, by lane. Each has a bounded queue: beyond it a request is told to come back, which
/// costs nothing, instead of waiting until its client has given up.
final class WorkerPools: Sendable {
    private final class Pool: Sendable {
        let threads: NIOThreadPool
        let limit: Int
        let inside = Atomic<Int>(0)

        init(threads count: Int, queue: Int) {
            threads = NIOThreadPool(numberOfThreads: count)
            limit = count + queue
            threads.start()
        }
    }

    private let light: Pool
    private let hashing: Pool

    init(limits: ServerLimits) {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        light = Pool(threads: 2 * cores, queue: 16 * limits.queue)
        hashing = Pool(threads: cores, queue: limits.queue)
    }

    /// Runs `work` on a thread of a lane; nil when its queue is full.
    func run<Result: Sendable>(_ lane: Lane, _ work: @escaping @Sendable () -> Result) async throws -> Result? {
        let pool = lane == .hashing ? hashing : light
        guard pool.inside.wrappingAdd(1, ordering: .relaxed).newValue <= pool.limit else {
            pool.inside.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        defer { pool.inside.wrappingSubtract(1, ordering: .relaxed) }
        return try await pool.threads.runIfActive { work() }
    }

    /// Ends the threads when what they do is done.
    func shutDown() async throws {
        try await hashing.threads.shutdownGracefully()
        try await light.threads.shutdownGracefully()
    }
}
