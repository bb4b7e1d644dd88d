import CLibc

/// A secret that is put together piece by piece. Memory that it outgrows is wiped, and so is what is left of it when it
/// is given up before ``finish()``.
@safe
public struct SecretBuilder: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes so far.
    public private(set) var count = 0

    /// An empty one with room for `capacity` bytes before it has to grow.
    public init(capacity: Int = 64) {
        self.capacity = max(capacity, 1)
        // SAFETY: owned by this value alone; replaced only by grow(), freed once in deinit.
        unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit {
        unsafe explicit_bzero(base, capacity)
        unsafe base.deallocate()
    }

    /// Adds one byte.
    public mutating func append(_ byte: UInt8) {
        if count == capacity { grow() }
        // SAFETY: count < capacity.
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Adds bytes.
    public mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }

    /// Adds the bytes of another secret.
    public mutating func append(_ secret: borrowing Secret) {
        secret.withBytes { append($0) }
    }

    /// Adds the UTF-8 form of a text that is public.
    public mutating func append(_ text: String) {
        for byte in text.utf8 { append(byte) }
    }

    /// The secret, in memory of its own size.
    public consuming func finish() -> Secret {
        Secret(count: count) { out in
            // SAFETY: `count` bytes are initialised.
            for index in 0..<count { out[index] = unsafe base.load(fromByteOffset: index, as: UInt8.self) }
        }
    }

    private mutating func grow() {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
        unsafe larger.copyMemory(from: base, byteCount: count)
        unsafe explicit_bzero(base, capacity)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }
}
