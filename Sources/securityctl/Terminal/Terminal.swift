import CLibc
import CUnix
import SecurityCore

/// The terminal of the person who runs the command, whatever standard input and output are.
struct Terminal {
    private let device: Descriptor

    /// The controlling terminal, or nil when there is none (a cron job, a container without `-t`).
    init?() {
        guard let device = Descriptor(path: "/dev/tty", flags: O_RDWR | O_NOCTTY) else { return nil }
        self.device = device
    }

    /// Asks for a line. With `isHidden` what is typed is not shown. Nil at the end of input (Ctrl-D).
    ///
    /// 1. The terminal's settings MUST be restored on every path, an interrupting or stopping signal included.
    /// 2. So those signals are blocked while echo is off and seen through a descriptor; one that came is delivered once
    ///    the settings are back. No handler runs, and no signal is lost.
    func ask(_ question: String, isHidden: Bool) -> Secret? {
        guard isHidden else {
            return device.write(question) ? device.readLine(limit: Terminal.longestLine) : nil
        }
        while true {
            switch askHidden(question) {
            case .line(let line): return line
            case .end: return nil
            case .signal: continue
            }
        }
    }

    private static let longestLine = 4096

    private enum Answer: ~Copyable {
        case line(Secret)
        case end
        /// A signal was delivered and did not end the process: it was stopped and goes on.
        case signal
    }

    /// Asks only once echo is off: who types at the first sign of the question is not shown either. A process in the
    /// background is stopped by the terminal before it changes anything.
    private func askHidden(_ question: String) -> Answer {
        guard let signals = SignalWatch() else { return .end }
        guard let echo = EchoSwitch(off: device) else {
            signals.release()
            return .end
        }
        let answer = answer(question, signals)
        echo.restore()
        _ = device.write("\n")
        signals.release()
        return answer
    }

    private func answer(_ question: String, _ signals: SignalWatch) -> Answer {
        guard device.write(question) else { return .end }
        guard signals.waits(for: device) else { return .signal }
        guard let line = device.readLine(limit: Terminal.longestLine) else { return .end }
        return .line(line)
    }
}

/// Switches a terminal's echo off, and back on.
private struct EchoSwitch {
    private let device: Descriptor
    private let settings: termios

    /// Nil when the terminal has no settings to change. What was typed ahead is thrown away: it was shown.
    init?(off device: Descriptor) {
        var settings = termios()
        // SAFETY: `settings` lives through the calls.
        guard unsafe tcgetattr(device.number, &settings) == 0 else { return nil }
        self.device = device
        self.settings = settings
        settings.c_lflag &= ~tcflag_t(ECHO | ECHONL)
        guard unsafe tcsetattr(device.number, TCSAFLUSH, &settings) == 0 else { return nil }
    }

    func restore() {
        var settings = settings
        // SAFETY: `settings` lives through the call.
        while unsafe tcsetattr(device.number, TCSAFLUSH, &settings) != 0, clibc_errno() == EINTR {}
    }
}

/// Holds back the signals that would end or stop the process.
private struct SignalWatch {
    private static let watched = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP]
    private let previous: sigset_t
    private let descriptor: Descriptor

    /// Blocks the signals; nil when the system has no descriptor left.
    init?() {
        var blocked = sigset_t()
        var previous = sigset_t()
        // SAFETY: both sets live through the calls.
        unsafe sigemptyset(&blocked)
        for signal in SignalWatch.watched { unsafe sigaddset(&blocked, signal) }
        unsafe sigprocmask(SIG_BLOCK, &blocked, &previous)
        let number = unsafe signalfd(-1, &blocked, Int32(SFD_CLOEXEC))
        guard number >= 0 else {
            unsafe sigprocmask(SIG_SETMASK, &previous, nil)
            return nil
        }
        self.previous = previous
        descriptor = Descriptor(number)
    }

    /// True when there is something to read, false when a signal came first.
    func waits(for device: Descriptor) -> Bool {
        let wanted = Int16(POLLIN)
        var polled = [
            pollfd(fd: device.number, events: wanted, revents: 0),
            pollfd(fd: descriptor.number, events: wanted, revents: 0),
        ]
        // SAFETY: the array holds two entries and lives through the call.
        while unsafe poll(&polled, 2, -1) < 0, clibc_errno() == EINTR {}
        return polled[1].revents == 0
    }

    /// Lets the signals through; one that came is delivered before this returns.
    func release() {
        var previous = previous
        // SAFETY: the set lives through the call.
        unsafe sigprocmask(SIG_SETMASK, &previous, nil)
    }
}
