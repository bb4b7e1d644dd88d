/// Flask-Security's freshness rule as a pure function (behaviour: freshness).
public enum Freshness {
    /// Whether a factor completed at a moment still counts at the prompt.
    public static func isFresh(completedAt: Instant, now: Instant, within: Int64) -> Bool { false }
}
