/// Digests under keys of our own, derived from SECRET_KEY: what is stored in `lsec_*` tables tells nothing without it.
///
/// The key of a purpose is HMAC-SHA256(SECRET_KEY, "libsecurity:" + purpose), so that no two purposes and none of
/// Flask's signatures share one.
public struct KeyedDigest {
    /// What a digest is for.
    public enum Purpose: String {
        case throttleName = "throttle-name"
        case usedRecoveryCode = "used-recovery-code"
        case freshness = "freshness"
        case spentToken = "spent-token"
        case revokedSession = "revoked-session"
        case messageRecipient = "message-recipient"
        case rememberedBrowser = "remembered-browser"
    }

    private let key: SharedSecret

    /// A digest of one purpose under SECRET_KEY.
    public init(_ purpose: Purpose, secretKey: SharedSecret) {
        let label = Secret(utf8: "libsecurity:" + purpose.rawValue)
        let derived = secretKey.withBytes { secret in
            label.withBytes { label in LibCrypto.hmac(.sha256, key: secret, message: label) }
        }
        key = SharedSecret(derived)
    }

    /// 64 lower-case hex digits for some bytes.
    public func hex(of message: Span<UInt8>) -> String {
        key.withBytes { LibCrypto.hmac(.sha256, key: $0, message: message) }.withBytes { Hex.text($0) }
    }
}
