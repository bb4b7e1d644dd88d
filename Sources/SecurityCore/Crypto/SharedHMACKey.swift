/// An HMAC key with several owners, for any number of messages and threads.
public final class SharedHMACKey {
    private let key: HMACKey

    /// An HMAC of `key`; a key longer than a block counts as its digest.
    public init(_ digest: LibCrypto.Digest, key: Span<UInt8>) {
        self.key = HMACKey(digest, key: key)
    }

    /// An HMAC whose key is the digest of the pieces, one behind the other.
    public convenience init(_ digest: LibCrypto.Digest, keyDigestOf pieces: [SharedSecret]) {
        let running = RunningDigest(digest)
        for piece in pieces { piece.withBytes { running.update($0) } }
        let key = Secret(count: digest.count) { out in running.finish(&out) }
        self.init(stored: key.withBytes { HMACKey(digest, key: $0) })
    }

    private init(stored: consuming HMACKey) {
        key = stored
    }

    /// The code of `message`.
    public func code(of message: Span<UInt8>) -> Secret { key.separateCode(of: message) }
}
