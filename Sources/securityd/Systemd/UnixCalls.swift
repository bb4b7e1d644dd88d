import CLibc
import CUnix

/// The system calls that systemd's protocols need; the one file here that uses memory by address.
enum UnixCalls {
    /// A variable of the environment; nil when it is not set.
    static func environment(_ name: String) -> String? {
        // SAFETY: getenv's answer is a NUL-terminated text, copied at once; nothing here changes the environment.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// Microseconds of the clock that systemd compares with.
    static var monotonicMicroseconds: Int64 { cunix_clock(CLOCK_MONOTONIC) }

    /// Seconds of processor time that the process has used.
    static var processorSeconds: Double { Double(cunix_clock(CLOCK_PROCESS_CPUTIME_ID)) / 1e6 }

    /// How many descriptors are open; nil when the system does not tell.
    static var openDescriptors: Int? {
        // SAFETY: the folder is closed below, and read by nobody else.
        guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Less `.`, `..` and the folder itself.
        return count - 3
    }

    /// The words of a small text of /proc, whose files tell no size; empty when it cannot be read.
    static func words(_ path: String) -> [String] {
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        // SAFETY: the call writes at most the array's size.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return [] }
        return bytes.prefix(count).split { $0 <= 0x20 }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a descriptor is a stream socket that listens.
    static func isListening(_ descriptor: Int32) -> Bool {
        option(descriptor, SO_TYPE) == Int32(SOCK_STREAM.rawValue) && option(descriptor, SO_ACCEPTCONN) == 1
    }

    private static func option(_ descriptor: Int32, _ name: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // SAFETY: the call writes at most `size` bytes into `value`.
        guard unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 else { return nil }
        return value
    }

    /// Sends one datagram to a Unix socket: a path, or a name of the abstract kind that begins with `@`. Whether it went out.
    static func send(_ message: String, to name: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(name.utf8)
        guard (2..<MemoryLayout.size(ofValue: address.sun_path)).contains(path.count) else { return false }
        // unix(7): a path ends with a NUL that counts; an abstract name begins with one, and ends where its length says.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 } else { path.append(0) }
        // SAFETY: the path, with its NUL, is no longer than the field, as looked at above.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        guard let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) else { return false }
        let length = socklen_t(offset + path.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(message.utf8)
        // SAFETY: address and message live through the call, which reads no more than their sizes.
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        return sent == bytes.count
    }
}
