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
        let session = try tokens.session(token)
        if session.verdict != .invalid { return TokenExplanation("session cookie", session) }
        for state in TokenExplainer.states {
            let rule = state.rule(policy.tokens)
            switch tokens.read(token, rule) {
            case .valid(let payload): return try explain(state, payload, rule, isExpired: false)
            case .expired(let payload?): return try explain(state, payload, rule, isExpired: true)
            case .expired(nil), .refused: continue
            }
        }
        return nil
    }

    // MARK: What speaks for an account

    private static let accountKinds: [(AccountTokenKind, String)] = [
        (.confirmation, "confirmation link"), (.reset, "reset link"), (.login, "sign-in link"),
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
            case .reset, .login, .authentication, .remember: break
            }
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
            rule: { $0.changeEmail },
            describe: { value in
                guard let link = ChangeEmailPayload(value) else { return nil }
                return ("change-of-address link", link.uniquifier, [("new address", link.newEmail.shown)])
            }),
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

    private func explain(
        _ state: State, _ payload: SignedPayload, _ rule: TokenPolicy.Rule, isExpired: Bool
    ) throws(StoreError) -> TokenExplanation? {
        guard let said = state.describe(payload.value) else { return nil }
        var finding = TokenFinding(payload, isExpired: isExpired, maxAgeSeconds: rule.maxAgeSeconds)
        if let name = said.owner?.string {
            finding.uniquifier = name
            finding.account = try store.account(bearing: name, in: .session)
            if finding.account == nil { finding.verdict = .unknownAccount }
        }
        var explanation = TokenExplanation(said.kind, finding)
        explanation.remarks = said.remarks
        return explanation
    }
}

extension JSONString {
    /// The text, or what stands for one that is none.
    fileprivate var shown: String { string ?? "(not Unicode)" }
}
