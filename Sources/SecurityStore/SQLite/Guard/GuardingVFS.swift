import CLibc
import CSQLite
import SecurityCore

/// A thin layer between one connection and SQLite's default file functions, for processes that must not trust who else may write to
/// the database.
///
/// Requirements (tests name the number):
/// 1. It opens, looks at and removes the database, its `-journal`, `-wal` and `-shm`, and nothing else: no super-journal, whose
///    name a journal may hold, and no temporary file.
/// 2. What is not a regular file of one name is refused, and never waited for.
/// 3. Past the deadline every call fails but those that give locks back.
/// 4. No index entry longer than SQLite's own limit for a value is let through (``PageCheck``).
/// 5. The host's own use of SQLite is not touched: the layer has a name of its own, is never the default, and is gone with the
///    connection.
///
/// A race remains: SQLite opens database and `-shm` by name, after they were judged. Who may write to the folder can exchange them in
/// between, for another file of his own: links are not followed, and a FIFO that is opened for reading and writing waits
/// for nobody.
@safe
final class GuardingVFS {
    /// SQLite's functions on an open database, some of them replaced, and the layer that they belong to: a file's pointer to its
    /// functions leads here.
    @unsafe
    private struct DatabaseMethods {
        var methods: sqlite3_io_methods
        var guardian: Unmanaged<GuardingVFS>
    }

    /// The longest value, row or index entry, in bytes.
    static let longestValue = 1 << 20

    let file: DatabaseFile
    var deadline: Deadline
    /// The first thing that was refused.
    private(set) var refusal: StoreError?
    private let below: UnsafeMutablePointer<sqlite3_vfs>
    private let vfs: UnsafeMutablePointer<sqlite3_vfs>
    private let database: UnsafeMutablePointer<DatabaseMethods>
    private let side: UnsafeMutablePointer<sqlite3_io_methods>
    private let registeredName: UnsafeMutablePointer<CChar>
    private var knownMemory: Int64 = 0
    /// The connection, for as long as it runs statements.
    var connection: OpaquePointer?
    /// SQLite's own functions on the open database.
    private(set) var original: UnsafePointer<sqlite3_io_methods>?

    init(_ file: DatabaseFile, milliseconds: Int32) throws(StoreError) {
        // SAFETY: SQLite's own layers are static. It initialises itself here, if nobody has done so.
        guard let below = unsafe sqlite3_vfs_find("unix") else {
            throw .failed(code: SQLITE_ERROR, detail: "SQLite has no layer for files")
        }
        self.file = file
        deadline = Deadline(milliseconds: milliseconds)
        unsafe self.below = below
        // SAFETY: all of this memory is freed in `deinit`, which comes after the connection's.
        unsafe vfs = .allocate(capacity: 1)
        unsafe database = .allocate(capacity: 1)
        unsafe side = .allocate(capacity: 1)
        unsafe side.initialize(to: SideFile.methods)
        // Unique as long as it lives, also among several copies of this code in one process.
        let name = unsafe "lsec-guard-" + String(UInt(bitPattern: vfs), radix: 16)
        unsafe registeredName = .allocate(capacity: name.utf8.count + 1)
        unsafe vfs.initialize(to: below.pointee)
        var end = 0
        for byte in name.utf8 {
            unsafe registeredName[end] = CChar(bitPattern: byte)
            end += 1
        }
        unsafe registeredName[end] = 0
        unsafe database.initialize(
            to: DatabaseMethods(methods: sqlite3_io_methods(), guardian: Unmanaged.passUnretained(self)))
        unsafe install()
        unsafe sqlite3_vfs_register(vfs, 0)
    }

    deinit {
        unsafe sqlite3_vfs_unregister(vfs)
        unsafe vfs.deallocate()
        unsafe database.deallocate()
        unsafe side.deallocate()
        unsafe registeredName.deallocate()
    }

    /// The name for sqlite3_open_v2().
    var name: UnsafePointer<CChar> { unsafe UnsafePointer(registeredName) }

    /// Whether the time is up.
    var isOverdue: Bool { deadline.left < 0 }

    /// Whether a statement that runs may go on.
    @unsafe
    var mayGoOn: Bool {
        guard !isOverdue else { return false }
        guard let connection = unsafe connection, unsafe GuardLimits.isTooLarge(connection, known: &knownMemory) else {
            return true
        }
        refuse(.damaged(detail: "its schema takes too much memory"))
        return false
    }

    /// Waits before a lock is asked for again, longer each time; false when the time is up.
    func waitForLock(_ count: Int32) -> Bool {
        let left = min(deadline.left, deadline.patience) / 1000
        guard left > 0 else { return false }
        let pause = Int64(1000) << Int64(min(count, 6))
        _ = unsafe below.pointee.xSleep(below, Int32(clamping: min(pause, left)))
        return true
    }

    /// Notes why something fails.
    func refuse(_ error: StoreError) {
        if refusal == nil { refusal = error }
    }

    /// Whether what SQLite has read may reach it.
    func accepts(_ block: UnsafeRawBufferPointer) -> Bool {
        guard unsafe PageCheck.holdsEntry(longerThan: GuardingVFS.longestValue, in: block) else { return true }
        refuse(.damaged(detail: "an index entry is longer than \(GuardingVFS.longestValue) bytes"))
        return false
    }
}

/// The calls that SQLite makes to the layer.
extension GuardingVFS {
    @unsafe
    private func install() {
        unsafe vfs.pointee.iVersion = 2
        unsafe vfs.pointee.pNext = nil
        unsafe vfs.pointee.zName = UnsafePointer(registeredName)
        unsafe vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        unsafe vfs.pointee.szOsFile = max(below.pointee.szOsFile, Int32(MemoryLayout<SideFile>.size))
        unsafe vfs.pointee.xOpen = { vfs, name, file, flags, opened in
            unsafe GuardingVFS.of(vfs).open(name, file, flags, opened)
        }
        unsafe vfs.pointee.xDelete = { vfs, name, syncs in unsafe GuardingVFS.of(vfs).delete(name, syncs != 0) }
        unsafe vfs.pointee.xAccess = { vfs, name, question, answer in
            unsafe GuardingVFS.of(vfs).access(name, question, answer)
        }
        unsafe vfs.pointee.xFullPathname = { _, name, count, out in
            // It is absolute, without links and without "..".
            guard let name = unsafe name, let out = unsafe out, unsafe strlen(name) < Int(count) else {
                return SQLITE_CANTOPEN
            }
            unsafe strcpy(out, name)
            return SQLITE_OK
        }
        unsafe vfs.pointee.xSleep = { vfs, microseconds in
            let guardian = unsafe GuardingVFS.of(vfs)
            let left = max(0, guardian.deadline.left / 1000)
            return unsafe guardian.below.pointee.xSleep(guardian.below, Int32(clamping: min(Int64(microseconds), left)))
        }
    }

    static func of(_ file: UnsafeMutablePointer<sqlite3_file>?) -> GuardingVFS {
        // SAFETY: only `openDatabase` gives a file these functions, which are the first field of DatabaseMethods.
        let methods = unsafe UnsafeRawPointer(file.unsafelyUnwrapped.pointee.pMethods.unsafelyUnwrapped)
        return unsafe methods.assumingMemoryBound(to: DatabaseMethods.self).pointee.guardian.takeUnretainedValue()
    }

    private static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> GuardingVFS {
        // SAFETY: only `install` makes layers with these functions, and each outlives its connection.
        unsafe Unmanaged<GuardingVFS>.fromOpaque(vfs.unsafelyUnwrapped.pointee.pAppData).takeUnretainedValue()
    }

    /// The suffix of a file beside the database; nil for any other name.
    private func suffix(of name: UnsafePointer<CChar>?) -> String? {
        guard let name = unsafe name else { return nil }
        for suffix in ["-journal", "-wal"] {
            let isThis = unsafe (file.path + suffix).withCString { unsafe strcmp($0, name) } == 0
            if isThis { return suffix }
        }
        return nil
    }

    private func open(
        _ name: UnsafePointer<CChar>?, _ memory: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ opened: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let memory = unsafe memory else { return SQLITE_CANTOPEN }
        unsafe memory.pointee.pMethods = nil
        if flags & SQLITE_OPEN_MAIN_DB != 0 { return unsafe openDatabase(name, memory, flags, opened) }
        guard flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL) != 0, let suffix = unsafe suffix(of: name) else {
            return refuseForeign(SQLITE_CANTOPEN)
        }
        do throws(StoreError) {
            let mayWrite = flags & SQLITE_OPEN_READWRITE != 0
            let side = try file.open(
                beside: suffix, mayWrite: mayWrite, mayCreate: flags & SQLITE_OPEN_CREATE != 0)
            guard let side else { return SQLITE_CANTOPEN }
            unsafe SideFile.place(side.descriptor, isNew: side.isNew, at: memory, of: self, UnsafePointer(self.side))
            unsafe opened?.pointee = flags
            return SQLITE_OK
        } catch {
            refuse(error)
            return SQLITE_CANTOPEN
        }
    }

    private func openDatabase(
        _ name: UnsafePointer<CChar>?, _ memory: UnsafeMutablePointer<sqlite3_file>, _ flags: Int32,
        _ opened: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard unsafe original == nil else { return refuseForeign(SQLITE_CANTOPEN) }
        let code = unsafe below.pointee.xOpen(below, name, memory, flags, opened)
        guard code == SQLITE_OK, let methods = unsafe memory.pointee.pMethods else { return code }
        unsafe original = methods
        unsafe database.pointee.methods = guarded(methods.pointee)
        // SAFETY: the methods are the first field of what `database` points to.
        unsafe memory.pointee.pMethods = UnsafeRawPointer(database).assumingMemoryBound(to: sqlite3_io_methods.self)
        return SQLITE_OK
    }

    private func delete(_ name: UnsafePointer<CChar>?, _ syncs: Bool) -> Int32 {
        guard let suffix = unsafe suffix(of: name) else { return refuseForeign(SQLITE_IOERR | 10 << 8) }
        guard file.remove(beside: suffix) else {
            // SQLITE_IOERR_DELETE_NOENT, SQLITE_IOERR_DELETE.
            return SQLITE_IOERR | (clibc_errno() == ENOENT ? 23 << 8 : 10 << 8)
        }
        if syncs { file.syncFolder() }
        return SQLITE_OK
    }

    private func access(
        _ name: UnsafePointer<CChar>?, _ question: Int32, _ answer: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        // SQLITE_IOERR_ACCESS: whether another file exists is not told, so that a journal that names one is left as it is.
        guard let suffix = unsafe suffix(of: name) else { return refuseForeign(SQLITE_IOERR | 13 << 8) }
        do throws(StoreError) {
            let facts = try file.facts(beside: suffix)
            var isThere = (facts?.size ?? 0) > 0
            if question != SQLITE_ACCESS_EXISTS { isThere = file.isWritable(beside: suffix) }
            unsafe answer?.pointee = isThere ? 1 : 0
            return SQLITE_OK
        } catch {
            refuse(error)
            return SQLITE_IOERR | 13 << 8
        }
    }

    private func refuseForeign(_ code: Int32) -> Int32 {
        refuse(.untrusted(.foreignFile(path: file.path)))
        return code
    }
}
