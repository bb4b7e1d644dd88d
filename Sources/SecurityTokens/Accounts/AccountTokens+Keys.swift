public import SecurityCore

/// The signatures and hashes of the site's tokens, under its keys.
extension AccountTokens {
    /// What a token of one salt is, without a look at whose it is: for explanations.
    public func read(_ token: Span<UInt8>, _ rule: TokenPolicy.Rule) -> TokenReading {
        serializer(rule.salt).loads(token, maxAge: rule.maxAgeSeconds, now: environment.now())
    }

    /// What a refresh token is (5.9). Its payload says when it ends; whether it was exchanged or revoked, Flask-Security's
    /// tracker knows.
    public func readRefresh(_ token: Span<UInt8>) -> TokenReading {
        let secrets = policy.secrets
        return Serializer(
            Signer(key: secrets.secretKey, fallbacks: secrets.fallbackKeys, salt: policy.tokens.refresh.salt)
        ).loads(token)
    }

    /// What a CSRF token of Flask-WTF is, which takes no older keys.
    public func readCSRF(_ token: Span<UInt8>) -> TokenReading {
        let rule = policy.tokens.csrf
        return TimedSerializer(Signer(key: policy.secrets.csrfKey ?? policy.secrets.secretKey, salt: rule.salt))
            .loads(token, maxAge: rule.maxAgeSeconds, now: environment.now())
    }

    /// A serializer of one salt.
    func serializer(_ salt: String) -> TimedSerializer {
        TimedSerializer(Signer(key: policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys, salt: salt))
    }

    /// The session cookies.
    var sessionCookies: SessionCookie {
        SessionCookie(key: policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys)
    }

    /// The remember cookies; nil when Flask-Login makes none under this SECRET_KEY.
    var rememberCookies: RememberCookie? {
        RememberCookie(key: policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys)
    }

    private var dataHasher: DataHasher {
        DataHasher(schemes: policy.tokens.hashingSchemes, random: environment.random)
    }

    /// The hash of what a link is made for.
    func hash(_ data: SharedSecret) throws(AccountTokenError) -> JSONString {
        do throws(PasswordError) {
            return JSONString(
                bytes: try data.withBytes { (data) throws(PasswordError) in try dataHasher.hash(data) })
        } catch {
            throw .failed
        }
    }

    /// Whether what a link was made for is still the same. A hash that cannot be read is none of it.
    func isHash(_ hash: JSONString?, of data: SharedSecret) -> Bool {
        guard let hash else { return false }
        do throws(PasswordError) {
            return try data.withBytes { (data) throws(PasswordError) in
                try hash.withBytes { (hash) throws(PasswordError) in try dataHasher.verify(data, against: hash) }
            }
        } catch {
            return false
        }
    }
}
