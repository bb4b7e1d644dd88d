import SecurityCore

/// A new TOTP key on its way into an account.
struct TOTPEnrolment {
    let uri: SharedSecret
    let keyForPeople: SharedSecret
    private let account: Account
    private let site: Site
    private let totp: TOTP

    /// Makes a key; nothing is stored yet.
    init(account: Account, site: Site) throws {
        self.account = account
        self.site = site
        totp = try site.enrolment.newTOTP()
        uri = SharedSecret(try site.enrolment.uri(of: totp, account: account))
        keyForPeople = SharedSecret(OTPAuthURI.keyForPeople(totp))
    }

    /// For `--json`.
    var json: JSON {
        .object([
            ("id", .int(account.id)), ("email", .string(account.email)), ("issuer", .string(site.policy.totp.issuer)),
            ("key", .secret(SharedSecret(totp.key.withBytes { Base32.encode($0) }))), ("otpauth", .secret(uri)),
        ])
    }

    /// Makes the key the account's second factor without a code from the app.
    func store() throws {
        _ = try site.enrolment.enrol(totp, account: account.id, proof: nil)
    }

    /// Makes the key the account's second factor if this is a code of it; whether it is.
    func store(provenBy typed: borrowing Secret) throws -> Bool {
        let code = typed.withBytes { TypedCode($0) }
        guard case .totp(let digits) = consume code else { return false }
        return try site.enrolment.enrol(totp, account: account.id, proof: SharedSecret(digits))
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
