import CLibc

/// Reads files that are no secret and need no judgement.
public enum SmallFile {
    /// The bytes of a regular file; nil when there is none, it cannot be read, or has more than `limit` bytes. A FIFO or
    /// a terminal in its place does not block.
    public static func read(_ path: String, limit: Int) -> [UInt8]? {
        guard !path.utf8.contains(0) else { return nil }
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var facts = stat()
        // SAFETY: `facts` lives through the call.
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & 0o170000 == 0o100000,
            let count = Int(exactly: facts.st_size), (0...limit).contains(count)
        else { return nil }
        return contents(of: descriptor, count: count)
    }

    private static func contents(of descriptor: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let start = filled
            // SAFETY: the call writes at most the bytes that are left of the array.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe CLibc.read(descriptor, buffer.baseAddress?.advanced(by: start), count - start)
            }
            if got > 0 {
                filled += got
            } else if got == 0 || clibc_errno() != EINTR {
                return nil
            }
        }
        return bytes
    }
}
