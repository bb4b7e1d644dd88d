import SecurityCore

/// What a token says, before the account is looked at.
struct TokenClaim {
    /// The verdict so far: valid, expired or invalid.
    var finding: TokenFinding
    /// Whose it says it is; nil when it is not to be believed.
    var uniquifier: String?
    /// The hash of what a link was made for.
    var dataHash: JSONString?

    /// No token of ours.
    static var invalid: TokenClaim { TokenClaim(finding: TokenFinding(.invalid)) }
}

extension AccountTokens {
    /// Reads a token of one kind.
    func claim(of kind: AccountTokenKind, _ token: Span<UInt8>) -> TokenClaim {
        guard let rule = kind.rule(policy.tokens) else { return rememberClaim(token) }
        switch serializer(rule.salt).loads(token, maxAge: rule.maxAgeSeconds, now: environment.now()) {
        case .valid(let payload): return claim(of: kind, payload, rule, isExpired: false, token)
        case .expired(let payload?): return claim(of: kind, payload, rule, isExpired: true, token)
        case .expired(nil), .refused: return .invalid
        }
    }

    private func rememberClaim(_ cookie: Span<UInt8>) -> TokenClaim {
        guard let name = rememberCookies?.read(cookie)?.string, !name.isEmpty else { return .invalid }
        return TokenClaim(finding: TokenFinding(.valid), uniquifier: name)
    }

    private func claim(
        of kind: AccountTokenKind, _ payload: SignedPayload, _ rule: TokenPolicy.Rule, isExpired: Bool,
        _ token: Span<UInt8>
    ) -> TokenClaim {
        var claim = TokenClaim(
            finding: TokenFinding(payload, isExpired: isExpired, maxAgeSeconds: rule.maxAgeSeconds))
        switch kind {
        case .confirmation:
            guard let link = payload.read(as: ConfirmPayload.self) else { return .invalid }
            claim.uniquifier = link.uniquifier.string
            claim.dataHash = link.emailHash
        case .reset:
            guard let link = payload.read(as: ResetPayload.self) else { return .invalid }
            claim.uniquifier = link.uniquifier.string
            claim.dataHash = link.passwordHash
        case .login:
            guard let link = payload.read(as: LoginPayload.self) else { return .invalid }
            claim.uniquifier = link.uniquifier.string
        case .changeEmail:
            guard let link = payload.read(as: ChangeEmailPayload.self), let newEmail = link.newEmail.string else {
                return .invalid
            }
            claim.uniquifier = link.uniquifier.string
            claim.dataHash = link.oldEmailHash
            claim.finding.newEmail = newEmail
        case .authentication:
            guard let read = payload.read(as: AuthenticationPayload.self) else { return .invalid }
            claim.take(read, freshness: policy.tokens.freshnessInTokens ?? true, now: environment.now())
        case .remember: return .invalid
        }
        guard claim.uniquifier != nil else { return .invalid }
        if kind.isLink { claim.finding.spentDigest = spentDigest(of: token) }
        return claim
    }

    /// A keyed digest of what the signature of a token covers. The signature itself can be spelt in several ways.
    private func spentDigest(of token: Span<UInt8>) -> String? {
        guard let end = token.indices.last(where: { token[$0] == UInt8(ascii: ".") }) else { return nil }
        return KeyedDigest(.spentToken, secretKey: policy.secrets.secretKey).hex(of: token.extracting(first: end))
    }
}

extension TokenClaim {
    /// Takes over what an authentication token says.
    fileprivate mutating func take(_ token: AuthenticationPayload, freshness: Bool, now: Instant) {
        uniquifier = token.uniquifier.string
        if token.isExpired(nowSeconds: now.seconds) { finding.verdict = .expired }
        if token.expiresAt != 0 { finding.expiresAt = min(finding.expiresAt ?? .max, token.expiresAt) }
        guard freshness else { return }
        finding.freshness.authenticatedAt = token.authenticatedAt.flatMap { Instant(pythonSeconds: $0) }
    }
}

extension Instant {
    /// A moment as Python's `time.time()` gives it; nil for what is no moment, and for 0, which Flask-Security takes for
    /// none.
    init?(pythonSeconds seconds: Double) {
        guard seconds != 0, let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return nil }
        self.init(microseconds: microseconds)
    }
}
