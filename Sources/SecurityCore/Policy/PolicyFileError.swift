internal import CLibc

/// Why a configuration file is not read.
public enum PolicyFileError: Error, Equatable, CustomStringConvertible {
    /// There is no such file.
    case missing(path: String)
    /// The caller may not open it.
    case forbidden(path: String)
    /// Opening or reading failed for another reason.
    case unreadable(path: String, code: Int32)
    /// A folder, a FIFO, a device or a socket.
    case notRegular(path: String)
    /// It belongs to somebody else than root and the caller.
    case foreignOwner(path: String, owner: UInt32, reader: UInt32)
    /// Its group or others may write to it.
    case writableByOthers(path: String, mode: UInt32)
    /// Others may read or execute it.
    case accessibleToOthers(path: String, mode: UInt32)
    /// Its group may read it although it does not belong to root.
    case readableByGroup(path: String, owner: UInt32)
    /// More than 1 MiB.
    case tooLong(path: String)
    /// It became shorter while it was read.
    case changed(path: String)

    /// The file, what is wrong with it, and the command that mends it.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): there is no such file; `securityctl init` writes one"
        case .forbidden(let path): "\(path): permission denied; run as root or as a member of the file's group"
        case .unreadable(let path, let code): "\(path): cannot be read: \(PolicyFileError.text(of: code))"
        case .notRegular(let path): "\(path): is not a regular file"
        case .foreignOwner(let path, let owner, let reader):
            "\(path): belongs to uid \(owner), and this program runs as uid \(reader); `chown root \(path)`"
        case .writableByOthers(let path, let mode):
            "\(path): mode \(PolicyFileError.octal(mode)) lets others than its owner write to it; `chmod go-w \(path)`"
        case .accessibleToOthers(let path, let mode):
            "\(path): mode \(PolicyFileError.octal(mode)) opens its secrets to everybody; `chmod o= \(path)`"
        case .readableByGroup(let path, let owner):
            "\(path): its group may read it although it belongs to uid \(owner); `chown root \(path)`, or `chmod g="
                + " \(path)`"
        case .tooLong(let path): "\(path): is longer than 1 MiB"
        case .changed(let path): "\(path): changed while it was read; try again"
        }
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func text(of code: Int32) -> String {
        // SAFETY: strerror's text is static or lives until the next call in this thread.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
