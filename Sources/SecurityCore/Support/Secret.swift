import CLibc

/// Bytes that must not outlive their use: a password, a code, a key.
///
/// Requirements (tests name the number):
/// 1. The bytes are wiped before their memory is given back, on every path.
/// 2. There is one copy unless a caller asks for another; the type cannot be copied, printed or compared with `==`.
/// 3. The bytes are only lent, for the length of a closure.
@safe
public struct Secret: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// The number of bytes.
    public let count: Int

    /// Copies `bytes`. The source is not wiped.
    public init(copying bytes: Span<UInt8>) {
        self.init(count: bytes.count) { out in
            for index in bytes.indices { out[index] = bytes[index] }
        }
    }

    /// Copies the UTF-8 form of `text`. For test data and values that are public anyway: a String cannot be wiped.
    public init(utf8 text: String) {
        let bytes = Array(text.utf8)
        self.init(copying: bytes.span)
    }

    /// Makes `count` zero bytes and lets `fill` write them. When `fill` throws, what it wrote is wiped.
    public init<E: Error>(
        count: Int, filledBy fill: (inout MutableSpan<UInt8>) throws(E) -> Void
    ) throws(E) {
        let capacity = max(count, 1)
        // SAFETY: owned by this value alone, freed once in deinit.
        let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
        do throws(E) {
            var span = unsafe MutableSpan(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: count)
            try fill(&span)
        } catch {
            unsafe explicit_bzero(base, capacity)
            unsafe base.deallocate()
            throw error
        }
        unsafe self.base = base
        self.capacity = capacity
        self.count = count
    }

    deinit {
        unsafe explicit_bzero(base, capacity)
        unsafe base.deallocate()
    }

    /// Lends the bytes for the length of `body`.
    public borrowing func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        // SAFETY: `base` holds `count` initialised bytes for as long as self is borrowed.
        try body(unsafe Span(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// Another copy of the bytes, wiped on its own.
    public borrowing func copy() -> Secret {
        withBytes { bytes in Secret(copying: bytes) }
    }

    /// True when there are no bytes.
    public var isEmpty: Bool { count == 0 }
}

/// A secret with several owners; wiped when the last one lets go.
public final class SharedSecret {
    private let secret: Secret

    /// Takes the bytes over.
    public init(_ secret: consuming Secret) {
        self.secret = secret
    }

    /// Copies the UTF-8 form of `text`; see ``Secret/init(utf8:)``.
    public convenience init(utf8 text: String) {
        self.init(Secret(utf8: text))
    }

    /// The number of bytes.
    public var count: Int { secret.count }

    /// True when there are no bytes.
    public var isEmpty: Bool { secret.isEmpty }

    /// Lends the bytes for the length of `body`.
    public func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try secret.withBytes(body)
    }

    /// Lends the secret itself for the length of `body`.
    public func withSecret<R, E: Error>(_ body: (borrowing Secret) throws(E) -> R) throws(E) -> R {
        try body(secret)
    }
}

// Its bytes are written once, before anybody else has it, and only read after.
extension SharedSecret: @unchecked Sendable {}
