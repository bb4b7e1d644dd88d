import CLibc

/// The kernel's random generator (getrandom(2)).
///
/// Not libcrypto's: loading its provider costs a login more than a millisecond, and its state would have to survive a
/// fork.
public enum SystemRandom {
    /// `count` bytes, or nil when the kernel gives none.
    public static func bytes(_ count: Int) -> Secret? {
        do throws(Failure) {
            return try Secret(count: count) { (out) throws(Failure) in
                let done = unsafe out.withUnsafeMutableBytes { buffer in
                    var filled = 0
                    while filled < buffer.count, let start = buffer.baseAddress {
                        let wanted = min(buffer.count - filled, 256)
                        // SAFETY: the rest of `buffer` holds `wanted` bytes. getentropy never blocks after boot.
                        guard unsafe getentropy(start + filled, wanted) == 0 else { return false }
                        filled += wanted
                    }
                    return true
                }
                guard done else { throw Failure() }
            }
        } catch {
            return nil
        }
    }

    private struct Failure: Error {}
}
