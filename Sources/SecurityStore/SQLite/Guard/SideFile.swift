import CLibc
import CSQLite

/// A journal or write-ahead log of a guarded connection. It is opened, read and written here, and not by SQLite's own functions: those
/// would open a FIFO and wait for ever, and give a hard link to the database's owner. Nobody locks these files.
///
/// SQLite lends the memory, and calls through the table of functions that its first field points to.
@safe
struct SideFile {
    private var base: sqlite3_file
    private var guardian: Unmanaged<GuardingVFS>
    private var descriptor: Int32
    /// Made by this process: its name is on the disk when the folder is.
    private var isNew: Bool

    /// Puts an open file into SQLite's memory.
    static func place(
        _ descriptor: Int32, isNew: Bool, at memory: UnsafeMutablePointer<sqlite3_file>, of guardian: GuardingVFS,
        _ methods: UnsafePointer<sqlite3_io_methods>
    ) {
        // SAFETY: SQLite lends szOsFile bytes, which are no fewer than these, until xClose.
        unsafe UnsafeMutableRawPointer(memory).initializeMemory(
            as: SideFile.self,
            to: SideFile(
                base: sqlite3_file(pMethods: methods), guardian: Unmanaged.passUnretained(guardian),
                descriptor: descriptor, isNew: isNew))
    }

    /// SQLite's calls. The files are no larger than 2^63 bytes, and every call is made by one thread at a time.
    static var methods: sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 1
        unsafe methods.xClose = { file in
            unsafe close(SideFile.at(file).pointee.descriptor)
            unsafe file?.pointee.pMethods = nil
            return SQLITE_OK
        }
        unsafe methods.xRead = { file, bytes, count, offset in
            unsafe SideFile.at(file).pointee.read(bytes, Int(count), offset)
        }
        unsafe methods.xWrite = { file, bytes, count, offset in
            unsafe SideFile.at(file).pointee.write(bytes, Int(count), offset)
        }
        unsafe methods.xTruncate = { file, size in
            let file = unsafe SideFile.at(file)
            guard unsafe !file.pointee.guardian.takeUnretainedValue().isOverdue else { return SQLITE_IOERR }
            return unsafe ftruncate(file.pointee.descriptor, Int(size)) == 0 ? SQLITE_OK : SideFile.truncateError
        }
        unsafe methods.xSync = { file, _ in unsafe SideFile.at(file).pointee.sync() }
        unsafe methods.xFileSize = { file, size in
            guard let facts = FileFacts(descriptor: unsafe SideFile.at(file).pointee.descriptor) else {
                return SideFile.statError
            }
            unsafe size?.pointee = facts.size
            return SQLITE_OK
        }
        unsafe methods.xLock = { _, _ in SQLITE_OK }
        unsafe methods.xUnlock = { _, _ in SQLITE_OK }
        unsafe methods.xCheckReservedLock = { _, isLocked in
            unsafe isLocked?.pointee = 0
            return SQLITE_OK
        }
        unsafe methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        unsafe methods.xSectorSize = { _ in 4096 }
        unsafe methods.xDeviceCharacteristics = { _ in 0 }
        return methods
    }

    // Extended result codes, which Swift does not import: SQLITE_IOERR_READ and so on.
    private static let readError: Int32 = SQLITE_IOERR | 1 << 8
    private static let shortRead: Int32 = SQLITE_IOERR | 2 << 8
    private static let writeError: Int32 = SQLITE_IOERR | 3 << 8
    private static let syncError: Int32 = SQLITE_IOERR | 4 << 8
    private static let truncateError: Int32 = SQLITE_IOERR | 6 << 8
    private static let statError: Int32 = SQLITE_IOERR | 7 << 8

    private static func at(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<SideFile> {
        // SAFETY: only `place` makes the files whose methods these are; SQLite never calls one without its file.
        unsafe UnsafeMutableRawPointer(file).unsafelyUnwrapped.assumingMemoryBound(to: SideFile.self)
    }

    private func read(_ bytes: UnsafeMutableRawPointer?, _ count: Int, _ offset: Int64) -> Int32 {
        let guardian = unsafe guardian.takeUnretainedValue()
        guard let bytes = unsafe bytes, !guardian.isOverdue else { return SideFile.readError }
        var filled = 0
        while filled < count {
            let got = unsafe pread(descriptor, bytes + filled, count - filled, Int(offset) + filled)
            if got < 0, clibc_errno() == EINTR { continue }
            guard got >= 0 else { return SideFile.readError }
            if got == 0 { break }
            filled += got
        }
        guard filled == count else {
            // SQLite's rule: the rest is zero.
            unsafe (bytes + filled).initializeMemory(as: UInt8.self, repeating: 0, count: count - filled)
            return SideFile.shortRead
        }
        return unsafe guardian.accepts(UnsafeRawBufferPointer(start: bytes, count: count)) ? SQLITE_OK : SQLITE_CORRUPT
    }

    private func write(_ bytes: UnsafeRawPointer?, _ count: Int, _ offset: Int64) -> Int32 {
        guard let bytes = unsafe bytes, unsafe !guardian.takeUnretainedValue().isOverdue else {
            return SideFile.writeError
        }
        var done = 0
        while done < count {
            let put = unsafe pwrite(descriptor, bytes + done, count - done, Int(offset) + done)
            if put < 0, clibc_errno() == EINTR { continue }
            guard put > 0 else {
                return clibc_errno() == ENOSPC || clibc_errno() == EDQUOT ? SQLITE_FULL : SideFile.writeError
            }
            done += put
        }
        return SQLITE_OK
    }

    private mutating func sync() -> Int32 {
        guard fdatasync(descriptor) == 0 else { return SideFile.syncError }
        if isNew {
            unsafe guardian.takeUnretainedValue().file.syncFolder()
            isNew = false
        }
        return SQLITE_OK
    }
}
