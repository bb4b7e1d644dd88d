import CLibc

/// What a decision needs from outside besides policy and accounts, as parameters: the time and random bytes.
public struct Environment {
    /// The present moment.
    public let now: () -> Instant
    /// The given number of random bytes, fit for keys; nil when the system's generator fails.
    public let random: (Int) -> Secret?

    /// An environment of given parts; fixed ones are for tests.
    public init(now: @escaping () -> Instant, random: @escaping (Int) -> Secret?) {
        self.now = now
        self.random = random
    }

    /// The system's clock and generator.
    public static var system: Environment {
        Environment(now: { systemTime() }, random: { count in SystemRandom.bytes(count) })
    }

    private static func systemTime() -> Instant {
        var time = timespec()
        // SAFETY: `time` lives through the call.
        guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return Instant(microseconds: 0) }
        return Instant(microseconds: Instant(seconds: Int64(time.tv_sec)).microseconds &+ Int64(time.tv_nsec / 1000))
    }
}
