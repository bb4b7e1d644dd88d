#if !hasFeature(Embedded)
import CLibc

/// Where the running program was installed. Programs find their data so wherever their tree was put; libraries cannot.
enum ProgramFolder {
    /// `share` beside the program's `bin` or `sbin`; nil when our data are not there.
    static let share: String? = {
        guard let program = path else { return nil }
        let parts = ByteText(program).words(between: 0x2F).dropLast(2)
        let folder = "/" + parts.map { $0.string }.joined(separator: "/") + (parts.isEmpty ? "" : "/") + "share"
        // SAFETY: the path is lent for the call.
        return unsafe access(folder + "/libsecurity", R_OK) == 0 ? folder : nil
    }()

    private static var path: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        // SAFETY: readlink writes at most the buffer's bytes.
        let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe readlink("/proc/self/exe", $0, buffer.count) } ?? -1
        }
        guard count > 0, count < buffer.count else { return nil }
        return String(validating: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
#endif
