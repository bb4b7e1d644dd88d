/// The cost parameter of a scheme, with passlib's rules for it (`HasRounds`).
struct CostRange: Sendable {
    /// What the format allows.
    let allowed: ClosedRange<Int>
    /// What new hashes get when no option says otherwise.
    let standard: Int
    /// The highest that is computed here. A stored string with more is refused: a row of the database must not keep a
    /// login, or a host process, busy for longer than some ten seconds of this year's processors.
    let limit: Int

    /// The cost of new hashes.
    func cost(_ options: SchemeOptions) -> Int {
        let cost = options.newRounds ?? options.rounds ?? standard
        return clip(min(max(cost, lower(options) ?? cost), upper(options) ?? Int.max))
    }

    /// Whether a hash of this cost is to be renewed.
    func isDue(_ cost: Int, _ options: SchemeOptions) -> Bool {
        if let lower = lower(options), cost < lower { return true }
        if let upper = upper(options), cost > upper { return true }
        return false
    }

    /// A cost read from a stored string, if it is allowed and computed here.
    func checked(_ cost: Int?, _ scheme: PasswordScheme) throws(PasswordError) -> Int {
        guard let cost, allowed.contains(cost) else { throw .malformed(scheme) }
        guard cost <= limit else { throw .tooCostly(scheme) }
        return cost
    }

    private func lower(_ options: SchemeOptions) -> Int? { (options.minimumRounds ?? options.rounds).map(clip) }
    private func upper(_ options: SchemeOptions) -> Int? { (options.maximumRounds ?? options.rounds).map(clip) }
    private func clip(_ cost: Int) -> Int { min(max(cost, allowed.lowerBound), allowed.upperBound) }
}
