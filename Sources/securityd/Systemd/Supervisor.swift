import CLibc
import Synchronization

/// Tells the supervisor how the service is doing (sd_notify(3)). Without NOTIFY_SOCKET it tells nobody.
///
/// | message | when |
/// | --- | --- |
/// | READY=1 | everything listens, and the account database was read |
/// | RELOADING=1, then READY=1 | around a SIGHUP, whatever came of it; STATUS says what |
/// | WATCHDOG=1 | twice in WATCHDOG_USEC |
/// | STOPPING=1 | the end has begun; requests that are there are still answered |
final class Supervisor: Sendable {
    private let socket: String?
    private let isReady = Atomic(false)

    init() {
        socket = UnixCalls.environment("NOTIFY_SOCKET")
    }

    /// How often the supervisor wants to hear of this process, halved; nil when it does not.
    let watchdogInterval: Duration? = {
        if let process = UnixCalls.environment("WATCHDOG_PID"), process != String(getpid()) { return nil }
        guard let text = UnixCalls.environment("WATCHDOG_USEC"), let limit = Int64(text), limit > 1 else { return nil }
        return .microseconds(limit / 2)
    }()

    /// The service can be used.
    func ready() {
        isReady.store(true, ordering: .relaxed)
        tell("READY=1\nSTATUS=Serving")
    }

    /// Does what a SIGHUP asks for; what it returns becomes the status. Before the service is ready nobody hears of it: the
    /// READY=1 at the end would be taken for the first.
    func reloading(_ work: () -> String) {
        let isTold = isReady.load(ordering: .relaxed)
        if isTold { tell("RELOADING=1\nMONOTONIC_USEC=\(UnixCalls.monotonicMicroseconds)") }
        let status = work()
        if isTold { tell("READY=1\nSTATUS=\(status)") }
    }

    /// The process is alive.
    func alive() { tell("WATCHDOG=1") }

    /// The end has begun.
    func stopping() { tell("STOPPING=1\nSTATUS=Answering the last requests") }

    /// What it waits for.
    func waits(for what: String) { tell("STATUS=Waiting for \(what)") }

    private func tell(_ message: String) {
        guard let socket else { return }
        _ = UnixCalls.send(message, to: socket)
    }
}
