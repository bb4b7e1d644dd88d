import NIOCore

/// Runs the asynchronous part of a connection on the event loop that reads its socket. On the concurrency library's own threads
/// each request would change threads twice more.
///
/// A loop must never be blocked, so what may block goes to ``WorkerPools``.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        // SAFETY: a job is run once, by the loop, which runs everything that it was given before it ends; the executor lives as
        // long as the task that prefers it.
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
