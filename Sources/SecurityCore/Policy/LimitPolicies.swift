/// How guesses are slowed down. Kinds of failures are counted apart: passwords and codes.
public struct ThrottlePolicy: Equatable, Sendable {
    /// LIBSECURITY_THROTTLE.
    public var isEnabled = true
    /// LIBSECURITY_THROTTLE_FREE: failures of an account before a delay begins.
    public var freeFailures = 4
    /// LIBSECURITY_THROTTLE_HOST_FREE: failures of a remote host, all accounts together, before a delay begins.
    public var hostFreeFailures = 20
    /// LIBSECURITY_THROTTLE_DELAY: the first delay in seconds; each further failure doubles it.
    public var firstDelay: Int64 = 1
    /// LIBSECURITY_THROTTLE_DELAY_MAX: the longest delay in seconds.
    public var longestDelay: Int64 = 3600
    /// LIBSECURITY_THROTTLE_LIMIT: failures at which strangers are refused until a reset.
    public var limit = 100
    /// LIBSECURITY_THROTTLE_TRUST: seconds for which an origin counts as the owner's after a success.
    public var trustSeconds: Int64 = 90 * 86400

    /// The defaults.
    public init() {}
}

/// How long a completed factor counts; microseconds.
public struct FreshnessPolicy: Equatable, Sendable {
    /// SECURITY_FRESHNESS or LIBSECURITY_FRESHNESS; negative = not checked, 0 = never fresh.
    public var within: Int64 = 86_400_000_000
    /// SECURITY_FRESHNESS_GRACE_PERIOD or LIBSECURITY_FRESHNESS_GRACE_PERIOD.
    public var grace: Int64 = 3_600_000_000

    /// Flask-Security's defaults.
    public init() {}

    /// A rule of an endpoint's own.
    public init(within: Int64, grace: Int64) {
        self.within = within
        self.grace = grace
    }
}
