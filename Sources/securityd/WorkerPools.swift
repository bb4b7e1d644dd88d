import CLibc
import NIOPosix
import SecurityHTTP
import Synchronization

/// Threads for the blocking work of requests, by lane. Each has a bounded queue: beyond it a request is told to come back, which
/// costs nothing, instead of waiting until its client has given up.
final class WorkerPools: Sendable {
    private final class Pool: Sendable {
        let threads: NIOThreadPool
        let count: Int
        /// How many may wait.
        let queue: Atomic<Int>
        let inside = Atomic<Int>(0)
        let refused = Atomic<Int>(0)

        init(threads count: Int, queue: Int) {
            threads = NIOThreadPool(numberOfThreads: count)
            self.count = count
            self.queue = Atomic(queue)
            threads.start()
        }

        var limit: Int { count + queue.load(ordering: .relaxed) }
    }

    private let light: Pool
    private let hashing: Pool

    /// Two threads for each core, and one that hashes; `queue` requests may wait for the latter.
    init(queue: Int) {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        light = Pool(threads: 2 * cores, queue: WorkerPools.patience * queue)
        hashing = Pool(threads: cores, queue: queue)
    }

    /// Another length of the queues. Who waits already goes on waiting.
    func setQueue(_ queue: Int) {
        light.queue.store(WorkerPools.patience * queue, ordering: .relaxed)
        hashing.queue.store(queue, ordering: .relaxed)
    }

    /// How many times more light requests may wait than passwords.
    private static let patience = 16

    /// Runs `work` on a thread of a lane; nil when its queue is full.
    func run<Result: Sendable>(_ lane: Lane, _ work: @escaping @Sendable () -> Result) async throws -> Result? {
        let pool = pool(lane)
        guard pool.inside.wrappingAdd(1, ordering: .relaxed).newValue <= pool.limit else {
            pool.inside.wrappingSubtract(1, ordering: .relaxed)
            pool.refused.wrappingAdd(1, ordering: .relaxed)
            return nil
        }
        defer { pool.inside.wrappingSubtract(1, ordering: .relaxed) }
        return try await pool.threads.runIfActive {
            // A hash takes its time in any case; who waits for a page must not wait for a slice of it.
            if lane == .hashing { clibc_be_nice(WorkerPools.hashingNiceness) }
            return work()
        }
    }

    /// Of the threads that hash: the scheduler gives a thread of niceness 0 ten times their share.
    private static let hashingNiceness: Int32 = 10

    private func pool(_ lane: Lane) -> Pool { lane == .hashing ? hashing : light }

    /// How full the pools are, and whom they refused.
    var families: [MetricFamily] {
        let rows = Lane.allCases.map { lane in
            (pool: pool(lane), label: MetricFamily.Label("pool", lane.rawValue))
        }
        return [
            MetricFamily(
                "securityd_pool_threads", .gauge, "Threads for the work of requests by pool.",
                rows.map { .init($0.pool.count, [$0.label]) }),
            MetricFamily(
                "securityd_pool_busy", .gauge, "Threads that are at work.",
                rows.map { .init(min($0.pool.inside.load(ordering: .relaxed), $0.pool.count), [$0.label]) }),
            MetricFamily(
                "securityd_pool_queue_length", .gauge, "Requests that wait for a thread.",
                rows.map { .init(max(0, $0.pool.inside.load(ordering: .relaxed) - $0.pool.count), [$0.label]) }),
            MetricFamily(
                "securityd_pool_queue_limit", .gauge, "Requests that may wait; further ones are answered with 503.",
                rows.map { .init($0.pool.queue.load(ordering: .relaxed), [$0.label]) }),
            MetricFamily(
                "securityd_pool_refusals_total", .counter, "Requests that found the queue full.",
                rows.map { .init($0.pool.refused.load(ordering: .relaxed), [$0.label]) }),
        ]
    }

    /// Ends the threads when what they do is done.
    func shutDown() async throws {
        try await hashing.threads.shutdownGracefully()
        try await light.threads.shutdownGracefully()
    }
}
