import CCrypto

/// Keyed digests, key derivation and ciphers of OpenSSL's libcrypto.
///
/// Every function answers nil when libcrypto fails (out of memory, a digest that the host's configuration forbids);
/// callers turn that into their own error, never into success.
public enum LibCrypto {
    /// The digests that the formats use.
    public enum Digest: Hashable, Sendable {
        case sha1, sha256, sha512

        /// Bytes of one digest.
        public var count: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }

        /// Bytes of one block of input.
        var blockCount: Int {
            switch self {
            case .sha1, .sha256: 64
            case .sha512: 128
            }
        }

        fileprivate var evp: OpaquePointer? {
            // SAFETY: libcrypto's constant objects, never freed.
            switch self {
            case .sha1: unsafe EVP_sha1()
            case .sha256: unsafe EVP_sha256()
            case .sha512: unsafe EVP_sha512()
            }
        }
    }

    /// Initialises libcrypto without exit handlers and without reading a configuration file, both of which belong to
    /// the host process. A host that has initialised it already is left as it is.
    public static func prepare() {
        let options = UInt64(OPENSSL_INIT_NO_ATEXIT) | UInt64(OPENSSL_INIT_NO_LOAD_CONFIG)
        _ = OPENSSL_init_crypto(options, nil)
    }

    /// HMAC (RFC 2104) of `message`.
    public static func hmac(_ digest: Digest, key: Span<UInt8>, message: Span<UInt8>) -> Secret? {
        let keyed = HMACKey(digest, key: key)
        return Secret(count: digest.count) { out in keyed.code(of: message, &out) }
    }

    /// The digest of `message`.
    public static func hash(_ digest: Digest, _ message: Span<UInt8>) -> Secret? {
        let running = RunningDigest(digest)
        running.update(message)
        return Secret(count: digest.count) { out in running.finish(&out) }
    }

    /// PBKDF2 (RFC 8018 section 5.2) over HMAC.
    public static func pbkdf2(
        _ digest: Digest, password: Span<UInt8>, salt: Span<UInt8>, rounds: Int32, count: Int
    ) -> Secret? {
        prepare()
        return unsafe output(count) { out in
            unsafe password.withUnsafeBytes { password in
                unsafe salt.withUnsafeBytes { salt in
                    unsafe PKCS5_PBKDF2_HMAC(
                        password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: password.count),
                        salt.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: salt.count), rounds,
                        digest.evp, Int32(clamping: count), out.baseAddress?.assumingMemoryBound(to: UInt8.self)) == 1
                }
            }
        }
    }

    /// AES-256 in counter mode: encrypts and decrypts alike. `key` is 32 bytes, `counterBlock` 16.
    public static func aes256CTR(key: Span<UInt8>, counterBlock: Span<UInt8>, _ input: Span<UInt8>) -> Secret? {
        guard key.count == 32, counterBlock.count == 16 else { return nil }
        prepare()
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        return unsafe output(input.count) { out in
            unsafe key.withUnsafeBytes { key in
                unsafe counterBlock.withUnsafeBytes { block in
                    unsafe input.withUnsafeBytes { input in
                        let key = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        let block = unsafe block.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        var length: Int32 = 0
                        guard unsafe EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nil, key, block) == 1 else {
                            return false
                        }
                        return unsafe EVP_EncryptUpdate(
                            context, out.baseAddress?.assumingMemoryBound(to: UInt8.self), &length,
                            input.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: input.count)) == 1
                            && Int(length) == input.count
                    }
                }
            }
        }
    }

    private struct Failure: Error {}

    /// A secret of `count` bytes that `fill` writes, or nil when it answers false.
    private static func output(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Bool) -> Secret? {
        do throws(Failure) {
            return try Secret(count: count) { (out) throws(Failure) in
                guard unsafe out.withUnsafeMutableBytes({ unsafe fill($0) }) else { throw Failure() }
            }
        } catch {
            return nil
        }
    }
}
