/// What is counted: one kind of evidence for one subject from one origin.
public struct Attempt: Hashable, Sendable {
    /// The kinds of evidence, counted apart.
    public enum Factor: String, CaseIterable, Sendable {
        case password
        /// A code behind a password that the same login has proven.
        case code
        /// A code of a login that proved no password (`factor=code`): anybody who knows a name can present one.
        case codeAlone = "code-alone"

        /// The kinds that are guesses at the same secret.
        public var siblings: [Factor] {
            switch self {
            case .password: [.password]
            case .code, .codeAlone: [.code, .codeAlone]
            }
        }
    }

    /// `user:<id>`, or `name:<keyed hash>` of a name that no account has: two names of one account share a count, and
    /// an unknown name is counted like a known one.
    public var subject: String
    /// The kind of evidence.
    public var factor: Factor
    /// Where it comes from: ``Origin/text``.
    public var origin: String

    /// An attempt of its parts.
    public init(subject: String, factor: Factor, origin: String) {
        self.subject = subject
        self.factor = factor
        self.origin = origin
    }
}

/// Whether an attempt may be checked now.
public enum ThrottleVerdict: Equatable, Sendable {
    /// Yes.
    case admitted
    /// Not before this moment.
    case delayed(until: Instant)
    /// Not until an administrator resets it, or the factor is enrolled anew.
    case exhausted
}

/// Failures and attempts in progress, with the time of the latest.
public struct Tally: Equatable, Sendable {
    /// Attempts that failed.
    public var failures: Int
    /// Attempts that were begun and have not ended.
    public var pending: Int
    /// When the latest began or ended.
    public var latest: Instant

    /// A tally of its parts.
    public init(failures: Int = 0, pending: Int = 0, latest: Instant = Instant(microseconds: 0)) {
        self.failures = failures
        self.pending = pending
        self.latest = latest
    }
}

/// The tallies that bear on one attempt.
///
/// They count the attempt's kind of evidence, and for a code alone both kinds of codes: guesses with a password make those
/// without one wait, and never the other way about.
public struct ThrottleTallies: Equatable, Sendable {
    /// Whether the origin is a place (``Origin/isPlace``).
    public var isPlace: Bool
    /// Whether this account has succeeded from this origin before.
    public var isTrusted: Bool
    /// This subject from this origin.
    public var own: Tally
    /// This subject from all origins that are not trusted.
    public var strangers: Tally
    /// All subjects from this origin; both kinds of codes together.
    public var host: Tally
    /// This subject from all origins; codes only behind a proven password.
    public var all: Tally

    /// Tallies of their parts.
    public init(
        isPlace: Bool = true, isTrusted: Bool = false, own: Tally = Tally(), strangers: Tally = Tally(),
        host: Tally = Tally(), all: Tally = Tally()
    ) {
        self.isPlace = isPlace
        self.isTrusted = isTrusted
        self.own = own
        self.strangers = strangers
        self.host = host
        self.all = all
    }
}

/// The throttle's rule (NIST SP 800-63B-4 section 3.2.2, OWASP ASVS 6.1.1).
///
/// | who | counted together | after the free failures | at the limit |
/// | --- | --- | --- | --- |
/// | an origin from which the account has succeeded | its own failures | delay | delay |
/// | any other place | all such origins of the account, and the host over all accounts | the longer delay | refused |
/// | an origin that cannot be seen | all origins of the account from which it has not succeeded | delay | refused |
/// | a code, from anywhere | also all codes of the account behind a proven password | | refused until the factor is enrolled again |
///
/// So a stranger's guesses never delay the owner who comes from a known place, no number of origins buys more guesses
/// than the limit, and attempts in progress count towards the limit, so that parallel guesses buy none either. A stranger who
/// knows no password cannot bring about the last row: codes alone count towards it nowhere.
public enum Throttle {
    /// Seconds after which an attempt that never ended (its process was killed) counts as a failure.
    public static let pendingSeconds: Int64 = 120

    /// Decides one attempt.
    public static func verdict(
        _ tallies: ThrottleTallies, factor: Attempt.Factor, policy: ThrottlePolicy, now: Instant
    ) -> ThrottleVerdict {
        guard policy.isEnabled else { return .admitted }
        if factor != .password, isExhausted(tallies.all, policy) { return .exhausted }
        if tallies.isTrusted, tallies.isPlace {
            return delay(tallies.own, free: policy.freeFailures, policy, now)
        }
        if isExhausted(tallies.strangers, policy) { return .exhausted }
        let account = delay(tallies.strangers, free: policy.freeFailures, policy, now)
        // Everybody's failures meet in an origin that cannot be seen.
        guard tallies.isPlace else { return account }
        let host = delay(tallies.host, free: policy.hostFreeFailures, policy, now)
        switch (account, host) {
        case (.delayed(let first), .delayed(let second)): return .delayed(until: max(first, second))
        case (.admitted, let other), (let other, _): return other
        }
    }

    private static func isExhausted(_ tally: Tally, _ policy: ThrottlePolicy) -> Bool {
        tally.failures &+ tally.pending >= policy.limit
    }

    private static func delay(_ tally: Tally, free: Int, _ policy: ThrottlePolicy, _ now: Instant) -> ThrottleVerdict {
        guard tally.failures >= free, policy.firstDelay > 0 else { return .admitted }
        let doublings = min(tally.failures &- free &+ tally.pending, 40)
        let (grown, overflow) = policy.firstDelay.multipliedReportingOverflow(by: Int64(1) << Int64(doublings))
        let seconds = overflow ? policy.longestDelay : min(grown, policy.longestDelay)
        let until = Instant(
            microseconds: tally.latest.microseconds &+ Instant(seconds: seconds).microseconds)
        return now < until ? .delayed(until: until) : .admitted
    }
}
