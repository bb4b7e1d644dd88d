/// Seals TOTP keys for the database and opens them again, in the JSON form of passlib's wallet:
///
///     {"enckey":{"c":14,"k":"<base32>","s":"<base32>","t":"<tag>","v":1},"type":"totp","v":1}
///
/// D = PBKDF2-HMAC-SHA256(secret of the tag, s, 2^c rounds, 48 bytes); the key is k decrypted by AES-256 in counter mode
/// with key D[0..31] and counter block D[32..47]. `key` in place of `enckey` is the key itself. `alg`, `digits` and
/// `period` stand there only when they are not sha1, 6 and 30. Nothing authenticates k: damage gives a wrong key.
public struct TOTPWallet {
    /// The most bytes of a stored wallet that are read.
    public static let longestWallet = 4096
    /// The greatest cost that is paid for a stored wallet: 2^20 rounds, a fifth of a second.
    public static let greatestCost = 20
    /// Bytes of the longest key.
    static let longestKey = 128
    /// Characters that `tf_totp_secret` holds.
    static let columnSize = 255
    private static let saltCount = 12

    let secrets: TOTPSecrets
    let cost: Int

    /// A wallet of SECURITY_TOTP_SECRETS; `cost` is the exponent of new entries, 0 to ``greatestCost``.
    public init(secrets: TOTPSecrets, cost: Int) {
        self.secrets = secrets
        self.cost = min(max(cost, 0), TOTPWallet.greatestCost)
    }

    /// Opens a stored wallet: its JSON, or an `otpauth://` URI. Costs 2^c rounds of PBKDF2, about 3 ms for c = 14.
    public func open(_ stored: Span<UInt8>) throws(WalletError) -> TOTP {
        guard stored.count <= TOTPWallet.longestWallet else { throw .malformed }
        if OTPAuthURI.isURI(stored) { return try OTPAuthURI.totp(of: stored) }
        guard let text = WalletText(stored) else { throw .malformed }
        return try totp(text.json, key: text.plainKey)
    }

    /// Seals a TOTP with the default tag. `random` gives the salt.
    public func seal(_ totp: TOTP, random: (Int) -> Secret?) throws(WalletError) -> Secret {
        guard let tag = secrets.defaultTag, let secret = secrets.secret(tagged: tag) else { throw .unknownTag }
        guard !totp.key.isEmpty else { throw .unsupported }
        guard let salt = random(TOTPWallet.saltCount), let derived = derive(secret, salt, cost: cost),
            let encrypted = totp.key.withBytes({ cipher(derived, $0) })
        else { throw .failed }
        let stored = text(of: totp, tag: tag, salt: salt, encrypted: encrypted)
        guard stored.count <= TOTPWallet.columnSize else { throw .unsupported }
        return stored
    }

    /// Spends what opening a new wallet costs, for an account that has none.
    public func spend() {
        let secret = secrets.defaultTag.flatMap { secrets.secret(tagged: $0) } ?? SharedSecret(utf8: "none")
        guard let derived = derive(secret, Secret(utf8: "0123456789ab"), cost: cost) else { return }
        // The cipher too: its first use in a process costs as much as a fifth of the rounds.
        _ = derived.withBytes { bytes in cipher(derived, bytes) }
    }

    // MARK: Reading

    private func totp(_ json: borrowing JSONObject, key plain: SharedSecret?) throws(WalletError) -> TOTP {
        guard let type = json.string("type") else { throw .malformed }
        guard type == "totp", json.integer("v") == 1 else { throw .unsupported }
        guard json.names.allSatisfy({ TOTPWallet.names.contains($0) }) else { throw .unsupported }
        let algorithm = try algorithm(json)
        guard let digits = number(json, "digits", default: 6), let period = number(json, "period", default: 30) else {
            throw .malformed
        }
        guard TOTP.digitRange.contains(Int(clamping: digits)), period > 0 else { throw .unsupported }
        let key: SharedSecret
        if let plain { key = plain } else { key = try decrypted(json) }
        guard !key.isEmpty, key.count <= TOTPWallet.longestKey else { throw .malformed }
        return TOTP(key: key, algorithm: algorithm, digits: Int(clamping: digits), period: period)
    }

    /// What passlib's reader knows. It refuses a wallet with any other name, which may change what the rest means.
    private static let names = [
        "type", "v", "enckey", "key", "alg", "digits", "period", "label", "issuer", "last_counter",
    ]

    private func number(_ json: borrowing JSONObject, _ name: String, default missing: Int64) -> Int64? {
        json.contains(name) ? json.integer(name) : missing
    }

    private func algorithm(_ json: borrowing JSONObject) throws(WalletError) -> LibCrypto.Digest {
        guard json.contains("alg") else { return .sha1 }
        switch json.string("alg") {
        case "sha1": return .sha1
        case "sha256": return .sha256
        case "sha512": return .sha512
        case nil: throw .malformed
        default: throw .unsupported
        }
    }

    private func decrypted(_ json: borrowing JSONObject) throws(WalletError) -> SharedSecret {
        guard let sealed = json.object("enckey") else { throw .malformed }
        guard sealed.integer("v") == 1 else { throw .unsupported }
        guard let tag = sealed.string("t"), let cost = sealed.integer("c"), let salt = bytes(sealed.string("s")),
            let encrypted = bytes(sealed.string("k"))
        else { throw .malformed }
        guard let secret = secrets.secret(tagged: tag) else { throw .unknownTag }
        guard (0...Int64(TOTPWallet.greatestCost)).contains(cost) else { throw .unsupported }
        guard let derived = derive(secret, salt, cost: Int(cost)),
            let key = encrypted.withBytes({ cipher(derived, $0) })
        else { throw .failed }
        return SharedSecret(key)
    }

    private func bytes(_ text: String?) -> Secret? {
        guard let text else { return nil }
        return Secret(utf8: text).withBytes { Base32.decode($0, .stored) }
    }

    // MARK: Keys

    private func derive(_ secret: SharedSecret, _ salt: borrowing Secret, cost: Int) -> Secret? {
        secret.withBytes { secret in
            salt.withBytes { salt in
                LibCrypto.pbkdf2(.sha256, password: secret, salt: salt, rounds: Int32(1) << Int32(cost), count: 48)
            }
        }
    }

    private func cipher(_ derived: borrowing Secret, _ input: Span<UInt8>) -> Secret? {
        derived.withBytes { derived in
            LibCrypto.aes256CTR(
                key: derived.extracting(0..<32), counterBlock: derived.extracting(32..<48), input)
        }
    }

    // MARK: Writing

    /// The compact JSON with sorted names, as passlib writes it.
    private func text(
        of totp: TOTP, tag: String, salt: borrowing Secret, encrypted: borrowing Secret
    ) -> Secret {
        var out = SecretBuilder(capacity: TOTPWallet.columnSize)
        out.append("{")
        if let name = TOTPWallet.name(totp.algorithm) { out.append("\"alg\":\"\(name)\",") }
        if totp.digits != 6 { out.append("\"digits\":\(totp.digits),") }
        out.append("\"enckey\":{\"c\":\(cost),\"k\":\"")
        out.append(encrypted.withBytes { Base32.encode($0) })
        out.append("\",\"s\":\"")
        out.append(salt.withBytes { Base32.encode($0) })
        out.append("\",\"t\":\"")
        out.append(JSONText.escaped(tag))
        out.append("\",\"v\":1}")
        if totp.period != 30 { out.append(",\"period\":\(totp.period)") }
        out.append(",\"type\":\"totp\",\"v\":1}")
        return out.finish()
    }

    /// The name of a digest; nil for the one that is left out.
    private static func name(_ algorithm: LibCrypto.Digest) -> String? {
        switch algorithm {
        case .sha1: nil
        case .sha256: "sha256"
        case .sha512: "sha512"
        }
    }
}

/// What kept a wallet from being opened or sealed.
public enum WalletError: Error, Equatable {
    /// Neither wallet JSON nor an otpauth URI.
    case malformed
    /// A version, type, algorithm, cost or length that is not supported.
    case unsupported
    /// The tag is not in SECURITY_TOTP_SECRETS, or there are none.
    case unknownTag
    /// libcrypto or the random generator failed.
    case failed
}
