/// Whether an account may be used now, whatever it has presented: PAM's account management, which also runs without any
/// authentication of ours (sshd with a public key).
public enum AccountReview {
    /// What a review found.
    public enum Verdict: Equatable, Sendable {
        /// May be used.
        case allowed
        /// May not, for this reason.
        case refused(DenialReason)
    }

    /// Looks the account up and reviews it: unknown, inactive, unconfirmed, not admitted, or without the second factor
    /// that the policy requires.
    public static func verdict(
        on identity: LoginIdentity, policy: Policy, store: any AccountStore
    ) throws(StoreError) -> Verdict {
        verdict(on: try AccountFinder(policy: policy, store: store).find(identity), policy: policy)
    }

    /// Reviews what a look-up found.
    public static func verdict(on match: AccountMatch, policy: Policy) -> Verdict {
        switch match {
        case .none: return .refused(.unknownAccount)
        case .ambiguous: return .refused(.ambiguousAccount)
        case .superuser: return .refused(.superuser)
        case .one(let account, let isAdmitted):
            let facts = AccountFacts(account, isAdmitted: isAdmitted)
            if let obstacle = Decision.obstacle(policy.factors, facts) { return .refused(obstacle) }
            return Decision.missingFactor(policy.factors, facts) ? .refused(.noFactor) : .allowed
        }
    }
}
