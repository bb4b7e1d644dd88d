public import SecurityCore

/// itsdangerous's `Signer`: `<value>.<base64 of HMAC-SHA1(K, value)>`.
///
/// The newest key signs; every key verifies. Keys are derived once; a signer may be used by several threads at once.
public final class Signer {
    /// How K comes from SECRET_KEY and the salt, which says what a signature is for and is no secret.
    public enum Derivation: Sendable {
        /// SHA-1(salt + "signer" + SECRET_KEY): itsdangerous's default.
        case djangoConcat
        /// HMAC-SHA1(SECRET_KEY, salt): Flask's session cookie.
        case hmac
    }

    private let newest: SharedHMACKey
    private let older: [SharedHMACKey]

    /// A signer for one salt. `fallbacks` (SECRET_KEY_FALLBACKS) verify and never sign.
    public init(
        key: SharedSecret, fallbacks: [SharedSecret] = [], salt: String, derivation: Derivation = .djangoConcat
    ) {
        newest = Signer.derive(key, salt, derivation)
        older = fallbacks.map { Signer.derive($0, salt, derivation) }
    }

    private static func derive(_ secret: SharedSecret, _ salt: String, _ derivation: Derivation) -> SharedHMACKey {
        switch derivation {
        case .djangoConcat:
            return SharedHMACKey(.sha1, keyDigestOf: [SharedSecret(utf8: salt + "signer"), secret])
        case .hmac:
            let salt = Secret(utf8: salt)
            let key = secret.withBytes { key in salt.withBytes { LibCrypto.hmac(.sha1, key: key, message: $0) } }
            return key.withBytes { SharedHMACKey(.sha1, key: $0) }
        }
    }

    /// The value, a full stop and its signature.
    public func sign(_ value: Span<UInt8>) -> Secret {
        let signature = newest.code(of: value).withBytes { Base64.urlSafe.encode($0) }
        return Secret(count: value.count + 1 + signature.count) { out in
            for index in value.indices { out[index] = value[index] }
            out[value.count] = Signer.separator
            signature.withBytes { signature in
                for index in signature.indices { out[value.count + 1 + index] = signature[index] }
            }
        }
    }

    /// Which key made the signature behind the last full stop: 0 is the newest, 1 the first fallback; nil when none did or
    /// there is no full stop.
    public func signingKey(of signed: Span<UInt8>) -> Int? {
        guard let place = Signer.lastSeparator(in: signed),
            let signature = PythonBase64.decode(signed.extracting(droppingFirst: place + 1))
        else { return nil }
        let value = signed.extracting(first: place)
        return signature.withBytes { signature in
            if Signer.matches(newest, value, signature) { return 0 }
            for index in older.indices where Signer.matches(older[index], value, signature) { return index + 1 }
            return nil
        }
    }

    private static func matches(_ key: SharedHMACKey, _ value: Span<UInt8>, _ signature: Span<UInt8>) -> Bool {
        key.code(of: value).withBytes { ConstantTime.equal($0, signature) }
    }

    static let separator = UInt8(ascii: ".")

    /// Where the last full stop stands.
    static func lastSeparator(in text: Span<UInt8>) -> Int? {
        text.indices.last { text[$0] == separator }
    }
}
