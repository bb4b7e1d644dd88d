import CLibc
import CUnix

/// Users and groups of this machine.
enum SystemUser {
    /// The uid of a name; nil when the system does not know it.
    static func uid(of name: String) -> UInt32? {
        // SAFETY: the record is static and read before the next call; this program has one thread.
        guard let record = unsafe name.withCString({ unsafe getpwnam($0) }) else { return nil }
        return unsafe record.pointee.pw_uid
    }

    /// The gid of a group's name; nil when the system does not know it.
    static func gid(of group: String) -> UInt32? {
        // SAFETY: as above.
        guard let record = unsafe group.withCString({ unsafe getgrnam($0) }) else { return nil }
        return unsafe record.pointee.gr_gid
    }

    /// The name of this machine.
    static var hostName: String? {
        var name = [CChar](repeating: 0, count: 256)
        // SAFETY: one byte less than there are is offered, so the text ends with a NUL.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(validating: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
