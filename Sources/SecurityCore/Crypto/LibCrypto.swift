import CCrypto

/// Keyed digests, key derivation and ciphers of OpenSSL's libcrypto.
///
/// A function that can fail (memory, parameters out of range) answers nil; callers turn that into their own error, never
/// into success.
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
    }

    /// Initialises libcrypto without exit handlers and without reading a configuration file, both of which belong to
    /// the host process. A host that has initialised it already is left as it is.
    static func prepare() {
        let options = UInt64(OPENSSL_INIT_NO_ATEXIT) | UInt64(OPENSSL_INIT_NO_LOAD_CONFIG)
        _ = OPENSSL_init_crypto(options, nil)
    }

    /// The digest of `message`. It cannot fail.
    public static func digest(_ digest: Digest, of message: Span<UInt8>) -> Secret {
        let running = RunningDigest(digest)
        running.update(message)
        return Secret(count: digest.count) { out in running.finish(&out) }
    }

    /// HMAC (RFC 2104) of `message`. It cannot fail: the digests need no initialisation and no memory of libcrypto's.
    public static func hmac(_ digest: Digest, key: Span<UInt8>, message: Span<UInt8>) -> Secret {
        let keyed = HMACKey(digest, key: key)
        return Secret(count: digest.count) { out in keyed.code(of: message, &out) }
    }

    /// PBKDF2 (RFC 8018 section 5.2) over HMAC.
    ///
    /// Our own loop over kept states: 0.67 (SHA-512) and 0.5 (SHA-256) of the time of PKCS5_PBKDF2_HMAC where it was measured.
    public static func pbkdf2(
        _ digest: Digest, password: Span<UInt8>, salt: Span<UInt8>, rounds: Int32, count: Int
    ) -> Secret? {
        guard rounds > 0, count >= 0 else { return nil }
        let key = HMACKey(digest, key: password)
        return Secret(count: count) { out in
            for start in stride(from: 0, to: count, by: digest.count) {
                let block = pbkdf2Block(key, salt, UInt32(truncatingIfNeeded: start / digest.count + 1), rounds)
                block.withBytes { block in
                    for index in 0..<min(block.count, count - start) { out[start + index] = block[index] }
                }
            }
        }
    }

    /// Block `number` of PBKDF2.
    private static func pbkdf2Block(
        _ key: borrowing HMACKey, _ salt: Span<UInt8>, _ number: UInt32, _ rounds: Int32
    ) -> Secret {
        let message = Secret(count: salt.count + 4) { message in
            for index in salt.indices { message[index] = salt[index] }
            for index in 0..<4 { message[salt.count + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index)) }
        }
        let first = Secret(count: key.digest.count) { first in
            message.withBytes { message in key.code(of: message, &first) }
        }
        return first.withBytes { first in
            Secret(count: first.count) { sum in
                _ = Secret(count: first.count) { last in
                    for index in first.indices { last[index] = first[index] }
                    for index in first.indices { sum[index] = first[index] }
                    for _ in 1..<max(rounds, 1) {
                        key.advance(&last)
                        for index in sum.indices { sum[index] ^= last[index] }
                    }
                }
            }
        }
    }

    /// AES-256 in counter mode: encrypts and decrypts alike. `key` is 32 bytes, `counterBlock` 16.
    public static func aes256CTR(key: Span<UInt8>, counterBlock: Span<UInt8>, _ input: Span<UInt8>) -> Secret? {
        guard key.count == 32 else { return nil }
        return unsafe cipher(EVP_aes_256_ctr(), encrypts: true, key: key, start: counterBlock, input)
    }

    /// AES-128 in CBC mode, without padding: `input` is whole blocks of 16 bytes. `key` and `start` are 16 bytes.
    public static func aes128CBC(
        encrypts: Bool, key: Span<UInt8>, start: Span<UInt8>, _ input: Span<UInt8>
    ) -> Secret? {
        guard key.count == 16, input.count % 16 == 0 else { return nil }
        return unsafe cipher(EVP_aes_128_cbc(), encrypts: encrypts, key: key, start: start, input)
    }

    /// Runs a cipher whose output is as long as its input. `key` has the cipher's length, `start` is its first block.
    private static func cipher(
        _ cipher: OpaquePointer?, encrypts: Bool, key: Span<UInt8>, start: Span<UInt8>, _ input: Span<UInt8>
    ) -> Secret? {
        guard start.count == 16 else { return nil }
        prepare()
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        return unsafe output(input.count) { out in
            unsafe key.withUnsafeBytes { key in
                unsafe start.withUnsafeBytes { start in
                    unsafe input.withUnsafeBytes { input in
                        let key = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        let start = unsafe start.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        var length: Int32 = 0
                        guard unsafe EVP_CipherInit_ex(context, cipher, nil, key, start, encrypts ? 1 : 0) == 1,
                            unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
                        else { return false }
                        return unsafe EVP_CipherUpdate(
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
    static func output(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Bool) -> Secret? {
        do throws(Failure) {
            return try Secret(count: count) { (out) throws(Failure) in
                guard unsafe out.withUnsafeMutableBytes({ unsafe fill($0) }) else { throw Failure() }
            }
        } catch {
            return nil
        }
    }
}
