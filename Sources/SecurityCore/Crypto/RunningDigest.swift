import CCrypto

/// A digest of libcrypto that takes its input piece by piece.
///
/// The state lies in memory of its own, which is wiped at the end. None of the functions can fail or allocate.
@safe
struct RunningDigest: ~Copyable {
    let digest: LibCrypto.Digest
    private let memory: UnsafeMutableRawPointer
    /// Where in the memory it is aligned.
    private let state: UnsafeMutableRawPointer

    /// The state of the largest of the three.
    private static var stateSize: Int { MemoryLayout<SHA512_CTX>.size }

    /// A digest of nothing yet.
    init(_ digest: LibCrypto.Digest) {
        self.digest = digest
        // A cache line's alignment: where the heap puts a state by chance, the same loop takes up to a tenth longer, and
        // a name that nobody has must not cost other time than one that somebody has. Aligned here, because what the heap aligns
        // itself it takes from its slow path.
        // SAFETY: owned by this value alone, wiped and freed once in deinit; aligned for all three states.
        unsafe memory = .allocate(byteCount: RunningDigest.stateSize + 63, alignment: 16)
        unsafe state = memory.alignedUp(toMultipleOf: 64)
        unsafe state.initializeMemory(as: UInt8.self, repeating: 0, count: RunningDigest.stateSize)
        reset()
    }

    deinit {
        unsafe OPENSSL_cleanse(state, RunningDigest.stateSize)
        unsafe memory.deallocate()
    }

    /// Forgets the input.
    func reset() {
        switch digest {
        case .sha1: _ = unsafe ccrypto_sha1_init(sha1)
        case .sha256: _ = unsafe ccrypto_sha256_init(sha256)
        case .sha512: _ = unsafe ccrypto_sha512_init(sha512)
        }
    }

    /// Takes over the input of another one of the same kind; of a different kind, nothing.
    func reset(to other: borrowing RunningDigest) {
        guard digest == other.digest else { return }
        // SAFETY: both states hold that many bytes, and are plain data.
        unsafe state.copyMemory(from: other.state, byteCount: RunningDigest.stateSize)
    }

    /// Adds input.
    func update(_ bytes: Span<UInt8>) {
        // SAFETY: the bytes live through the call.
        unsafe bytes.withUnsafeBytes { bytes in
            switch digest {
            case .sha1: _ = unsafe ccrypto_sha1_update(sha1, bytes.baseAddress, bytes.count)
            case .sha256: _ = unsafe ccrypto_sha256_update(sha256, bytes.baseAddress, bytes.count)
            case .sha512: _ = unsafe ccrypto_sha512_update(sha512, bytes.baseAddress, bytes.count)
            }
        }
    }

    /// Writes the digest to `out` from `place` on, where it must fit; the state must be reset before further use.
    func finish(_ out: inout MutableSpan<UInt8>, at place: Int = 0) {
        guard place >= 0, place <= out.count, out.count - place >= digest.count else { return }
        unsafe out.withUnsafeMutableBufferPointer { out in
            // SAFETY: `out` holds a digest from `place` on.
            let out = unsafe out.baseAddress.map { unsafe $0 + place }
            switch digest {
            case .sha1: _ = unsafe ccrypto_sha1_final(out, sha1)
            case .sha256: _ = unsafe ccrypto_sha256_final(out, sha256)
            case .sha512: _ = unsafe ccrypto_sha512_final(out, sha512)
            }
        }
    }

    // SAFETY: the memory is large enough and aligned for each state, and used as the one that `digest` names only.
    private var sha1: UnsafeMutablePointer<SHA_CTX> { unsafe state.assumingMemoryBound(to: SHA_CTX.self) }
    private var sha256: UnsafeMutablePointer<SHA256_CTX> { unsafe state.assumingMemoryBound(to: SHA256_CTX.self) }
    private var sha512: UnsafeMutablePointer<SHA512_CTX> { unsafe state.assumingMemoryBound(to: SHA512_CTX.self) }
}
