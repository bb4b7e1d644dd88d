public import SecurityCore

/// What is recorded of sessions beside their cookies, which Flask keeps nowhere: that one was ended, and when one was last used.
///
/// | key | what is recorded | a session is refused |
/// | --- | --- | --- |
/// | LIBSECURITY_SESSION_REVOCATION | that it was signed out | from then on |
/// | LIBSECURITY_SESSION_IDLE | its use, to a twelfth of that time | after that time without use |
///
/// A use is a cookie that was signed, or a row that was written. The Python application signs a cookie when it changes the session,
/// and writes no row.
public struct SessionRecords {
    private let policy: Policy
    private let store: any TokenStore
    private let now: Instant

    /// The records of one site at one moment.
    public init(policy: Policy, store: any TokenStore, now: Instant) {
        self.policy = policy
        self.store = store
        self.now = now
    }

    /// Our own entry in a session: random, so that it is told from all others.
    private static let ownName = "lsec_sid"

    /// Gives a session that begins a name, where anything is to be recorded of it.
    public static func begin(_ session: inout FlaskSession, policy: TokenPolicy, random: (Int) -> Secret?) {
        guard policy.sessionsAreRevocable || policy.sessionIdleSeconds > 0, let name = random(16) else { return }
        session[ownName] = .string(JSONString(name.withBytes { Hex.text($0) }))
    }

    /// Takes the name away from a session that ends.
    public static func forget(_ session: inout FlaskSession) { session[ownName] = nil }

    /// What a session is recorded by: its own name, and for one that Flask-Security began what tells it from others of its user. Nil
    /// = nothing does.
    private func digest(of session: FlaskSession) -> String? {
        let name: String
        if case .string(let own) = session[SessionRecords.ownName], let own = own.string {
            name = own
        } else if let user = session.userID?.string, let since = session.authenticatedAt {
            name = "\(user) \(since)"
        } else {
            return nil
        }
        let text = Array(name.utf8)
        return KeyedDigest(.revokedSession, secretKey: policy.secrets.secretKey).hex(of: text.span)
    }

    /// Whether a session whose cookie was signed at a second is over: ``TokenVerdict/ended`` or ``TokenVerdict/expired``; nil = it
    /// goes on. Where it does, `isUse` counts this as one.
    public func obstacle(
        to session: FlaskSession, signedAt: Int64, isUse: Bool
    ) throws(StoreError) -> TokenVerdict? {
        let idle = policy.tokens.sessionIdleSeconds
        guard policy.tokens.sessionsAreRevocable || idle > 0 else { return nil }
        guard let digest = digest(of: session) else {
            return idle > 0 && now.seconds - signedAt > idle ? .expired : nil
        }
        if policy.tokens.sessionsAreRevocable, try store.isTokenSpent(digest: digest) { return .ended }
        // Most requests come soon after the cookie was signed.
        let resolution = max(1, idle / 12)
        guard idle > 0, now.seconds - signedAt > resolution else { return nil }
        let used = max(signedAt, try store.sessionUse(digest: digest)?.seconds ?? signedAt)
        if now.seconds - used > idle { return .expired }
        if isUse, now.seconds - used > resolution {
            try store.recordSessionUse(digest: digest, now: now, keptSeconds: idle)
        }
        return nil
    }

    /// Ends a session for every program, until its cookie would expire anyway.
    public func end(_ session: FlaskSession) throws(StoreError) {
        guard policy.tokens.sessionsAreRevocable, session.userID != nil, let digest = digest(of: session) else {
            return
        }
        let lifetime = Instant(seconds: now.seconds &+ policy.tokens.sessionMaxAgeSeconds)
        _ = try store.spendToken(digest: digest, expires: lifetime, now: now)
    }
}
