import CLibc
import SecurityCore

/// Texts for C programs: memory of malloc, ended by NUL, wiped and freed by lsec_string_free().
enum Outputs {
    /// A copy of a secret.
    static func text(_ secret: borrowing Secret) throws(Failure) -> UnsafeMutablePointer<CChar> {
        let copy = unsafe secret.withBytes { bytes in unsafe allocate(bytes) }
        guard let copy = unsafe copy else { throw .memory }
        return unsafe copy
    }

    /// A copy of a text that is not secret.
    static func text(_ text: String) throws(Failure) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(text.utf8)
        guard let copy = unsafe allocate(bytes.span) else { throw .memory }
        return unsafe copy
    }

    /// One text a line, without an end after the last.
    static func lines(_ texts: [String]) -> String {
        texts.joined(separator: "\n")
    }

    private static func allocate(_ bytes: Span<UInt8>) -> UnsafeMutablePointer<CChar>? {
        // SAFETY: room for the bytes and the NUL; the caller of the exported function owns it.
        guard let copy = unsafe malloc(bytes.count + 1)?.assumingMemoryBound(to: CChar.self) else { return nil }
        for index in bytes.indices { unsafe copy[index] = CChar(bitPattern: bytes[index]) }
        unsafe copy[bytes.count] = 0
        return unsafe copy
    }
}
