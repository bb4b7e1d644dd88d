public import SecurityCore

/// Why a token could not be made.
public enum AccountTokenError: Error, Equatable {
    /// The database.
    case store(StoreError)
    /// Accounts have an `fs_token_uniquifier`, and this one's is empty.
    case noTokenUniquifier
    /// A change-of-address link needs the new address, and no other token takes one.
    case newEmail
    /// The new address is none that the policy allows.
    case flaw(EmailFlaw)
    /// SECRET_KEY has a character beyond U+00FF, with which Flask-Login makes no remember cookies.
    case noRememberCookies
    /// What the token must hold could not be hashed: memory, the random generator or libcrypto failed.
    case failed

    /// One line: the thing and the way out.
    public var description: String {
        switch self {
        case .store(let error): error.description
        case .noTokenUniquifier: "the account's fs_token_uniquifier is empty: give it one, such as its fs_uniquifier"
        case .newEmail: "a change-of-address link needs the new address, and no other token takes one"
        case .flaw(let flaw): flaw.description
        case .noRememberCookies:
            "SECRET_KEY has a character beyond U+00FF, and Flask-Login makes no remember cookies then"
        case .failed: "the token cannot be made: memory or the random generator failed"
        }
    }
}

extension AccountTokens {
    /// A new token of an account, signed now with the newest key. Whether the account may use it is asked when it comes
    /// back. Costs a hash of 1,000 rounds for a confirmation, reset or change-of-address link.
    ///
    /// `newEmail` is the address to be of a change-of-address link, and of it alone. Whether it can be delivered to, and
    /// whether it is free, is not asked: the link is mailed to it, and the answer shows the one, redeeming the other.
    public func make(
        _ kind: AccountTokenKind, for account: Account, newEmail: String? = nil
    ) throws(AccountTokenError) -> Secret {
        guard (newEmail != nil) == (kind == .changeEmail) else { throw .newEmail }
        guard let rule = kind.rule(policy.tokens) else {
            guard let cookies = rememberCookies else { throw .noRememberCookies }
            return cookies.write(JSONString(account.fsUniquifier))
        }
        return serializer(rule.salt).dumps(try payload(of: kind, account, newEmail), at: environment.now())
    }

    private func payload(
        of kind: AccountTokenKind, _ account: Account, _ newEmail: String?
    ) throws(AccountTokenError) -> JSONValue {
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
        case .changeEmail:
            let address = JSONString(try normalized(newEmail))
            let old = try hash(SharedSecret(utf8: account.email))
            return ChangeEmailPayload(uniquifier: uniquifier, oldEmailHash: old, newEmail: address).value
        case .authentication: return try authentication(account).value
        }
    }

    /// The form of an address in which it is stored.
    private func normalized(_ email: String?) throws(AccountTokenError) -> String {
        guard let email else { throw .newEmail }
        do throws(EmailFlaw) {
            return try EmailAddress(email, policy.addresses.email).normalized
        } catch {
            throw .flaw(error)
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
