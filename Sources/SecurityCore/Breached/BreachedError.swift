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
    /// What is wrong, where, and what mends it, in English.
    public var description: String { MessageCatalogue().text(message) }

    /// The same for people of any language.
    public var message: Message {
        switch self {
        case .notConfigured: Message(.breachedNotConfigured)
        case .missing(let path): Message(.breachedFileMissing, .path(path))
        case .unreadable(let path, let code): Message(.breachedFileUnreadable, .path(path), .reason(of: code))
        case .unwritable(let path, let code): Message(.breachedFileUnwritable, .path(path), .reason(of: code))
        case .notRegular(let path): Message(.breachedFileNotRegular, .path(path))
        case .foreignOwner(let path, let owner):
            Message(.breachedFileForeignOwner, .path(path), .init("owner", "\(owner)"))
        case .writableByOthers(let path): Message(.breachedFileWritableByOthers, .path(path))
        case .changed(let path): Message(.breachedFileChanged, .path(path))
        case .empty(let path): Message(.breachedFileEmpty, .path(path))
        case .incomplete(let path): Message(.breachedFileIncomplete, .path(path))
        case .malformed(let path, let offset):
            Message(.breachedFileMalformed, .path(path), .init("offset", "\(offset)"))
        case .unsorted(let path, let offset): Message(.breachedFileUnsorted, .path(path), .init("offset", "\(offset)"))
        case .damaged(let path): Message(.breachedFilterDamaged, .path(path))
        case .unknownVersion(let path, let version):
            Message(.breachedFilterVersion, .path(path), .init("version", "\(version)"))
        case .otherCount(let path, let made, let wanted):
            Message(
                .breachedFilterCount, .path(path), .init("made", "\(made)"), .init("wanted", "\(wanted)"))
        case .unreachable(let reason): Message(.breachedServiceUnreachable, .init("reason", reason))
        case .status(let status): Message(.breachedServiceStatus, .init("status", "\(status)"))
        case .answerTooLong: Message(.breachedServiceTooLong)
        case .malformedAnswer: Message(.breachedServiceMalformed)
        }
    }
}

extension Message.Argument {
    fileprivate static func path(_ path: String) -> Message.Argument { Message.Argument("path", path) }

    /// What libc says of an `errno`, in English.
    fileprivate static func reason(of code: Int32) -> Message.Argument {
        // SAFETY: strerror's text is static or lives until the next call in this thread.
        guard let text = unsafe strerror(code) else { return Message.Argument("reason", "error \(code)") }
        return unsafe Message.Argument("reason", String(cString: text))
    }
}
