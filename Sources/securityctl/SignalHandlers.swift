import CLibc
import CUnix

/// The Swift runtime's handlers of signals that end a process.
///
/// Where the toolchain's backtracer is installed, the runtime starts it for these signals, and it asks on the terminal
/// whether to debug: not in a program that runs as root and holds keys.
enum SignalHandlers {
    private static let replaced = [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]

    /// Sets what the runtime changed back to the default. What the caller chose to ignore stays ignored.
    static func restore() {
        for number in replaced {
            var action = sigaction()
            // SAFETY: `action` lives through the call.
            guard unsafe sigaction(number, nil, &action) == 0, action.sa_flags & SA_SIGINFO != 0 else { continue }
            var standard = sigaction()
            unsafe sigaction(number, &standard, nil)
        }
    }
}
