import CLibSecurity
import SecurityCore
import SecurityTokens

extension lsec_token {
    /// What the header's struct says of no token.
    static var none: lsec_token {
        var token = lsec_token()
        token.size = MemoryLayout<lsec_token>.size
        token.status = LSEC_TOKEN_INVALID
        token.issued_at = .min
        token.expires_at = .min
        token.authenticated_at = .min
        return token
    }

    /// A token, judged. LSEC_TIME_NONE is `Int64.min`.
    init(_ finding: TokenFinding) {
        self = .none
        status = lsec_token_status(finding.verdict)
        account = finding.account?.id ?? 0
        issued_at = finding.issuedAt ?? .min
        expires_at = finding.expiresAt ?? .min
        authenticated_at = finding.freshness.authenticatedAt?.seconds ?? .min
    }
}

extension lsec_session {
    /// What the header's struct says of no session.
    static var none: lsec_session {
        var session = lsec_session()
        session.size = MemoryLayout<lsec_session>.size
        session.status = LSEC_TOKEN_INVALID
        session.issued_at = .min
        session.expires_at = .min
        session.authenticated_at = .min
        session.grace_until = .min
        session.fresh_until = .min
        return session
    }

    /// A session, judged at `now`.
    init(_ finding: TokenFinding, policy: FreshnessPolicy, now: Instant) {
        self = .none
        status = lsec_token_status(finding.verdict)
        account = finding.account?.id ?? 0
        issued_at = finding.issuedAt ?? .min
        expires_at = finding.expiresAt ?? .min
        authenticated_at = finding.freshness.authenticatedAt?.seconds ?? .min
        grace_until = finding.freshness.graceEndSeconds ?? .min
        guard finding.verdict == .valid, let end = finding.freshUntil(policy, now: now) else { return }
        fresh_until = end.microseconds == .max ? .max : end.secondsRoundedUp
    }
}

extension Instant {
    /// Whole seconds since the epoch, rounded towards the future.
    fileprivate var secondsRoundedUp: Int64 {
        Instant(seconds: seconds) == self ? seconds : seconds + 1
    }
}

extension lsec_token_status {
    /// The header's name of a verdict.
    init(_ verdict: TokenVerdict) {
        self =
            switch verdict {
            case .valid: LSEC_TOKEN_VALID
            case .invalid: LSEC_TOKEN_INVALID
            case .expired: LSEC_TOKEN_EXPIRED
            case .unknownAccount: LSEC_TOKEN_UNKNOWN_ACCOUNT
            case .changed: LSEC_TOKEN_CHANGED
            case .used: LSEC_TOKEN_USED
            case .inactive: LSEC_TOKEN_INACTIVE
            case .anonymous: LSEC_TOKEN_ANONYMOUS
            case .ended: LSEC_TOKEN_ENDED
            }
    }
}

extension AccountTokenKind {
    /// The kind that the header's purpose names.
    init(_ purpose: lsec_token_purpose) throws(Failure) {
        switch purpose {
        case LSEC_PURPOSE_CONFIRM: self = .confirmation
        case LSEC_PURPOSE_RESET: self = .reset
        case LSEC_PURPOSE_LOGIN: self = .login
        case LSEC_PURPOSE_AUTHENTICATION: self = .authentication
        case LSEC_PURPOSE_REMEMBER: self = .remember
        case LSEC_PURPOSE_CHANGE_EMAIL: self = .changeEmail
        default: throw .argument("purpose is unknown")
        }
    }
}

extension Failure {
    init(_ error: AccountTokenError) {
        switch error {
        case .store(let error): self.init(error)
        case .newEmail: self.init(LSEC_ERR_ARGUMENT, error.description)
        case .flaw: self.init(LSEC_REFUSED, error.description)
        case .noRememberCookies: self.init(LSEC_ERR_POLICY, error.description)
        case .noTokenUniquifier: self.init(LSEC_ERR_STATE, error.description)
        case .failed: self.init(LSEC_ERR_CRYPTO, error.description)
        }
    }
}
