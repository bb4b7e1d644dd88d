import CLibc

/// Reads the file of words.
enum StrengthFile {
    /// The bytes of a regular file of at most `longest` bytes. Nothing of it is secret; it is wiped like all else.
    static func read(_ path: String, longest: Int) throws(StrengthError) -> Secret {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let code = clibc_errno()
            throw code == ENOENT || code == ENOTDIR ? .missing(path: path) : .unreadable(path: path, code: code)
        }
        defer { _ = close(descriptor) }
        var facts = stat()
        // SAFETY: `facts` lives through the call.
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable(path: path, code: clibc_errno()) }
        guard facts.st_mode & 0o170000 == 0o100000, facts.st_size <= Int64(longest) else { throw .damaged(path: path) }
        return try Secret(count: Int(facts.st_size)) { (out) throws(StrengthError) in
            var filled = 0
            while filled < out.count {
                let start = filled
                let left = out.count - start
                // SAFETY: the call writes at most the bytes that are left of the buffer.
                let got = unsafe out.withUnsafeMutableBytes { bytes in
                    unsafe CLibc.read(descriptor, bytes.baseAddress?.advanced(by: start), left)
                }
                if got < 0 {
                    guard clibc_errno() == EINTR else { throw .unreadable(path: path, code: clibc_errno()) }
                } else if got == 0 {
                    throw .damaged(path: path)
                } else {
                    filled += got
                }
            }
        }
    }
}
