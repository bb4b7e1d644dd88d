import CLibc
import CSQLite
import SecurityCore

/// The file of an account database, after its path was resolved and its place was judged.
///
/// Requirements (tests name the number):
/// 1. The path is resolved once. A symbolic link counts only if root (or the effective user) owns it and the folder that it
///    is in, and nobody else may write to that folder.
/// 2. The last component is opened without following a link, and it is a regular file.
/// 3. It may belong to any user: root wrote its path into the configuration. Uid 65534 and uids that are not mapped here stand for
///    no user in particular, and are refused, unless this process runs as such a user itself.
/// 4. Others may not write to it, nor to its folder, which the sticky bit does not mend.
/// 5. The file that was opened is the file that was judged.
@safe
final class DatabaseFile {
    /// As the configuration has it.
    private let configured: String
    /// Absolute, without symbolic links.
    let path: String
    /// The name within the folder.
    let name: String
    /// Names the folder; closed in `deinit`.
    let folder: Int32
    /// What was judged.
    let facts: FileFacts

    /// Judges an existing file.
    init(_ configured: String) throws(StoreError) {
        // An empty name would open a temporary database, and C would cut a name at a NUL.
        guard !configured.isEmpty, !configured.utf8.contains(0) else { throw .missing(path: configured) }
        let path = try PathResolution(configured).resolved()
        let bytes = Array(path.utf8)
        let slash = bytes.lastIndex(of: 0x2F) ?? 0
        let folderPath = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
        self.configured = configured
        self.path = path
        name = String(decoding: bytes[(slash + 1)...], as: UTF8.self)
        // SAFETY: the name is lent for the call.
        folder = unsafe clibc_open_folder(folderPath)
        guard folder >= 0 else { throw DatabaseFile.error(clibc_errno(), path) }
        do throws(StoreError) {
            guard let around = FileFacts(descriptor: folder) else { throw .unreadable(path: path) }
            try DatabaseFile.judge(around, folderPath)
            guard let facts = FileFacts(name, in: folder) else { throw DatabaseFile.error(clibc_errno(), path) }
            guard facts.isRegular else { throw .untrusted(.notRegular(path: path)) }
            try DatabaseFile.judge(facts, path)
            self.facts = facts
        } catch {
            close(folder)
            throw error
        }
    }

    deinit {
        close(folder)
    }

    /// Whether the path, its links included, still leads to the file that was judged.
    var isInPlace: Bool { FileFacts(following: configured)?.isSameFile(as: facts) ?? false }

    /// A file beside the database, or nil when there is none. It may belong to anybody in the database's group.
    func facts(beside suffix: String) throws(StoreError) -> FileFacts? {
        guard let beside = FileFacts(name + suffix, in: folder) else { return nil }
        guard beside.isRegular else { throw .untrusted(.notRegular(path: path + suffix)) }
        guard beside.names == 1 else { throw .untrusted(.secondName(path: path + suffix)) }
        return beside
    }

    private static func judge(_ facts: FileFacts, _ path: String) throws(StoreError) {
        guard facts.mode & 0o002 == 0 else { throw .untrusted(.writableByOthers(path: path)) }
        guard facts.isOwn || facts.owner != 65534 && facts.owner != OverflowUser.id else {
            throw .untrusted(.nobody(path: path, owner: facts.owner))
        }
    }

    static func error(_ code: Int32, _ path: String) -> StoreError {
        switch code {
        case ENOENT, ENOTDIR: .missing(path: path)
        case EMFILE, ENFILE: .failed(code: SQLITE_CANTOPEN, detail: "too many open files")
        case ENOMEM: .outOfMemory
        default: .unreadable(path: path)
        }
    }
}

/// What the file system says of a file, a link or a folder.
@safe
struct FileFacts {
    let mode: UInt32
    let owner: UInt32
    let group: UInt32
    let names: UInt64
    let size: Int64
    private let device: UInt64
    private let number: UInt64

    private init(_ facts: stat) {
        mode = facts.st_mode
        owner = facts.st_uid
        group = facts.st_gid
        names = UInt64(facts.st_nlink)
        size = Int64(facts.st_size)
        device = UInt64(facts.st_dev)
        number = UInt64(facts.st_ino)
    }

    /// Of a path, itself and not what it leads to; nil when it cannot be asked, errno says why.
    init?(link path: String) {
        var facts = stat()
        // SAFETY: the path is lent for the call, and `facts` lives through it.
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        self.init(facts)
    }

    /// Of what a path leads to.
    init?(following path: String) {
        var facts = stat()
        // SAFETY: as above.
        guard unsafe stat(path, &facts) == 0 else { return nil }
        self.init(facts)
    }

    /// Of a name in a folder, itself and not what it leads to.
    init?(_ name: String, in folder: Int32) {
        var facts = stat()
        // SAFETY: as above.
        guard unsafe fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(facts)
    }

    /// Of an open file or folder.
    init?(descriptor: Int32) {
        var facts = stat()
        // SAFETY: `facts` lives through the call.
        guard unsafe fstat(descriptor, &facts) == 0 else { return nil }
        self.init(facts)
    }

    var isRegular: Bool { mode & 0o170000 == 0o100000 }

    var isLink: Bool { mode & 0o170000 == 0o120000 }

    /// Whether root, or who runs this process, owns it.
    var isOwn: Bool { owner == 0 || owner == geteuid() }

    /// Whether its owner alone may write to it, or root's own group.
    var isWrittenByOwner: Bool { mode & 0o002 == 0 && (mode & 0o020 == 0 || group == 0) }

    func isSameFile(as other: FileFacts) -> Bool { device == other.device && number == other.number }
}

/// The uid as which the kernel shows users that this user namespace does not know.
private enum OverflowUser {
    /// Asked once in a process.
    static let id: UInt32 = {
        // SAFETY: the name is static.
        let descriptor = unsafe clibc_open("/proc/sys/kernel/overflowuid", O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return 65534 }
        defer { close(descriptor) }
        var digits = [UInt8](repeating: 0, count: 16)
        // SAFETY: the call writes at most as many bytes as there are.
        let count = unsafe digits.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        var number: UInt32 = 0
        for digit in digits.prefix(max(0, count)) where digit >= 0x30 && digit <= 0x39 {
            number = number &* 10 &+ UInt32(digit - 0x30)
        }
        return count > 0 ? number : 65534
    }()
}

/// The files beside the database, for a guarded connection.
extension DatabaseFile {
    /// Opens one for reading, or for reading and writing, and judges what was opened. Nil when it cannot be opened: errno says why.
    func open(
        beside suffix: String, mayWrite: Bool, mayCreate: Bool
    ) throws(StoreError) -> (descriptor: Int32, isNew: Bool)? {
        let side = name + suffix
        let flags = (mayWrite ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        var isNew = false
        // SAFETY: the name is lent for the calls.
        var descriptor = unsafe clibc_openat(folder, side, flags, 0)
        if descriptor < 0, clibc_errno() == ENOENT, mayCreate {
            descriptor = unsafe clibc_openat(folder, side, flags | O_CREAT | O_EXCL, 0o600)
            isNew = descriptor >= 0
            // Another process was faster.
            if descriptor < 0, clibc_errno() == EEXIST { descriptor = unsafe clibc_openat(folder, side, flags, 0) }
        }
        guard descriptor >= 0 else {
            if clibc_errno() == ELOOP || clibc_errno() == ENXIO { throw .untrusted(.notRegular(path: path + suffix)) }
            return nil
        }
        do throws(StoreError) {
            if isNew { try share(descriptor) }
            guard let facts = FileFacts(descriptor: descriptor) else { throw .unreadable(path: path) }
            guard facts.isRegular else { throw .untrusted(.notRegular(path: path + suffix)) }
            guard facts.names <= 1 else { throw .untrusted(.secondName(path: path + suffix)) }
        } catch {
            close(descriptor)
            throw error
        }
        return (descriptor, isNew)
    }

    /// A new file gets the mode and, from root, the owner of the database, as SQLite itself gives them.
    private func share(_ descriptor: Int32) throws(StoreError) {
        if geteuid() == 0 { _ = fchown(descriptor, facts.owner, facts.group) }
        guard fchmod(descriptor, mode_t(facts.mode & 0o777)) == 0 else { throw .readOnly(path: path) }
    }

    /// Removes one; false with errno.
    func remove(beside suffix: String) -> Bool {
        // SAFETY: the name is lent for the call.
        unsafe unlinkat(folder, name + suffix, 0) == 0
    }

    /// Whether one may be opened for reading and writing.
    func isWritable(beside suffix: String) -> Bool {
        // SAFETY: as above.
        unsafe faccessat(folder, name + suffix, R_OK | W_OK, 0) == 0
    }

    /// Brings the names in the folder to the disk. Not every file system can: SQLite goes on as well.
    func syncFolder() {
        // SAFETY: the name is static.
        let descriptor = unsafe clibc_openat(folder, ".", O_RDONLY | O_DIRECTORY, 0)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
