import CLibSecurity
import CLibc
import SecurityCore

/// Reads what a C program passes. Nothing that is read is kept; lengths are checked before memory is looked at.
enum Arguments {
    /// Text of at most `limit` bytes.
    static func text(_ pointer: UnsafePointer<CChar>?, _ name: String, limit: Int) throws(Failure) -> String {
        guard let pointer = unsafe pointer else { throw .argument("\(name) is NULL") }
        // SAFETY: the header demands a text ended by NUL; no more than `limit` + 1 bytes are looked at.
        guard unsafe strnlen(pointer, limit + 1) <= limit else {
            throw .argument("\(name) has more than \(limit) bytes")
        }
        guard let text = unsafe String(validatingCString: pointer) else { throw .argument("\(name) is not UTF-8") }
        return text
    }

    /// Text that may be NULL.
    static func optionalText(_ pointer: UnsafePointer<CChar>?, _ name: String, limit: Int) throws(Failure) -> String? {
        guard unsafe pointer != nil else { return nil }
        return unsafe try text(pointer, name, limit: limit)
    }

    /// A copy of a password or code, wiped at its end. One that is longer than LSEC_ANSWER_MAX is not read: as many bytes
    /// that no answer can have, one too many, stand for it and are refused like it.
    static func answer(_ pointer: UnsafePointer<CChar>?, _ length: Int, _ name: String) throws(Failure) -> Secret {
        guard let pointer = unsafe pointer else { throw .argument("\(name) is NULL") }
        let longest = PasswordHasher.longestPassword
        guard length >= 0, length <= longest else { return Secret(count: longest + 1) { _ in } }
        // SAFETY: the header demands `length` readable bytes; they are copied before this returns.
        return unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
            Secret(copying: unsafe Span(_unsafeStart: bytes, count: length))
        }
    }

    /// A secret that may be NULL with a length of 0.
    static func optionalAnswer(
        _ pointer: UnsafePointer<CChar>?, _ length: Int, _ name: String
    ) throws(Failure) -> SharedSecret? {
        guard unsafe pointer != nil else {
            guard length == 0 else { throw .argument("\(name) is NULL and has a length") }
            return nil
        }
        return unsafe SharedSecret(try answer(pointer, length, name))
    }

    /// Refuses a struct of a size that this library does not know.
    static func check(size: Int, expected: Int, _ name: String) throws(Failure) {
        guard size == expected else {
            throw .argument("\(name) has size \(size), not \(expected): use its initialiser macro")
        }
    }
}
