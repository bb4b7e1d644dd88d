import SecurityCore

/// A new TOTP key on its way into an account.
struct TOTPEnrolment {
    let uri: SharedSecret
    let keyForPeople: SharedSecret
    private let account: Account
    private let site: Site
    private let totp: TOTP
    private let wallet: SharedSecret

    /// Bytes of a new key: as many as SHA-1 gives (RFC 4226 section 4, requirement 6).
    private static let keyCount = 20

    /// Makes a key and seals it; nothing is stored yet.
    init(account: Account, site: Site) throws {
        guard let key = site.environment.random(TOTPEnrolment.keyCount) else { throw CommandFailure.noRandomness }
        let totp = TOTP(key: SharedSecret(key))
        self.account = account
        self.site = site
        self.totp = totp
        wallet = try TOTPEnrolment.seal(totp, site)
        uri = try TOTPEnrolment.uri(totp, account, site)
        keyForPeople = SharedSecret(OTPAuthURI.keyForPeople(totp))
    }

    private static func seal(_ totp: TOTP, _ site: Site) throws -> SharedSecret {
        let wallet = TOTPWallet(secrets: site.policy.secrets.totpSecrets, cost: site.policy.totp.walletCost)
        do throws(WalletError) {
            return SharedSecret(try wallet.seal(totp, random: site.environment.random))
        } catch {
            guard error == .unknownTag else {
                throw CommandFailure(
                    "the key could not be sealed: tag of SECURITY_TOTP_SECRETS too long, or out of memory")
            }
            throw CommandFailure(
                "SECURITY_TOTP_SECRETS is missing, and TOTP keys are sealed with it: add { 1 = \"...\" }"
                    + " ('openssl rand -hex 32' makes a good one)", status: .configuration)
        }
    }

    private static func uri(_ totp: TOTP, _ account: Account, _ site: Site) throws -> SharedSecret {
        do throws(OTPAuthURI.Failure) {
            return SharedSecret(try OTPAuthURI.make(totp, issuer: site.policy.totp.issuer, account: account.email))
        } catch {
            throw CommandFailure(
                "SECURITY_TOTP_ISSUER \"\(site.policy.totp.issuer.printable)\" holds a colon, which authenticator apps"
                    + " cannot read: leave it out", status: .configuration)
        }
    }

    /// For `--json`.
    var json: JSON {
        .object([
            ("id", .int(account.id)), ("email", .string(account.email)), ("issuer", .string(site.policy.totp.issuer)),
            ("key", .secret(SharedSecret(totp.key.withBytes { Base32.encode($0) }))), ("otpauth", .secret(uri)),
        ])
    }

    /// The counter that a typed code belongs to; nil when it is wrong.
    func counter(of typed: borrowing Secret) -> Int64? {
        switch typed.withBytes({ TypedCode($0) }) {
        case .totp(let digits):
            digits.withBytes { totp.counter(of: $0, at: site.now, window: site.policy.totp.authenticatorValidity) }
        case .recovery: nil
        case .neither: nil
        }
    }

    /// Makes the key the account's second factor. A code that was typed is used up.
    func store(usedCounter: Int64?) throws {
        try site.store.setTOTPWallet(wallet, account: account.id, now: site.now)
        guard let usedCounter, site.policy.totp.singleUse else { return }
        _ = try site.store.acceptCounter(usedCounter, account: account.id, now: site.now)
    }

    /// What the administrator should do or know next.
    var notes: [String] {
        let factors = site.policy.factors
        guard factors.isActive else {
            return ["Warning: SECURITY_TWO_FACTOR is false, so no code is asked for."]
        }
        guard factors.recoveryCodes, account.recoveryCodes == nil else { return [] }
        let name = account.email.printable
        return ["'securityctl users recovery-codes \(name)' makes codes for the day the app is lost."]
    }
}
