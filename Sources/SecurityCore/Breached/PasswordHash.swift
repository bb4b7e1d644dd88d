/// The SHA-1 of a password, by which the published lists know it. As good as the password to whoever sees it.
public struct PasswordHash: ~Copyable {
    /// Hexadecimal digits of a hash.
    public static let digitCount = 40
    private let digest: Secret

    /// Hashes the normalised text.
    public init(of password: Span<UInt8>) {
        let running = RunningDigest(.sha1)
        running.update(password)
        digest = Secret(count: LibCrypto.Digest.sha1.count) { out in running.finish(&out) }
    }

    /// The value of the hexadecimal digit at `index`, which is below ``digitCount``.
    public func digit(_ index: Int) -> UInt8 {
        digest.withBytes { bytes in
            guard bytes.indices.contains(index / 2) else { return 0 }
            return index % 2 == 0 ? bytes[index / 2] >> 4 : bytes[index / 2] & 15
        }
    }

    /// The first 64 bits, by which lists and filters are ordered.
    public var key: UInt64 {
        digest.withBytes { bytes in
            var key: UInt64 = 0
            for index in 0..<8 { key = key << 8 | UInt64(bytes[index]) }
            return key
        }
    }
}
