/// Flask-Security's `hash_data` and `verify_hash`: what a link remembers of an address or a password hash, so that it ends when
/// that changes. The link itself is signed, and the hash is no secret's last defence.
public struct DataHasher {
    /// A scheme that SECURITY_HASHING_SCHEMES can name.
    public enum Scheme: Hashable, Sendable {
        /// 32 hex digits of MD5 (passlib: hex_md5).
        case hexMD5
        /// A password scheme, without the HMAC that passwords get.
        case password(PasswordScheme)

        /// The scheme of passlib's name; nil when this version has none.
        public init?(name: String) {
            if name == "hex_md5" {
                self = .hexMD5
            } else if let scheme = PasswordScheme(rawValue: name) {
                self = .password(scheme)
            } else {
                return nil
            }
        }
    }

    /// Rounds of new SHA-crypt hashes. passlib's 535,000 would cost each link a quarter of a second, and any passlib takes any
    /// number.
    private static let rounds = 1000

    private let schemes: [Scheme]
    private let random: (Int) -> Secret?

    /// A hasher by SECURITY_HASHING_SCHEMES: the first makes new hashes, all are read. `random` is a source of salts.
    public init(schemes: [Scheme] = [.password(.sha256Crypt), .hexMD5], random: @escaping (Int) -> Secret?) {
        self.schemes = schemes
        self.random = random
    }

    /// A new hash.
    public func hash(_ data: Span<UInt8>) throws(PasswordError) -> Secret {
        try DataHasher.check(data)
        switch schemes.first {
        case .hexMD5:
            return LibCrypto.md5(of: data).withBytes { Hex.encode($0) }
        case .password(let scheme):
            guard let row = SchemeRow.of(scheme) else { throw .unsupported(scheme) }
            let isSHACrypt = scheme == .sha256Crypt || scheme == .sha512Crypt
            return try row.hash(data, SchemeOptions(rounds: isSHACrypt ? DataHasher.rounds : nil), random)
        case nil:
            throw .unidentified
        }
    }

    /// Whether a hash is the data's. Costs what the hash says: with passlib's 535,000 rounds a quarter of a second, never more
    /// than some ten.
    public func verify(_ data: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        try DataHasher.check(data)
        for scheme in schemes {
            switch scheme {
            case .hexMD5:
                guard stored.count == 32, let digest = Hex.decode(stored) else { continue }
                return LibCrypto.md5(of: data).withBytes { computed in
                    digest.withBytes { ConstantTime.equal(computed, $0) }
                }
            case .password(let scheme):
                guard let row = SchemeRow.of(scheme), row.identifies(stored) else { continue }
                return try row.verify(data, stored)
            }
        }
        throw .unidentified
    }

    /// passlib's limits for what is hashed.
    private static func check(_ data: Span<UInt8>) throws(PasswordError) {
        guard data.count <= PasswordHasher.longestPassword else { throw .tooLong }
        guard !data.contains(0) else { throw .containsNUL }
    }
}
