import CLibc

/// Bytes that must not outlive their use: a password, a code, a key.
///
/// Requirements (tests name the number):
/// 1. The bytes are wiped before their memory is given back, on every path.
/// 2. There is one copy unless a caller asks for another; the type cannot be copied, printed or compared with `==`.
/// 3. The bytes are only lent, for the length of a closure.
@safe
public struct Secret: ~Copyable {
    @usableFromInline let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// The number of bytes.
    public let count: Int

    /// Copies `bytes`. The source is not wiped.
    public init(copying bytes: Span<UInt8>) {
        self.init(count: bytes.count) { out in
            // SAFETY: both hold that many bytes and live through the call; the new ones are nobody else's.
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe out.withUnsafeMutableBytes { out in unsafe out.copyMemory(from: bytes) }
            }
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
        try self.init(atMost: count) { (out) throws(E) in
            try fill(&out)
            return count
        }
    }

    /// Makes `most` zero bytes and lets `fill` write some of them, whose number it returns; the others are no part of the
    /// secret. When `fill` throws, what it wrote is wiped.
    public init<E: Error>(
        atMost most: Int, filledBy fill: (inout MutableSpan<UInt8>) throws(E) -> Int
    ) throws(E) {
        let capacity = max(most, 1)
        // SAFETY: owned by this value alone, freed once in deinit.
        let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
        do throws(E) {
            var span = unsafe MutableSpan(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: most)
            count = min(max(try fill(&span), 0), most)
        } catch {
            unsafe explicit_bzero(base, capacity)
            unsafe base.deallocate()
            throw error
        }
        unsafe self.base = base
        self.capacity = capacity
    }

    deinit {
        unsafe explicit_bzero(base, capacity)
        unsafe base.deallocate()
    }

    /// Lends the bytes for the length of `body`.
    @inlinable
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
    @usableFromInline let secret: Secret

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
    @inlinable
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
