/// Seals TOTP keys for the database and opens them again, in passlib's wallet format (formats: wallet JSON).
public struct TOTPWallet {
    let secrets: TOTPSecrets
    let cost: Int

    /// A wallet of SECURITY_TOTP_SECRETS; `cost` is the exponent of new entries.
    public init(secrets: TOTPSecrets, cost: Int) {
        self.secrets = secrets
        self.cost = cost
    }

    /// Opens a stored wallet: its JSON, or an `otpauth://` URI. Costs 2^c rounds of PBKDF2, about 7 ms for c = 14.
    public func open(_ stored: Span<UInt8>) throws(WalletError) -> TOTP { throw .failed }

    /// Seals a TOTP with the default tag. `random` gives the salt.
    public func seal(_ totp: TOTP, random: (Int) -> Secret?) throws(WalletError) -> Secret { throw .failed }

    /// Spends what opening a new wallet costs, for an account that has none.
    public func spend() {}
}

/// What kept a wallet from being opened or sealed.
public enum WalletError: Error, Equatable {
    /// Neither wallet JSON nor an otpauth URI.
    case malformed
    /// A version, type or algorithm that is not supported.
    case unsupported
    /// The tag is not in SECURITY_TOTP_SECRETS, or there are none.
    case unknownTag
    /// libcrypto or the random generator failed.
    case failed
}
