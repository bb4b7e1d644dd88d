/// Binds second factors to an account: a TOTP app, recovery codes. Whether the caller may do so is settled before: see
/// ``LoginRequest/Purpose/confirmation``.
public struct FactorEnrolment {
    /// Bytes of a new TOTP key: as long as SHA-1's output (RFC 4226 section 4, requirement 6), as passlib makes them.
    public static let keyCount = 20

    private let policy: Policy
    private let store: any AccountDirectory
    private let environment: Environment

    /// An enrolment under a policy.
    public init(policy: Policy, store: any AccountDirectory, environment: Environment) {
        self.policy = policy
        self.store = store
        self.environment = environment
    }

    // MARK: TOTP

    /// A TOTP with a new key. Nothing is stored yet.
    public func newTOTP() throws(EnrolmentError) -> TOTP {
        guard !policy.secrets.totpSecrets.isEmpty else { throw .noTOTPSecrets }
        guard let key = environment.random(FactorEnrolment.keyCount), key.count == FactorEnrolment.keyCount else {
            throw .randomness
        }
        return TOTP(key: SharedSecret(key))
    }

    /// The URI that an authenticator app reads, with SECURITY_TOTP_ISSUER and the account's e-mail address.
    public func uri(of totp: TOTP, account: Account) throws(EnrolmentError) -> Secret {
        do throws(OTPAuthURI.Failure) {
            return try OTPAuthURI.make(totp, issuer: policy.totp.issuer, account: account.email)
        } catch {
            throw .colonInLabel
        }
    }

    /// Makes `totp` the account's second factor, in place of another method.
    ///
    /// `proof` is the code that the owner's app shows, sorted by ``TypedCode``; it is used up, so that who saw it cannot
    /// log in with it. False, and nothing stored, when it is wrong. nil = without proof, as an administrator does.
    public func enrol(_ totp: TOTP, account id: Int64, proof: SharedSecret?) throws(EnrolmentError) -> Bool {
        guard !policy.secrets.totpSecrets.isEmpty else { throw .noTOTPSecrets }
        let now = environment.now()
        var counter: Int64?
        if let proof {
            counter = proof.withBytes { code in
                totp.counter(of: code, at: now, window: policy.totp.authenticatorValidity)
            }
            guard counter != nil else { return false }
        }
        let wallet = try seal(totp)
        do throws(StoreError) {
            try store.setTOTPWallet(wallet, account: id, now: now)
            if let counter, policy.totp.singleUse {
                _ = try store.acceptCounter(counter, of: .authenticator, account: id, now: now)
            }
        } catch {
            throw .store(error)
        }
        return true
    }

    private func seal(_ totp: TOTP) throws(EnrolmentError) -> SharedSecret {
        let wallet = TOTPWallet(secrets: policy.secrets.totpSecrets, cost: policy.totp.walletCost)
        do throws(WalletError) {
            return SharedSecret(try wallet.seal(totp, random: environment.random))
        } catch {
            throw .wallet(error)
        }
    }

    // MARK: Recovery codes

    /// Replaces the account's recovery codes by SECURITY_MULTI_FACTOR_RECOVERY_CODES_N new ones.
    public func replaceRecoveryCodes(account id: Int64) throws(EnrolmentError) -> [SharedSecret] {
        guard policy.factors.recoveryCodes else { throw .recoveryCodesAreOff }
        let codes = RecoveryCodes.generate(policy.factors.recoveryCodeCount, random: environment.random)
        guard let codes else { throw .randomness }
        let now = environment.now()
        guard let column = policy.secrets.recoveryCodes.column(of: codes, now: now, random: environment.random) else {
            throw .randomness
        }
        do throws(StoreError) {
            try store.setRecoveryCodes(SharedSecret(column), account: id, now: now)
        } catch {
            throw .store(error)
        }
        return codes
    }
}

/// What kept a factor from being bound to an account.
public enum EnrolmentError: Error, Equatable {
    /// The account database.
    case store(StoreError)
    /// Sealing the key.
    case wallet(WalletError)
    /// SECURITY_TOTP_SECRETS is missing: keys could not be stored.
    case noTOTPSecrets
    /// SECURITY_TOTP_ISSUER or the account's address has a colon, which separates them in the URI.
    case colonInLabel
    /// SECURITY_MULTI_FACTOR_RECOVERY_CODES is false: the codes could not be used.
    case recoveryCodesAreOff
    /// The random generator failed.
    case randomness
}

extension EnrolmentError: CustomStringConvertible {
    /// One line for a log or an administrator: the thing, the place, the way out.
    public var description: String {
        switch self {
        case .store(let error): error.description
        case .wallet(.unknownTag), .noTOTPSecrets:
            "SECURITY_TOTP_SECRETS is missing, and TOTP keys are sealed with it: add { 1 = \"...\" } ('openssl rand -hex 32' "
                + "makes a good one)"
        case .wallet(.unsupported): "the TOTP key is too long for the account database"
        case .wallet: "the TOTP key cannot be sealed: libcrypto or the random generator failed"
        case .colonInLabel:
            "SECURITY_TOTP_ISSUER or the account's address holds a colon, which authenticator apps cannot read: leave it out"
        case .recoveryCodesAreOff:
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES is false, so nobody could use the codes: set it to true first"
        case .randomness: "the random generator failed"
        }
    }
}
