import CLibc
import NIOPosix
import SecurityHTTP
import Synchronization

/// Threads for the blocking work of requests, by lane. Each has a bounded queue, which is shared out by origin: beyond it a request is
/// told to come back, instead of waiting until its client has given up.
final class WorkerPools: Sendable {
    /// What waits for a thread, and what is told when there is none for it.
    private struct Job: Sendable {
        let run: @Sendable () -> Void
        let drop: @Sendable () -> Void
    }

    private final class Pool: Sendable {
        private struct State {
            var queue = FairQueue<Job>()
            var running = 0
        }

        let threads: NIOThreadPool
        let count: Int
        /// How many may wait.
        let queue: Atomic<Int>
        let refused = Atomic<Int>(0)
        private let state = Mutex(State())

        init(threads count: Int, queue: Int) {
            threads = NIOThreadPool(numberOfThreads: count)
            self.count = count
            self.queue = Atomic(queue)
            threads.start()
        }

        /// How many are at work or wait.
        var inside: Int { state.withLock { $0.running + $0.queue.count } }

        func submit(_ job: Job, of origin: [UInt8]) {
            let limit = count + queue.load(ordering: .relaxed)
            let (isTaken, dropped) = state.withLock { state -> (Bool, Job?) in
                var dropped: Job?
                if state.running + state.queue.count >= limit {
                    dropped = state.queue.giveWay(to: origin)
                    guard dropped != nil else { return (false, job) }
                }
                state.queue.add(job, of: origin)
                return (true, dropped)
            }
            if let dropped {
                refused.wrappingAdd(1, ordering: .relaxed)
                dropped.drop()
            }
            // A thread runs whatever job has its turn: there are as many of these as jobs wait.
            if isTaken, dropped == nil { threads.submit { self.runNext(isActive: $0 == .active) } }
        }

        private func runNext(isActive: Bool) {
            let next = state.withLock { state -> Job? in
                guard let job = state.queue.next() else { return nil }
                state.running += 1
                return job
            }
            guard let next else { return }
            if isActive { next.run() } else { next.drop() }
            state.withLock { $0.running -= 1 }
        }
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

    /// Runs `work` on a thread of a lane; nil when its queue is full. Work of different origins takes turns.
    func run<Result: Sendable>(
        _ lane: Lane, of origin: String = "", _ work: @escaping @Sendable () -> Result
    ) async -> Result? {
        await withCheckedContinuation { continuation in
            let job = Job(
                run: {
                    // A hash takes its time in any case; who waits for a page must not wait for a slice of it.
                    if lane == .hashing { clibc_be_nice(WorkerPools.hashingNiceness) }
                    continuation.resume(returning: work())
                }, drop: { continuation.resume(returning: nil) })
            pool(lane).submit(job, of: Array(origin.utf8))
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
                rows.map { .init(min($0.pool.inside, $0.pool.count), [$0.label]) }),
            MetricFamily(
                "securityd_pool_queue_length", .gauge, "Requests that wait for a thread.",
                rows.map { .init(max(0, $0.pool.inside - $0.pool.count), [$0.label]) }),
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
