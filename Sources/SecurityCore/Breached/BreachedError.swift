internal import CLibc

/// Why nobody can say whether a password is known from a breach.
public enum BreachedError: Error, Equatable, Sendable {
    /// The policy names no file, and this program asks no service.
    case notConfigured
    /// There is no such file.
    case missing(path: String)
    /// Opening or reading failed.
    case unreadable(path: String, code: Int32)
    /// A filter cannot be written.
    case unwritable(path: String, code: Int32)
    /// A folder, a FIFO, a device or a socket.
    case notRegular(path: String)
    /// It belongs to somebody else than root and the caller, who could replace what it says.
    case foreignOwner(path: String, owner: UInt32)
    /// Its group or others may write to it.
    case writableByOthers(path: String)
    /// It became shorter while it was read.
    case changed(path: String)
    /// There is nothing in it.
    case empty(path: String)
    /// Hashes are missing at its beginning or its end: SHA-1 leaves no such gap.
    case incomplete(path: String)
    /// A line that is not 40 hexadecimal digits, a colon and a number; `offset` in bytes.
    case malformed(path: String, offset: Int64)
    /// A hash that is smaller than one before it.
    case unsorted(path: String, offset: Int64)
    /// A filter whose parts do not fit together.
    case damaged(path: String)
    /// A filter of another version of this program.
    case unknownVersion(path: String, version: Int)
    /// A filter that was made for another SECURITY_PASSWORD_BREACHED_COUNT.
    case otherCount(path: String, made: Int, wanted: Int)
    /// The service could not be reached, in the words of the library that tried.
    case unreachable(reason: String)
    /// The service answered with this HTTP status.
    case status(Int)
    /// The service sent more than any range holds.
    case answerTooLong
    /// The service sent something else than lines of a hash's rest and a count.
    case malformedAnswer
}

extension BreachedError: CustomStringConvertible {
    /// What is wrong, where, and what mends it.
    public var description: String {
        switch self {
        case .notConfigured:
            "SECURITY_PASSWORD_CHECK_BREACHED cannot be done here without LIBSECURITY_BREACHED_FILE; set it to a list of"
                + " breached passwords, or to a filter of `securityctl breached build`"
        case .missing(let path): "\(path): there is no such file; LIBSECURITY_BREACHED_FILE names it"
        case .unreadable(let path, let code): "\(path): cannot be read: \(BreachedError.text(of: code))"
        case .unwritable(let path, let code): "\(path): cannot be written: \(BreachedError.text(of: code))"
        case .notRegular(let path): "\(path): is not a regular file"
        case .foreignOwner(let path, let owner): "\(path): belongs to uid \(owner); `chown root \(path)`"
        case .writableByOthers(let path): "\(path): others than its owner may write to it; `chmod go-w \(path)`"
        case .changed(let path): "\(path): became shorter while it was read; replace such files by renaming"
        case .empty(let path): "\(path): is empty; download the list again"
        case .incomplete(let path): "\(path): is only a part of a list of hashes; download it again"
        case .malformed(let path, let offset):
            "\(path): is no list of \"SHA1:COUNT\" lines at byte \(offset); use the list that is ordered by hash"
        case .unsorted(let path, let offset):
            "\(path): is not ordered by hash at byte \(offset); use the list that is ordered by hash"
        case .damaged(let path): "\(path): is a damaged filter; make it again with `securityctl breached build`"
        case .unknownVersion(let path, let version):
            "\(path): is a filter of version \(version), which this program does not know; make it again with"
                + " `securityctl breached build`"
        case .otherCount(let path, let made, let wanted):
            "\(path): is a filter of passwords with a count of \(made) or more, and SECURITY_PASSWORD_BREACHED_COUNT is"
                + " \(wanted); make it again with `securityctl breached build --min-count \(wanted)`"
        case .unreachable(let reason): "the service of LIBSECURITY_BREACHED_URL cannot be asked: \(reason)"
        case .status(let status): "the service of LIBSECURITY_BREACHED_URL answered with HTTP status \(status)"
        case .answerTooLong: "the service of LIBSECURITY_BREACHED_URL sent more than a range of hashes"
        case .malformedAnswer: "the service of LIBSECURITY_BREACHED_URL sent something else than a range of hashes"
        }
    }

    private static func text(of code: Int32) -> String {
        // SAFETY: strerror's text is static or lives until the next call in this thread.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
