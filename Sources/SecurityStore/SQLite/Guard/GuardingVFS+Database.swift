import CSQLite
import SecurityCore

/// SQLite's functions on the database file, with a look at the clock and at what was read.
extension GuardingVFS {
    /// A region of `-shm` serves 4,096 pages of the log; no honest log has more than these do.
    private static let mostRegions: Int32 = 1024

    /// Those functions, some replaced.
    func guarded(_ methods: sqlite3_io_methods) -> sqlite3_io_methods {
        var methods = methods
        // Without those of version 3 the file is never mapped.
        methods.iVersion = min(methods.iVersion, 2)
        unsafe methods.xRead = { file, bytes, count, offset in
            let guardian = unsafe GuardingVFS.of(file)
            guard let original = unsafe guardian.original, !guardian.isOverdue else { return SQLITE_IOERR | 1 << 8 }
            let code = unsafe original.pointee.xRead(file, bytes, count, offset)
            guard code == SQLITE_OK else { return code }
            let block = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
            return unsafe guardian.accepts(block) ? SQLITE_OK : SQLITE_CORRUPT
        }
        unsafe methods.xWrite = { file, bytes, count, offset in
            let guardian = unsafe GuardingVFS.of(file)
            guard let original = unsafe guardian.original, !guardian.isOverdue else { return SQLITE_IOERR | 3 << 8 }
            return unsafe original.pointee.xWrite(file, bytes, count, offset)
        }
        unsafe methods.xSync = { file, flags in
            let guardian = unsafe GuardingVFS.of(file)
            guard let original = unsafe guardian.original, !guardian.isOverdue else { return SQLITE_IOERR | 4 << 8 }
            return unsafe original.pointee.xSync(file, flags)
        }
        unsafe methods.xLock = { file, level in
            let guardian = unsafe GuardingVFS.of(file)
            guard let original = unsafe guardian.original, !guardian.isOverdue else { return SQLITE_BUSY }
            return unsafe original.pointee.xLock(file, level)
        }
        unsafe methods.xShmMap = { file, region, size, mayExtend, memory in
            let guardian = unsafe GuardingVFS.of(file)
            unsafe memory?.pointee = nil
            guard let original = unsafe guardian.original, guardian.mayMap(region) else {
                return SQLITE_IOERR | 21 << 8
            }
            return unsafe original.pointee.xShmMap(file, region, size, mayExtend, memory)
        }
        unsafe methods.xShmLock = { file, offset, count, flags in
            let guardian = unsafe GuardingVFS.of(file)
            let isRelease = flags & SQLITE_SHM_UNLOCK != 0
            guard let original = unsafe guardian.original, isRelease || !guardian.isOverdue else { return SQLITE_BUSY }
            return unsafe original.pointee.xShmLock(file, offset, count, flags)
        }
        return methods
    }

    /// Whether a part of `-shm` may be mapped; SQLite opens that file with the first.
    private func mayMap(_ region: Int32) -> Bool {
        guard !isOverdue, region < GuardingVFS.mostRegions else { return false }
        guard region == 0 else { return true }
        do throws(StoreError) {
            _ = try file.facts(beside: "-shm")
            return true
        } catch {
            refuse(error)
            return false
        }
    }
}
