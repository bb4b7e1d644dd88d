/// HMAC (RFC 2104) with one key, for any number of messages.
///
/// The states after the key's blocks are kept, so that each message costs two digests and not four.
struct HMACKey: ~Copyable {
    private let inner: RunningDigest
    private let outer: RunningDigest
    private let work: RunningDigest

    /// An HMAC of `key`; a key longer than a block counts as its digest.
    init(_ digest: LibCrypto.Digest, key: Span<UInt8>) {
        inner = RunningDigest(digest)
        outer = RunningDigest(digest)
        work = RunningDigest(digest)
        if key.count > digest.blockCount {
            work.update(key)
            let short = Secret(count: digest.count) { out in work.finish(&out) }
            short.withBytes { bytes in begin(bytes, digest.blockCount) }
        } else {
            begin(key, digest.blockCount)
        }
    }

    private func begin(_ key: Span<UInt8>, _ blockCount: Int) {
        for (state, pad) in [(0, 0x36 as UInt8), (1, 0x5C)] {
            let block = Secret(count: blockCount) { out in
                for index in out.indices { out[index] = pad ^ (index < key.count ? key[index] : 0) }
            }
            block.withBytes { bytes in if state == 0 { inner.update(bytes) } else { outer.update(bytes) } }
        }
    }

    /// Writes the code of `message` to the first bytes of `out`, which must hold a digest.
    func code(of message: Span<UInt8>, _ out: inout MutableSpan<UInt8>) {
        work.reset(to: inner)
        work.update(message)
        work.finish(&out)
        work.reset(to: outer)
        work.update(out.span.extracting(first: work.digest.count))
        work.finish(&out)
    }
}
