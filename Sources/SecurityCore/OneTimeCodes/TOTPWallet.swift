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
        try read(stored).totp
    }

    /// Opens a stored wallet and tells how it was sealed.
    public func read(_ stored: Span<UInt8>) throws(WalletError) -> OpenedWallet {
        guard stored.count <= TOTPWallet.longestWallet else { throw .malformed }
        if OTPAuthURI.isURI(stored) { return OpenedWallet(totp: try OTPAuthURI.totp(of: stored), seal: nil) }
        guard let text = WalletText(stored) else { throw .malformed }
        return try opened(text.json, key: text.plainKey)
    }

    /// The key of a wallet under a seal of today: the default tag and at least this cost, never less than it had. nil
    /// when it has that already, or when it cannot be sealed so.
    public func resealed(_ opened: OpenedWallet, random: (Int) -> Secret?) -> SharedSecret? {
        guard let tag = secrets.defaultTag else { return nil }
        if let seal = opened.seal, seal.cost >= cost, seal.tag.utf8.elementsEqual(tag.utf8) { return nil }
        let wallet = TOTPWallet(secrets: secrets, cost: max(cost, opened.seal?.cost ?? 0))
        do throws(WalletError) {
            return SharedSecret(try wallet.seal(opened.totp, random: random))
        } catch {
            return nil
        }
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

    private func opened(_ json: borrowing JSONObject, key plain: SharedSecret?) throws(WalletError) -> OpenedWallet {
        guard let type = json.string("type") else { throw .malformed }
        guard type == "totp" else { throw .wrongType }
        guard json.integer("v") == 1 else { throw .wrongVersion }
        guard json.names.allSatisfy({ TOTPWallet.names.contains($0) }) else { throw .unsupported }
        let algorithm = try algorithm(json)
        guard let digits = number(json, "digits", default: 6), let period = number(json, "period", default: 30) else {
            throw .malformed
        }
        guard TOTP.digitRange.contains(Int(clamping: digits)), period > 0 else { throw .unsupported }
        let seal = plain == nil ? try seal(json) : nil
        let key: SharedSecret
        if let plain { key = plain } else { key = try decrypted(json) }
        guard !key.isEmpty, key.count <= TOTPWallet.longestKey else { throw .malformed }
        let totp = TOTP(key: key, algorithm: algorithm, digits: Int(clamping: digits), period: period)
        return OpenedWallet(totp: totp, seal: seal)
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

    /// Which secret a wallet names, and its cost.
    private func seal(_ json: borrowing JSONObject) throws(WalletError) -> OpenedWallet.Seal {
        guard let sealed = json.object("enckey") else { throw .malformed }
        guard sealed.integer("v") == 1 else { throw .wrongVersion }
        guard let tag = sealed.string("t"), let cost = sealed.integer("c") else { throw .malformed }
        guard secrets.secret(tagged: tag) != nil else { throw .unknownTag }
        guard (0...Int64(TOTPWallet.greatestCost)).contains(cost) else { throw .costOutOfBounds }
        return OpenedWallet.Seal(tag: tag, cost: Int(cost))
    }

    private func decrypted(_ json: borrowing JSONObject) throws(WalletError) -> SharedSecret {
        let seal = try seal(json)
        guard let sealed = json.object("enckey"), let salt = bytes(sealed.string("s")),
            let encrypted = bytes(sealed.string("k"))
        else { throw .malformed }
        guard let secret = secrets.secret(tagged: seal.tag) else { throw .unknownTag }
        guard let derived = derive(secret, salt, cost: seal.cost),
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

/// A wallet that was opened.
public struct OpenedWallet {
    /// How a key is encrypted.
    public struct Seal: Equatable, Sendable {
        /// The tag in SECURITY_TOTP_SECRETS.
        public let tag: String
        /// The cost c: 2^c rounds.
        public let cost: Int
    }

    /// The key and its parameters.
    public let totp: TOTP
    /// How it was encrypted; nil = it was not.
    public let seal: Seal?
}

/// What kept a wallet from being opened or sealed.
public enum WalletError: Error, Equatable {
    /// Neither wallet JSON nor an otpauth URI.
    case malformed
    /// A version other than 1, of the wallet or of its encryption.
    case wrongVersion
    /// A type other than totp.
    case wrongType
    /// A cost that is negative or beyond ``TOTPWallet/greatestCost``.
    case costOutOfBounds
    /// An algorithm, a number of digits, a period, a name or a length that is not supported.
    case unsupported
    /// The tag is not in SECURITY_TOTP_SECRETS, or there are none.
    case unknownTag
    /// libcrypto or the random generator failed.
    case failed
}

extension WalletError {
    /// A name that programs may rely on; stands in the log as `detail=`.
    public var identifier: String {
        switch self {
        case .malformed: "malformed"
        case .wrongVersion: "wrong-version"
        case .wrongType: "wrong-type"
        case .costOutOfBounds: "cost-out-of-bounds"
        case .unsupported: "unsupported"
        case .unknownTag: "unknown-tag"
        case .failed: "failed"
        }
    }
}

extension WalletError: CustomStringConvertible {
    /// One line for an administrator: what is wrong, and the way out.
    public var description: String {
        switch self {
        case .malformed: "is neither a wallet nor an otpauth URI, or is damaged"
        case .wrongVersion: "has a version that is not known; only 1 is"
        case .wrongType: "is not of type totp"
        case .costOutOfBounds: "has a cost beyond \(TOTPWallet.greatestCost), which is not paid"
        case .unsupported: "has an algorithm, digits, a period or a name that is not supported"
        case .unknownTag: "was sealed with a tag that SECURITY_TOTP_SECRETS does not name; add that secret again"
        case .failed: "could not be opened: libcrypto failed"
        }
    }
}
