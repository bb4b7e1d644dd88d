internal import CLibc

/// A file that is written beside its place and takes it only when it is whole. Given up before, it is removed.
public final class NewBreachedFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isKept = false

    /// Makes the file, readable by everybody and writable by its owner. Its folder must be there.
    public init(path: String) throws(BreachedError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
        guard let random = SystemRandom.bytes(8) else { throw .unwritable(path: path, code: EAGAIN) }
        let temporary = path + ".new-" + random.withBytes { Hex.text($0) }
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_create(temporary, O_WRONLY | O_EXCL | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: path, code: clibc_errno()) }
        self.path = path
        self.temporary = temporary
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
        // SAFETY: the path is lent for the call.
        if !isKept { _ = unsafe unlink(temporary) }
    }

    /// Writes bytes at a place.
    public func write(_ bytes: [UInt8], at offset: Int64) throws(BreachedError) {
        var sent = 0
        while sent < bytes.count {
            let start = sent
            // SAFETY: the bytes from `start` on live through the call.
            let done = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
                    off_t(offset) + off_t(start))
            }
            if done > 0 {
                sent += done
            } else if clibc_errno() != EINTR {
                throw .unwritable(path: temporary, code: clibc_errno())
            }
        }
    }

    /// Puts the file in its place, in the stead of one that was there.
    public func keep() throws(BreachedError) {
        // SAFETY: the paths are lent for the call.
        guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
            throw .unwritable(path: path, code: clibc_errno())
        }
        isKept = true
    }
}
