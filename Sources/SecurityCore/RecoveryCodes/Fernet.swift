/// Fernet (github.com/fernet/spec), which Flask-Security 5.1 and later keep recovery codes in:
///
///     80 | time, 8 bytes | IV, 16 bytes | AES-128-CBC(text, PKCS #7) | HMAC-SHA256 of all before, 32 bytes
///
/// in base64url with padding. Requirements (tests name the number):
/// 1. The HMAC is compared first, in constant time; nothing is decrypted before it is right.
/// 2. Every flaw has one answer, nil: who can write tokens learns nothing from how they are refused.
/// 3. The text is read strictly. Python's reader skips characters that are no base64; nobody writes any.
public final class Fernet {
    /// Bytes of a key: 16 that sign, 16 that encrypt.
    public static let keyCount = 32
    /// The most bytes of a token's text that are read.
    static let longestToken = 4096
    private static let version: UInt8 = 0x80
    private static let block = 16
    private static let signatureCount = 32
    /// Bytes before the encrypted text.
    private static let headCount = 25
    /// By how many seconds the clock of who made a token may be ahead, as `cryptography` has it.
    private static let longestSkew: UInt64 = 60

    private let signing: SharedSecret
    private let encryption: SharedSecret

    /// A key of its text: base64url, padded, 32 bytes. nil for anything else.
    public init?(key text: Span<UInt8>) {
        guard let key = Fernet.decode(text), key.count == Fernet.keyCount else { return nil }
        signing = key.withBytes { SharedSecret(Secret(copying: $0.extracting(0..<16))) }
        encryption = key.withBytes { SharedSecret(Secret(copying: $0.extracting(16..<32))) }
    }

    /// A token of `text`, signed now; nil when libcrypto or the random generator fails.
    public func seal(_ text: Span<UInt8>, now: Instant, random: (Int) -> Secret?) -> Secret? {
        guard let start = random(Fernet.block), start.count == Fernet.block,
            let encrypted = start.withBytes({ cipher(encrypts: true, start: $0, Fernet.padded(text)) })
        else { return nil }
        var token = SecretBuilder(capacity: Fernet.headCount + encrypted.count + Fernet.signatureCount)
        token.append(Fernet.version)
        let seconds = UInt64(clamping: now.seconds)
        for byte in 0..<8 { token.append(UInt8(truncatingIfNeeded: seconds >> UInt64(56 - 8 * byte))) }
        token.append(start)
        token.append(encrypted)
        let signed = token.finish()
        var whole = SecretBuilder(capacity: signed.count + Fernet.signatureCount)
        whole.append(signed)
        whole.append(signed.withBytes { signature(of: $0) })
        return whole.finish().withBytes { Base64.fernet.encode($0) }
    }

    /// The text of a token; nil when it is none of this key or, where `maxAge` is given, is older than so many seconds
    /// or comes from the future.
    public func open(_ token: Span<UInt8>, now: Instant, maxAge: Int64?) -> Secret? {
        guard token.count <= Fernet.longestToken, let raw = Fernet.decode(token) else { return nil }
        return raw.withBytes { (raw) -> Secret? in
            let end = raw.count - Fernet.signatureCount
            let encryptedCount = end - Fernet.headCount
            guard encryptedCount >= Fernet.block, encryptedCount % Fernet.block == 0 else { return nil }
            let mine = signature(of: raw.extracting(0..<end))
            let isSigned = mine.withBytes { ConstantTime.equal($0, raw.extracting(end..<raw.count)) }
            guard isSigned, raw[0] == Fernet.version, Fernet.isTimely(raw.extracting(1..<9), now, maxAge) else {
                return nil
            }
            let encrypted = Secret(copying: raw.extracting(Fernet.headCount..<end))
            guard let text = cipher(encrypts: false, start: raw.extracting(9..<Fernet.headCount), encrypted) else {
                return nil
            }
            return Fernet.unpadded(text)
        }
    }

    private func signature(of bytes: Span<UInt8>) -> Secret {
        signing.withBytes { LibCrypto.hmac(.sha256, key: $0, message: bytes) }
    }

    private func cipher(encrypts: Bool, start: Span<UInt8>, _ input: borrowing Secret) -> Secret? {
        encryption.withBytes { key in
            input.withBytes { LibCrypto.aes128CBC(encrypts: encrypts, key: key, start: start, $0) }
        }
    }

    private static func isTimely(_ time: Span<UInt8>, _ now: Instant, _ maxAge: Int64?) -> Bool {
        guard let maxAge else { return true }
        let made = time.indices.reduce(UInt64(0)) { $0 << 8 | UInt64(time[$1]) }
        let now = UInt64(clamping: now.seconds)
        let (end, isEternal) = made.addingReportingOverflow(UInt64(clamping: maxAge))
        guard isEternal || now <= end else { return false }
        return made <= now || made - now <= longestSkew
    }

    /// PKCS #7 (RFC 5652 section 6.3).
    private static func padded(_ text: Span<UInt8>) -> Secret {
        let fill = block - text.count % block
        return Secret(count: text.count + fill) { out in
            for index in out.indices { out[index] = index < text.count ? text[index] : UInt8(fill) }
        }
    }

    private static func unpadded(_ text: borrowing Secret) -> Secret? {
        text.withBytes { (text) -> Secret? in
            guard let last = text.indices.last.map({ Int(text[$0]) }), last >= 1, last <= block, last <= text.count,
                (text.count - last..<text.count).allSatisfy({ Int(text[$0]) == last })
            else { return nil }
            return Secret(copying: text.extracting(0..<(text.count - last)))
        }
    }

    /// The bytes of a padded base64url text.
    private static func decode(_ text: Span<UInt8>) -> Secret? {
        guard !text.isEmpty, text.count % 4 == 0 else { return nil }
        var end = text.count
        while end > text.count - 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        return Base64.fernet.decode(text.extracting(0..<end))
    }
}
