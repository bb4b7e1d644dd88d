public import SecurityCore

/// What became of a token or cookie that speaks for an account.
///
/// Flask-Security tells its users less: it says "invalid" for ``invalid``, ``unknownAccount`` and ``changed`` alike.
public enum TokenVerdict: Equatable, Sendable {
    /// It is what it claims to be, and still good.
    case valid
    /// Not signed by us for this purpose, changed on the way, or no token at all.
    case invalid
    /// Too old, or from the future.
    case expired
    /// No account has its uniquifier: the account is gone, or its password was changed since.
    case unknownAccount
    /// What it was made for has changed since: the address that it confirms or replaces, the password that it resets. So it is
    /// when a new address has become another account's.
    case changed
    /// It was good once and has been used: the link was redeemed, or the address is confirmed.
    case used
    /// The account is not active.
    case inactive
    /// A session in which nobody is signed in.
    case anonymous
    /// A session that was signed out, wherever its cookie has been copied to since.
    case ended
}

/// A token or cookie, judged.
public struct TokenFinding {
    /// Whether it is good.
    public var verdict: TokenVerdict
    /// Whose it is, also when it is not good any more; nil as long as its signature is not ours.
    public var account: Account?
    /// Whose it says it is, also when there is no such account; nil as long as its signature is not ours.
    public var uniquifier: String?
    /// When it was signed, in seconds since the epoch; nil when it does not say, or is not to be believed.
    public var issuedAt: Int64?
    /// The last second in which it is good; nil = no limit.
    public var expiresAt: Int64?
    /// When its owner last presented a first factor, and the end of the grace period, where it says so.
    public var freshness = Freshness.Session(authenticatedAt: nil, graceEndSeconds: nil)
    /// The address to be, of a change-of-address link whose signature is ours.
    public var newEmail: String?
    /// Which key signed it: 0 is SECRET_KEY, 1 the first of SECRET_KEY_FALLBACKS.
    public var keyIndex: Int?
    /// What a used link is remembered by; nil for what is no link.
    var spentDigest: String?

    /// A finding about nobody.
    init(_ verdict: TokenVerdict) {
        self.verdict = verdict
    }

    /// What a signed payload says of itself, before anybody has looked at the account.
    public init(_ payload: SignedPayload, isExpired: Bool, maxAgeSeconds: Int64?) {
        self.init(
            signedAt: payload.signedAt, keyIndex: payload.keyIndex, isExpired: isExpired, maxAgeSeconds: maxAgeSeconds)
    }

    /// The same, of its parts.
    init(signedAt: Int64?, keyIndex: Int?, isExpired: Bool, maxAgeSeconds: Int64?) {
        verdict = isExpired ? .expired : .valid
        issuedAt = signedAt
        self.keyIndex = keyIndex
        if let signedAt, let maxAgeSeconds {
            let (end, overflow) = signedAt.addingReportingOverflow(maxAgeSeconds)
            expiresAt = overflow ? (maxAgeSeconds < 0 ? .min : .max) : end
        }
    }

    /// The same finding with another verdict.
    func refused(_ verdict: TokenVerdict) -> TokenFinding {
        var finding = self
        finding.verdict = verdict
        return finding
    }

    /// Until when its owner counts as freshly authenticated, as a moment that has not yet come; nil = not now, and
    /// `.max` = always (SECURITY_FRESHNESS < 0).
    public func freshUntil(_ policy: FreshnessPolicy, now: Instant) -> Instant? {
        guard Freshness.check(freshness, policy: policy, now: now).isFresh else { return nil }
        if policy.within < 0 { return Instant(microseconds: .max) }
        let graceEnd = freshness.graceEndSeconds.map { Instant(seconds: $0) } ?? Instant(microseconds: .min)
        let start = freshness.authenticatedAt?.microseconds ?? .min
        let (end, overflow) = start.addingReportingOverflow(policy.within)
        return max(Instant(microseconds: overflow ? .max : end), graceEnd)
    }
}
