/// Finds who knows the breached passwords of a policy.
public enum BreachedSource {
    /// The file of the policy, or `service` where it names none.
    public static func open(
        _ policy: BreachedPolicy, service: (any BreachedPasswords)? = nil
    ) throws(BreachedError) -> any BreachedPasswords {
        guard let path = policy.file else {
            guard let service else { throw .notConfigured }
            return service
        }
        return try open(path, count: policy.count)
    }

    /// A file: a filter when it begins like one, else a list. `count` is SECURITY_PASSWORD_BREACHED_COUNT, which a filter
    /// must have been made for.
    public static func open(_ path: String, count: Int) throws(BreachedError) -> any BreachedPasswords {
        guard let filter = try filter(path) else { return try HashList(BreachedFile(path: path)) }
        guard filter.minimumCount == count else {
            throw .otherCount(path: path, made: filter.minimumCount, wanted: count)
        }
        return filter
    }

    /// The filter in a file; nil when it does not begin like one.
    public static func filter(_ path: String) throws(BreachedError) -> BreachedFilter? {
        let file = try BreachedFile(path: path)
        return try FilterHeader.marks(file) ? try BreachedFilter(file) : nil
    }
}
