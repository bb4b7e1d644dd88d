import CLibc
import SecurityCore

/// Where libpam's own parameters come in.
public enum EntryPoint {
    /// Runs one call, with the parameters of every `pam_sm_` function. What the call does to `errno` is undone.
    public static func run(
        _ call: ServiceModule.Call, _ handle: OpaquePointer?, _ flags: Int32, _ count: Int32,
        _ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) -> Int32 {
        let errno = clibc_errno()
        defer { clibc_set_errno(errno) }
        guard let handle = unsafe handle else { return Outcome.systemFailure.code(in: call.group).rawValue }
        let code = unsafe ServiceModule.run(
            call, LinuxPAM(handle), flags: Flags(rawValue: flags), words: texts(words, count: count),
            environment: .system)
        return code.rawValue
    }

    /// The words of a line; nil for one that is not UTF-8.
    private static func texts(_ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?, count: Int32) -> [String?] {
        guard count > 0, let words = unsafe words else { return [] }
        // SAFETY: libpam passes `count` C strings, which live through the call.
        return (0..<Int(count)).map { index in
            guard let word = unsafe words[index] else { return nil }
            return unsafe String(validatingCString: word)
        }
    }
}
