import SecurityCore
import SecurityTokens

/// Finds out what a token is by trying everything that the site signs.
struct TokenExplainer {
    private let policy: Policy
    private let store: any TokenStore
    private let now: Instant
    private let tokens: AccountTokens

    init(_ site: Site) {
        policy = site.policy
        store = site.store
        now = site.now
        tokens = AccountTokens(policy: site.policy, store: site.store, environment: site.environment)
    }

    /// What a token is; nil when no key of the site has signed it for anything.
    func explain(_ token: Span<UInt8>) throws(StoreError) -> TokenExplanation? {
        for (kind, name) in TokenExplainer.accountKinds {
            if let explanation = try explain(token, kind, name) { return explanation }
        }
        let session = try tokens.session(token, isUse: false)
        if session.verdict != .invalid { return TokenExplanation("session cookie", session) }
        for state in TokenExplainer.states {
            // Two kinds may have one salt: then the shape tells which it is.
            if let explanation = try explain(state, token) { return explanation }
        }
        return try explainRefresh(token) ?? explainCSRF(token)
    }

    // MARK: What speaks for an account

    private static let accountKinds: [(AccountTokenKind, String)] = [
        (.confirmation, "confirmation link"), (.reset, "reset link"), (.login, "sign-in link"),
        (.changeEmail, "change-of-address link"),
        (.authentication, "authentication token"), (.remember, "remember cookie"),
    ]

    private func explain(
        _ token: Span<UInt8>, _ kind: AccountTokenKind, _ name: String
    ) throws(StoreError) -> TokenExplanation? {
        let finding = try tokens.check(kind, token)
        guard finding.verdict != .invalid else { return nil }
        var explanation = TokenExplanation(name, finding)
        if let account = finding.account {
            let matches = finding.verdict == .changed ? "no" : "yes"
            switch kind {
            case .confirmation: explanation.remarks.append(("is for the present address", matches))
            case .reset where account.password != nil:
                explanation.remarks.append(("is for the present password", matches))
            case .changeEmail:
                // Where it is used, the address is another because of it.
                if finding.verdict != .used { explanation.remarks.append(("is for the present address", matches)) }
            case .reset, .login, .authentication, .remember: break
            }
            if let address = finding.newEmail { explanation.remarks.append(("new address", address)) }
        }
        return explanation
    }

    // MARK: Other states

    private struct State: Sendable {
        let rule: @Sendable (TokenPolicy) -> TokenPolicy.Rule
        let describe: @Sendable (JSONValue) -> (kind: String, owner: JSONString?, remarks: [(String, String)])?
    }

    private static let states: [State] = [
        State(
            rule: { $0.twoFactorValidity },
            describe: { value in
                TwoFactorValidityPayload(value).map { ("two-factor validity token", $0.uniquifier, []) }
            }),
        State(
            rule: { $0.unifiedSetup },
            describe: { value in
                UnifiedSetupPayload(value).map { state in
                    ("set-up of a unified sign-in method", nil, setup(state.method, state.phoneNumber))
                }
            }),
        State(
            rule: { $0.twoFactorSetup },
            describe: { value in
                TwoFactorSetupPayload(value).map { state in
                    ("set-up of a second factor", nil, setup(state.method, state.phoneNumber))
                }
            }),
        State(
            rule: { $0.webAuthnSignIn },
            describe: { value in
                guard case .authentication = WebAuthnPayload(value) else { return nil }
                return ("sign-in with a security key", nil, [])
            }),
        State(
            rule: { $0.webAuthnRegistration },
            describe: { value in
                guard case .registration(_, let name, let usage, _) = WebAuthnPayload(value) else { return nil }
                return ("registration of a security key", nil, [("key's name", name.shown), ("usage", usage.shown)])
            }),
    ]

    private static func setup(_ method: JSONString, _ phone: JSONString?) -> [(String, String)] {
        [("method", method.shown), ("key", "in the token, not shown")] + (phone.map { [("phone", $0.shown)] } ?? [])
    }

    private func explain(_ state: State, _ token: Span<UInt8>) throws(StoreError) -> TokenExplanation? {
        let rule = state.rule(policy.tokens)
        guard let (payload, isExpired) = tokens.read(token, rule).signedPayload,
            let said = state.describe(payload.value)
        else { return nil }
        var finding = TokenFinding(payload, isExpired: isExpired, maxAgeSeconds: rule.maxAgeSeconds)
        if let owner = said.owner { try name(&finding, owner, in: .session) }
        var explanation = TokenExplanation(said.kind, finding)
        explanation.remarks = said.remarks
        return explanation
    }
}

// MARK: What is signed in another way

extension TokenExplainer {
    /// A refresh token says itself when it ends.
    private func explainRefresh(_ token: Span<UInt8>) throws(StoreError) -> TokenExplanation? {
        guard let payload = tokens.readRefresh(token).payload, let refresh = payload.read(as: RefreshPayload.self),
            let end = Int64(exactly: refresh.expiresAt.rounded(.down)),
            let used = Int64(exactly: refresh.lastUsedAt.rounded(.down))
        else { return nil }
        var finding = TokenFinding(payload, isExpired: end < now.seconds, maxAgeSeconds: nil)
        finding.expiresAt = end
        try name(&finding, refresh.uniquifier, in: store.hasTokenUniquifiers ? .token : .session)
        var explanation = TokenExplanation("refresh token", finding)
        explanation.remarks = [
            ("name", refresh.name.shown), ("family", refresh.family.shown), ("number in it", "\(refresh.generation)"),
            ("last used", HTTPDate.text(of: used)),
            ("revoked or exchanged", "not in the token: table fs_refresh_tracker tells"),
        ]
        return explanation
    }

    /// A CSRF token is good with the session that has the same text in it, and nobody's by itself.
    private func explainCSRF(_ token: Span<UInt8>) -> TokenExplanation? {
        guard let (payload, isExpired) = tokens.readCSRF(token).signedPayload,
            payload.read(as: CSRFPayload.self) != nil
        else { return nil }
        let limit = policy.tokens.csrf.maxAgeSeconds
        var explanation = TokenExplanation(
            "CSRF token", TokenFinding(payload, isExpired: isExpired, maxAgeSeconds: limit),
            key: policy.secrets.csrfKey == nil ? nil : "WTF_CSRF_SECRET_KEY")
        explanation.remarks = [("is good with", "the session whose csrf_token is the same")]
        return explanation
    }

    private func name(
        _ finding: inout TokenFinding, _ owner: JSONString, in column: UniquifierColumn
    ) throws(StoreError) {
        guard let name = owner.string else { return }
        finding.uniquifier = name
        finding.account = try store.account(bearing: name, in: column)
        if finding.account == nil { finding.verdict = .unknownAccount }
    }
}

extension JSONString {
    /// The text, or what stands for one that is none.
    fileprivate var shown: String { string ?? "(not Unicode)" }
}
