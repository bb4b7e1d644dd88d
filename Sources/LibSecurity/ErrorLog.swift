import CLibc
import Synchronization

/// The latest error text of each of the threads that failed last.
///
/// Its lock is never waited for without end: a child that was forked while another thread held it would wait for ever.
/// Who cannot get it in time loses a text, nothing else.
final class ErrorLog {
    /// How many threads' texts are kept.
    static let capacity = 32
    /// How often the lock is asked for: first at once, then every tenth of a millisecond, because its holder may have been
    /// put off the processor. About a third of a second in all.
    private static let patience = 3000
    private static let hastyAttempts = 100

    private struct Entry {
        var thread: pid_t
        var text: String
    }

    private let isHeld = Atomic<Bool>(false)
    /// The latest first. Read and written only with the lock.
    private var entries: [Entry] = []

    /// Keeps a text as the calling thread's latest.
    func record(_ text: String) {
        locked {
            let thread = clibc_thread_id()
            entries.removeAll { $0.thread == thread }
            if entries.count >= ErrorLog.capacity { entries.removeLast() }
            entries.insert(Entry(thread: thread, text: text), at: 0)
        }
    }

    /// The calling thread's latest text, or "".
    func text() -> String {
        var text = ""
        locked {
            let thread = clibc_thread_id()
            for entry in entries where entry.thread == thread { text = entry.text }
        }
        return text
    }

    private func locked(_ body: () -> Void) {
        for attempt in 0..<ErrorLog.patience {
            if !isHeld.exchange(true, ordering: .acquiring) {
                body()
                isHeld.store(false, ordering: .releasing)
                return
            }
            if attempt < ErrorLog.hastyAttempts { sched_yield() } else { usleep(100) }
        }
    }
}
