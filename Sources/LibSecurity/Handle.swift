import CLibc

/// The memory that an opaque pointer of the header points to: a mark of its kind, and the object that it keeps.
///
/// Requirements:
/// 1. A handle of another kind, or one that was freed and whose memory nobody has used since, MUST be told from a good
///    one: the mark is checked at each use and wiped when the handle is freed.
/// 2. A handle holds one reference to its object, which `release` gives back.
@safe
struct Handle<Object: AnyObject> {
    private let base: UnsafeMutableRawPointer

    private static var size: Int { 16 }

    /// A new handle that keeps `object`; nil when memory ran out.
    static func make(_ object: Object, mark: UInt64) -> OpaquePointer? {
        // SAFETY: 16 bytes for a mark and a reference, owned by the handle and freed in `release`.
        guard let base = unsafe malloc(size) else { return nil }
        unsafe base.storeBytes(of: mark, as: UInt64.self)
        let reference = unsafe Unmanaged.passRetained(object).toOpaque()
        unsafe base.storeBytes(of: reference, toByteOffset: 8, as: UnsafeMutableRawPointer.self)
        return OpaquePointer(base)
    }

    /// The handle behind a pointer of a C program; nil for NULL and for a handle of another kind.
    init?(_ pointer: OpaquePointer?, mark: UInt64) {
        guard let base = unsafe UnsafeMutableRawPointer(pointer) else { return nil }
        // SAFETY: the header demands a pointer that this library made; unaligned reads bear with one that it did not.
        guard unsafe base.loadUnaligned(as: UInt64.self) == mark else { return nil }
        unsafe self.base = base
    }

    /// The object, kept alive by the caller's reference.
    var object: Object {
        // SAFETY: the mark says that `make` stored a reference here, which `release` has not given back yet.
        let reference = unsafe base.load(fromByteOffset: 8, as: UnsafeMutableRawPointer.self)
        return unsafe Unmanaged<Object>.fromOpaque(reference).takeUnretainedValue()
    }

    /// Gives the reference back and frees the handle.
    func release() {
        // SAFETY: as in `object`; the mark is wiped, so that a second call finds no handle.
        let reference = unsafe base.load(fromByteOffset: 8, as: UnsafeMutableRawPointer.self)
        unsafe explicit_bzero(base, Handle.size)
        unsafe free(base)
        unsafe Unmanaged<Object>.fromOpaque(reference).release()
    }
}
