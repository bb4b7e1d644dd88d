public import SecurityCore

extension AccountTokens {
    /// Judges Flask's session cookie: who is signed in, is it still good, how fresh is it. Costs one look-up, and those of
    /// ``SessionRecords``, for which it counts as a use where `isUse`.
    ///
    /// As Flask-Login and Flask-Security do: `_user_id` is an fs_uniquifier, whose account must be active.
    /// SESSION_PROTECTION, which needs the request, is not judged here.
    public func session(_ cookie: Span<UInt8>, isUse: Bool) throws(StoreError) -> TokenFinding {
        let (claim, session) = sessionClaim(cookie)
        var finding = claim.finding
        guard let name = claim.uniquifier else { return finding }
        finding.uniquifier = name
        guard let account = try store.account(bearing: name, in: .session) else {
            return finding.refused(.unknownAccount)
        }
        finding.account = account
        guard finding.verdict == .valid else { return finding }
        guard account.isActive else { return finding.refused(.inactive) }
        guard let session, let signedAt = finding.issuedAt else { return finding }
        let records = SessionRecords(policy: policy, store: store, now: environment.now())
        let obstacle = try records.obstacle(to: session, signedAt: signedAt, isUse: isUse)
        return obstacle.map { finding.refused($0) } ?? finding
    }

    private func sessionClaim(_ cookie: Span<UInt8>) -> (claim: TokenClaim, session: FlaskSession?) {
        let maxAge = policy.tokens.sessionMaxAgeSeconds
        switch sessionCookies.read(cookie, maxAge: maxAge, now: environment.now()) {
        case .valid(let session, let signedAt, let keyIndex):
            let finding = TokenFinding(signedAt: signedAt, keyIndex: keyIndex, isExpired: false, maxAgeSeconds: maxAge)
            return (TokenClaim(finding, session), session)
        case .expired(let session?):
            // The signature is ours, so the time is; which key made it is not told.
            let finding = TokenFinding(
                signedAt: TimedSerializer.unverifiedTime(cookie), keyIndex: nil, isExpired: true, maxAgeSeconds: maxAge)
            return (TokenClaim(finding, session), session)
        case .expired(nil), .refused: return (.invalid, nil)
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
