internal import CLibc

/// A file of breached passwords, open for reads at any place. Tens of gigabytes: it is never read whole.
///
/// Requirements:
/// 1. It is judged by `fstat` on the opened descriptor: regular, owned by uid 0 or the effective uid, writable by nobody else.
///    Who could write it could let a breached password pass, or keep everybody from changing theirs.
/// 2. It may be read by everybody: what is in it is public.
/// 3. It is read with `pread` and not mapped: a mapped file that becomes shorter, or that a disk cannot read, kills the host
///    process with SIGBUS. Here both are errors. A look-up makes so few reads that the system calls do not count.
public final class BreachedFile {
    /// Its name, for errors.
    public let path: String
    /// Bytes when it was opened.
    public let size: Int64
    private let descriptor: Int32

    /// Opens a file that satisfies the requirements.
    public init(path: String) throws(BreachedError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let code = clibc_errno()
            throw code == ENOENT || code == ENOTDIR ? .missing(path: path) : .unreadable(path: path, code: code)
        }
        var facts = stat()
        // SAFETY: `facts` lives through the call.
        let code = unsafe fstat(descriptor, &facts) == 0 ? 0 : clibc_errno()
        let error =
            code == 0
            ? BreachedFile.judge(mode: facts.st_mode, owner: facts.st_uid, user: geteuid(), path: path)
            : .unreadable(path: path, code: code)
        if let error {
            _ = close(descriptor)
            throw error
        }
        self.path = path
        self.size = Int64(facts.st_size)
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// The first requirement that a file does not satisfy.
    static func judge(mode: UInt32, owner: UInt32, user: UInt32, path: String) -> BreachedError? {
        guard mode & 0o170000 == 0o100000 else { return .notRegular(path: path) }
        guard owner == 0 || owner == user else { return .foreignOwner(path: path, owner: owner) }
        return mode & 0o022 == 0 ? nil : .writableByOthers(path: path)
    }

    /// `count` bytes from `offset` on; fewer are an error.
    public func read(at offset: Int64, count: Int) throws(BreachedError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(count, 0))
        try read(at: offset, count: count, into: &bytes)
        return bytes
    }

    /// Reads `count` bytes from `offset` on to the beginning of `bytes`, which must have room for them.
    public func read(at offset: Int64, count: Int, into bytes: inout [UInt8]) throws(BreachedError) {
        guard offset >= 0, count >= 0, count <= bytes.count, offset <= size - Int64(count) else {
            throw .changed(path: path)
        }
        var filled = 0
        while filled < count {
            let start = filled
            // SAFETY: the call writes at most the bytes that are left of the array.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: start), count - start, off_t(offset) + off_t(start))
            }
            if got < 0 {
                guard clibc_errno() == EINTR else { throw .unreadable(path: path, code: clibc_errno()) }
            } else if got == 0 {
                throw .changed(path: path)
            } else {
                filled += got
            }
        }
    }
}
