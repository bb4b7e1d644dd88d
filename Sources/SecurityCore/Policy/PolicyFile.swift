import CLibc

/// Opens the configuration file, which holds secrets.
///
/// Requirements (tests name the number):
/// 1. It is judged by `fstat` on the opened descriptor: the file that is read is the file that was judged.
/// 2. It is a regular file, of 1 MiB at most; a FIFO in its place does not block.
/// 3. It belongs to uid 0 or to the effective uid.
/// 4. It is not writable by its group or by others.
/// 5. Others have no access at all.
/// 6. Its group may read it only when it belongs to uid 0.
///
/// No key turns this off. A symbolic link is followed: what it leads to is judged.
public enum PolicyFile {
    /// Where the configuration is when nobody says otherwise.
    public static let standardPath = "/etc/libsecurity/security.toml"
    /// The longest file in bytes.
    public static let longest = 1 << 20

    /// The text of a file that satisfies the requirements; wiped with the value.
    public static func read(_ path: String) throws(PolicyFileError) -> Secret {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw openError(path, clibc_errno()) }
        defer { _ = close(descriptor) }
        var facts = stat()
        // SAFETY: `facts` lives through the call.
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable(path: path, code: clibc_errno()) }
        let judged = FileFacts(mode: facts.st_mode, owner: facts.st_uid, size: Int64(facts.st_size))
        if let error = judge(judged, path: path, effectiveUser: geteuid()) { throw error }
        return try contents(of: descriptor, count: Int(facts.st_size), path)
    }

    /// The path as it is seen from any working directory.
    public static func absolute(_ path: String) -> String {
        guard path.utf8.first != 0x2F else { return path }
        // SAFETY: with NULL, getcwd allocates; the text is ours to free.
        guard let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + path
    }

    /// What the judgement of a file rests on.
    struct FileFacts {
        var mode: UInt32
        var owner: UInt32
        var size: Int64
    }

    /// The first requirement that a file does not satisfy.
    static func judge(_ facts: FileFacts, path: String, effectiveUser: UInt32) -> PolicyFileError? {
        guard facts.mode & 0o170000 == 0o100000 else { return .notRegular(path: path) }
        guard facts.owner == 0 || facts.owner == effectiveUser else {
            return .foreignOwner(path: path, owner: facts.owner, reader: effectiveUser)
        }
        guard facts.mode & 0o022 == 0 else { return .writableByOthers(path: path, mode: facts.mode & 0o7777) }
        guard facts.mode & 0o007 == 0 else { return .accessibleToOthers(path: path, mode: facts.mode & 0o7777) }
        guard facts.mode & 0o040 == 0 || facts.owner == 0 else {
            return .readableByGroup(path: path, owner: facts.owner)
        }
        guard facts.size <= Int64(longest) else { return .tooLong(path: path) }
        return nil
    }

    private static func openError(_ path: String, _ code: Int32) -> PolicyFileError {
        switch code {
        case ENOENT, ENOTDIR: .missing(path: path)
        case EACCES, EPERM: .forbidden(path: path)
        default: .unreadable(path: path, code: code)
        }
    }

    private static func contents(of descriptor: Int32, count: Int, _ path: String) throws(PolicyFileError) -> Secret {
        try Secret(count: count) { (out) throws(PolicyFileError) in
            var filled = 0
            while filled < count {
                let start = filled
                // SAFETY: the call writes at most the bytes that are left of the buffer.
                let got = unsafe out.withUnsafeMutableBytes { bytes in
                    unsafe CLibc.read(descriptor, bytes.baseAddress?.advanced(by: start), count - start)
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
}
