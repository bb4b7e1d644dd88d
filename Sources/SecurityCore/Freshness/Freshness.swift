/// Whether an authentication is young enough for what is asked, as pure functions over moments in UTC.
public enum Freshness {
    /// What a session remembers.
    public struct Session: Equatable, Sendable {
        /// `fs_paa`: when the session's owner last presented a primary factor; nil = never in this session.
        public var authenticatedAt: Instant?
        /// `fs_gexp`: the end of the grace period in seconds since the epoch; nil and 0 = none.
        public var graceEndSeconds: Int64?

        /// What a session remembers, by its two parts.
        public init(authenticatedAt: Instant?, graceEndSeconds: Int64?) {
            self.authenticatedAt = authenticatedAt
            self.graceEndSeconds = graceEndSeconds
        }
    }

    /// The answer for a session.
    public struct Verdict: Equatable, Sendable {
        /// Whether the request may go on.
        public var isFresh: Bool
        /// What `fs_gexp` becomes; nil = it stays as it is.
        public var newGraceEndSeconds: Int64?
    }

    /// Flask-Security's rule for a session (check_and_update_authn_fresh), in this order:
    /// 1. Basic authentication, which presents the password with each request: fresh.
    /// 2. `within` < 0: fresh. Nothing is checked here.
    /// 3. Never authenticated in this session: not fresh.
    /// 4. Before the end of the grace period: fresh, and the period begins anew.
    /// 5. `within` = 0: not fresh, and the period begins.
    /// 6. Age strictly between -`within` (clocks differ) and `within`: fresh, and the period begins anew.
    /// 7. Else: not fresh.
    ///
    /// Flask-Security 5.0 takes the end of the period for local time and is off by the time zone; here it is UTC.
    public static func check(
        _ session: Session, policy: FreshnessPolicy, now: Instant, isBasic: Bool = false
    ) -> Verdict {
        if isBasic || policy.within < 0 { return Verdict(isFresh: true) }
        guard let authenticatedAt = session.authenticatedAt else { return Verdict(isFresh: false) }
        let graceEnd = graceEnd(now, policy.grace)
        if let end = session.graceEndSeconds, end != 0, now < Instant(seconds: end) {
            return Verdict(isFresh: true, newGraceEndSeconds: graceEnd)
        }
        if policy.within == 0 { return Verdict(isFresh: false, newGraceEndSeconds: graceEnd) }
        guard let age = age(of: authenticatedAt, at: now), age < policy.within, age > -policy.within else {
            return Verdict(isFresh: false)
        }
        return Verdict(isFresh: true, newGraceEndSeconds: graceEnd)
    }

    /// Whether a factor completed at a moment still counts at the prompt of a host: 0 <= age < `within`, in
    /// microseconds. There is no grace period here, and `within` <= 0 means: always ask.
    ///
    /// A moment in the future never counts, however near: it was written by a clock that has been put back since, or by
    /// another host, and would count for longer than the policy says. Whoever it concerns is asked once more.
    public static func isFresh(completedAt: Instant, now: Instant, within: Int64) -> Bool {
        guard within > 0, let age = age(of: completedAt, at: now) else { return false }
        return age >= 0 && age < within
    }

    /// Microseconds from `moment` to `now`; nil when they do not fit.
    private static func age(of moment: Instant, at now: Instant) -> Int64? {
        let (age, overflow) = now.microseconds.subtractingReportingOverflow(moment.microseconds)
        return overflow ? nil : age
    }

    /// `now` + `grace` in whole seconds, cut as Python's `int` cuts.
    private static func graceEnd(_ now: Instant, _ grace: Int64) -> Int64 {
        let (end, overflow) = now.microseconds.addingReportingOverflow(grace)
        return (overflow ? (grace < 0 ? .min : .max) : end) / 1_000_000
    }
}
