public import SecurityCore

/// Why a token could not be made.
public enum AccountTokenError: Error, Equatable {
    /// The database.
    case store(StoreError)
    /// Accounts have an `fs_token_uniquifier`, and this one's is empty.
    case noTokenUniquifier
    /// SECRET_KEY has a character beyond U+00FF, with which Flask-Login makes no remember cookies.
    case noRememberCookies
    /// What the token must hold could not be hashed: memory, the random generator or libcrypto failed.
    case failed

    /// One line: the thing and the way out.
    public var description: String {
        switch self {
        case .store(let error): error.description
        case .noTokenUniquifier: "the account's fs_token_uniquifier is empty: give it one, such as its fs_uniquifier"
        case .noRememberCookies:
            "SECRET_KEY has a character beyond U+00FF, and Flask-Login makes no remember cookies then"
        case .failed: "the token cannot be made: memory or the random generator failed"
        }
    }
}

extension AccountTokens {
    /// A new token of an account, signed now with the newest key. Whether the account may use it is asked when it comes
    /// back. Costs a hash of 1,000 rounds for a confirmation or reset link.
    public func make(_ kind: AccountTokenKind, for account: Account) throws(AccountTokenError) -> Secret {
        guard let rule = kind.rule(policy.tokens) else {
            guard let cookies = rememberCookies else { throw .noRememberCookies }
            return cookies.write(JSONString(account.fsUniquifier))
        }
        return serializer(rule.salt).dumps(try payload(of: kind, account), at: environment.now())
    }

    private func payload(of kind: AccountTokenKind, _ account: Account) throws(AccountTokenError) -> JSONValue {
        let uniquifier = JSONString(account.fsUniquifier)
        switch kind {
        case .confirmation:
            let address = SharedSecret(utf8: account.email)
            return ConfirmPayload(uniquifier: uniquifier, emailHash: try hash(address)).value
        case .reset:
            guard let password = account.password else {
                return ResetPayload(uniquifier: uniquifier, passwordHash: nil).value
            }
            return ResetPayload(uniquifier: uniquifier, passwordHash: try hash(password)).value
        case .login, .remember: return LoginPayload(uniquifier: uniquifier).value
        case .authentication: return try authentication(account).value
        }
    }

    /// The form of 5.0, which every release reads; that of 5.4 where the policy says that the time in a token counts
    /// (SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN = true), a key that only releases have which read it.
    private func authentication(_ account: Account) throws(AccountTokenError) -> AuthenticationPayload {
        let uniquifier = JSONString(try tokenUniquifier(of: account))
        guard policy.tokens.freshnessInTokens == true else { return AuthenticationPayload(uniquifier: uniquifier) }
        return AuthenticationPayload(
            uniquifier: uniquifier, authenticatedAt: Double(environment.now().microseconds) / 1_000_000)
    }

    private func tokenUniquifier(of account: Account) throws(AccountTokenError) -> String {
        guard store.hasTokenUniquifiers else { return account.fsUniquifier }
        let name: String?
        do throws(StoreError) {
            name = try store.uniquifier(in: .token, account: account.id)
        } catch {
            throw .store(error)
        }
        guard let name else { throw .noTokenUniquifier }
        return name
    }
}
