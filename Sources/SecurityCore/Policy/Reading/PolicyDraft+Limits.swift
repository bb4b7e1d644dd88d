/// How guesses are slowed down, and how long a completed factor counts.
extension PolicyDraft {
    /// Reads the LIBSECURITY_THROTTLE_* keys.
    func throttlePolicy() -> ThrottlePolicy {
        var policy = ThrottlePolicy()
        policy.isEnabled = bool("LIBSECURITY_THROTTLE") ?? policy.isEnabled
        policy.freeFailures = integer("LIBSECURITY_THROTTLE_FREE") ?? policy.freeFailures
        policy.hostFreeFailures = integer("LIBSECURITY_THROTTLE_HOST_FREE") ?? policy.hostFreeFailures
        policy.firstDelay = wholeSeconds("LIBSECURITY_THROTTLE_DELAY", least: 1) ?? policy.firstDelay
        policy.longestDelay = wholeSeconds("LIBSECURITY_THROTTLE_DELAY_MAX", least: 1) ?? policy.longestDelay
        policy.limit = integer("LIBSECURITY_THROTTLE_LIMIT") ?? policy.limit
        policy.trustSeconds = wholeSeconds("LIBSECURITY_THROTTLE_TRUST", least: 0) ?? policy.trustSeconds
        judge(policy)
        return policy
    }

    private func judge(_ policy: ThrottlePolicy) {
        if !policy.isEnabled {
            report(
                .warning, "LIBSECURITY_THROTTLE",
                "is false: passwords and codes can be guessed without end")
        }
        if policy.firstDelay > policy.longestDelay {
            report(
                .error, "LIBSECURITY_THROTTLE_DELAY",
                "is longer than LIBSECURITY_THROTTLE_DELAY_MAX, which is \(policy.longestDelay) s; shorten it")
        }
        if policy.freeFailures >= policy.limit {
            report(
                .error, "LIBSECURITY_THROTTLE_FREE",
                "is \(policy.freeFailures), and must be less than LIBSECURITY_THROTTLE_LIMIT, which is \(policy.limit)")
        }
        if policy.limit > 100 {
            report(
                .warning, "LIBSECURITY_THROTTLE_LIMIT",
                "is \(policy.limit); NIST SP 800-63B allows 100 failures at most")
        }
    }

    /// A duration of whole seconds, rounded up; the throttle counts no less.
    private func wholeSeconds(_ key: String, least: Int64) -> Int64? {
        guard let microseconds = duration(key) else { return nil }
        let seconds = microseconds / 1_000_000 + (microseconds % 1_000_000 > 0 ? 1 : 0)
        // A century: later arithmetic on it cannot overflow.
        let most: Int64 = 100 * 366 * 86_400
        guard microseconds >= 0, seconds >= least, seconds <= most else {
            report(.error, key, "must be from \(least) second\(least == 1 ? "" : "s") to 100 years")
            return nil
        }
        return seconds
    }

    /// SECURITY_FRESHNESS and its grace period; our own keys of the same end override them.
    func freshnessPolicy() -> FreshnessPolicy {
        var policy = FreshnessPolicy()
        let (withinKey, within) = freshness("FRESHNESS")
        let (graceKey, grace) = freshness("FRESHNESS_GRACE_PERIOD")
        policy.within = within ?? policy.within
        policy.grace = grace ?? policy.grace
        if policy.within > 0, policy.grace >= policy.within {
            let key = grace == nil ? withinKey : graceKey
            report(
                .error, key,
                "leaves a grace period (\(policy.grace / 1_000_000) s) that is not shorter than the freshness"
                    + " (\(policy.within / 1_000_000) s); write LIBSECURITY_FRESHNESS_GRACE_PERIOD = 0, or a longer"
                    + " LIBSECURITY_FRESHNESS")
        }
        return policy
    }

    private func freshness(_ end: String) -> (key: String, microseconds: Int64?) {
        let (theirs, ours) = ("SECURITY_" + end, "LIBSECURITY_" + end)
        if has(theirs) {
            report(
                .hint, theirs,
                "keeps a Flask-Security application from starting when it comes from TOML; write \(ours)")
        }
        return has(ours) ? (ours, duration(ours)) : (theirs, duration(theirs))
    }
}
