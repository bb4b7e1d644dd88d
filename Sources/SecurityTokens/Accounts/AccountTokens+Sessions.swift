public import SecurityCore

extension AccountTokens {
    /// Judges Flask's session cookie: who is signed in, is it still good, how fresh is it. Costs one look-up.
    ///
    /// As Flask-Login and Flask-Security do: `_user_id` is an fs_uniquifier, whose account must be active.
    /// SESSION_PROTECTION, which needs the request, is not judged here.
    public func session(_ cookie: Span<UInt8>) throws(StoreError) -> TokenFinding {
        let claim = sessionClaim(cookie)
        var finding = claim.finding
        guard let name = claim.uniquifier else { return finding }
        finding.uniquifier = name
        guard let account = try store.account(bearing: name, in: .session) else {
            return finding.refused(.unknownAccount)
        }
        finding.account = account
        return finding.verdict == .valid && !account.isActive ? finding.refused(.inactive) : finding
    }

    private func sessionClaim(_ cookie: Span<UInt8>) -> TokenClaim {
        let maxAge = policy.tokens.sessionMaxAgeSeconds
        switch sessionCookies.read(cookie, maxAge: maxAge, now: environment.now()) {
        case .valid(let session, let signedAt, let keyIndex):
            let finding = TokenFinding(signedAt: signedAt, keyIndex: keyIndex, isExpired: false, maxAgeSeconds: maxAge)
            return TokenClaim(finding, session)
        case .expired(let session?):
            // The signature is ours, so the time is; which key made it is not told.
            let finding = TokenFinding(
                signedAt: TimedSerializer.unverifiedTime(cookie), keyIndex: nil, isExpired: true, maxAgeSeconds: maxAge)
            return TokenClaim(finding, session)
        case .expired(nil), .refused: return .invalid
        }
    }
}

extension TokenClaim {
    /// What a session says.
    fileprivate init(_ finding: TokenFinding, _ session: FlaskSession) {
        self.finding = finding
        self.finding.freshness = Freshness.Session(
            authenticatedAt: session.authenticatedAt.flatMap { Instant(pythonSeconds: $0) },
            graceEndSeconds: session.graceEndSeconds)
        if let name = session.userID?.string, !name.isEmpty {
            uniquifier = name
        } else if finding.verdict == .valid {
            self.finding.verdict = .anonymous
        }
    }
}
