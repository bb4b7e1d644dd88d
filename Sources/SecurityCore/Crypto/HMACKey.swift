/// HMAC (RFC 2104) with one key, for any number of messages.
///
/// The states after the key's blocks are kept, so that a message costs two digests and not four.
struct HMACKey: ~Copyable {
    let digest: LibCrypto.Digest
    private let inner: RunningDigest
    private let outer: RunningDigest
    private let work: RunningDigest

    /// An HMAC of `key`; a key longer than a block counts as its digest.
    init(_ digest: LibCrypto.Digest, key: Span<UInt8>) {
        self.digest = digest
        inner = RunningDigest(digest)
        outer = RunningDigest(digest)
        work = RunningDigest(digest)
        if key.count > digest.blockCount {
            work.update(key)
            let short = Secret(count: digest.count) { out in work.finish(&out) }
            short.withBytes { short in begin(short) }
        } else {
            begin(key)
        }
    }

    private func begin(_ key: Span<UInt8>) {
        padded(key, 0x36).withBytes { inner.update($0) }
        padded(key, 0x5C).withBytes { outer.update($0) }
    }

    private func padded(_ key: Span<UInt8>, _ pad: UInt8) -> Secret {
        Secret(count: digest.blockCount) { out in
            for index in out.indices { out[index] = pad ^ (index < key.count ? key[index] : 0) }
        }
    }

    /// The code of `message`, worked out in memory of this call's own, so that one key may serve several threads at once.
    func separateCode(of message: Span<UInt8>) -> Secret {
        let work = RunningDigest(digest)
        work.reset(to: inner)
        work.update(message)
        return Secret(count: digest.count) { out in
            work.finish(&out)
            work.reset(to: outer)
            work.update(out.span)
            work.finish(&out)
        }
    }

    /// Writes the code of `message` to the first bytes of `out`, which must hold a digest.
    func code(of message: Span<UInt8>, _ out: inout MutableSpan<UInt8>) {
        work.reset(to: inner)
        work.update(message)
        finish(&out)
    }

    /// Replaces the code in the first bytes of `out` by its own code.
    func advance(_ out: inout MutableSpan<UInt8>) {
        work.reset(to: inner)
        work.update(out.span.extracting(first: digest.count))
        finish(&out)
    }

    private func finish(_ out: inout MutableSpan<UInt8>) {
        work.finish(&out)
        work.reset(to: outer)
        work.update(out.span.extracting(first: digest.count))
        work.finish(&out)
    }
}
