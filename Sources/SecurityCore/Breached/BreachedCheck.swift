/// SECURITY_PASSWORD_CHECK_BREACHED: whether a new password may be used.
///
/// The file of the policy is opened for each password and closed again: no descriptor outlives a call.
public struct BreachedCheck {
    /// What comes of it.
    public enum Verdict: Equatable, Sendable {
        /// It may be used.
        case clear
        /// It was found at least SECURITY_PASSWORD_BREACHED_COUNT times. Flask-Security: PASSWORD_BREACHED.
        case breached(count: Int)
        /// Nobody could say, and the policy is strict. Flask-Security: PASSWORD_BREACHED_SITE_ERROR.
        case unknown(BreachedError)
    }

    private let policy: BreachedPolicy
    private let service: (any BreachedPasswords)?

    /// The check of a policy. `service` is asked where the policy names no file; login processes have none.
    public init(policy: BreachedPolicy, service: (any BreachedPasswords)? = nil) {
        self.policy = policy
        self.service = service
    }

    /// Judges a normalised password. Costs a few reads of the file, or a request.
    public func verdict(on password: Span<UInt8>) -> Verdict {
        guard policy.mode != .off else { return .clear }
        do throws(BreachedError) {
            let count = try BreachedSource.open(policy, service: service).count(of: password)
            return count >= max(policy.count, 1) ? .breached(count: count) : .clear
        } catch {
            return policy.mode == .strict ? .unknown(error) : .clear
        }
    }
}
