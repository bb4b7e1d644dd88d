import CLibc

/// The time that a guarded connection may spend inside SQLite, over all its statements: waiting for locks, reading a file that
/// was made to be slow, running what a schema says. What its user does between two statements (a hash, a prompt) does not count.
struct Deadline {
    private var budget: Int64
    private let whole: Int64
    private var spent: Int64 = 0
    private var entered: Int64 = 0
    private var depth = 0
    /// How long one wait for a lock may take, in nanoseconds.
    var patience: Int64

    init(milliseconds: Int32) {
        whole = Int64(milliseconds) * 1_000_000
        budget = whole
        patience = whole
    }

    /// SQLite is about to be called.
    mutating func enter() {
        if depth == 0 { entered = Deadline.now }
        depth &+= 1
    }

    /// SQLite has returned.
    mutating func leave() {
        depth &-= 1
        if depth == 0 { spent &+= Deadline.now &- entered }
    }

    /// Nanoseconds that are left; negative when the time is up.
    var left: Int64 {
        budget &- spent &- (depth > 0 ? Deadline.now &- entered : 0)
    }

    /// Gives the whole time again: another request uses the connection.
    mutating func renew() {
        budget = whole
        spent = 0
    }

    /// Gives more time, for a command that reads many accounts.
    mutating func extend(milliseconds: Int64) {
        budget &+= milliseconds &* 1_000_000
    }

    private static var now: Int64 {
        var time = timespec()
        // SAFETY: `time` lives through the call.
        guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
