import CLibc
import SecurityCore

/// Text on its way to a descriptor. What it held is wiped after each write, because keys and codes pass through it.
@safe
final class OutputBuffer {
    private static let capacity = 8192
    private let descriptor: Int32
    private let base: UnsafeMutablePointer<UInt8>
    private var count = 0
    /// Whether a write failed: the reader is gone, the disk is full.
    private(set) var hasFailed = false

    /// A buffer before a descriptor: 1 is standard output, 2 standard error.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        // SAFETY: owned by this object alone, freed once in deinit.
        unsafe base = UnsafeMutablePointer<UInt8>.allocate(capacity: OutputBuffer.capacity)
    }

    deinit {
        flush()
        unsafe base.deallocate()
    }

    func write(_ byte: UInt8) {
        if count == OutputBuffer.capacity { flush() }
        // SAFETY: count < capacity after the flush.
        unsafe base[count] = byte
        count += 1
    }

    func write(_ bytes: [UInt8]) {
        for byte in bytes { write(byte) }
    }

    func write(_ bytes: Span<UInt8>) {
        for index in bytes.indices { write(bytes[index]) }
    }

    func write(_ text: String) {
        for byte in text.utf8 { write(byte) }
    }

    func write(_ secret: SharedSecret) {
        secret.withBytes { write($0) }
    }

    /// Hands everything to the descriptor and wipes it.
    func flush() {
        var sent = 0
        while sent < count, !hasFailed {
            // SAFETY: the bytes from `sent` to `count` are initialised and owned.
            let written = unsafe CLibc.write(descriptor, base + sent, count - sent)
            if written > 0 { sent += written } else if clibc_errno() != EINTR { hasFailed = true }
        }
        unsafe explicit_bzero(base, OutputBuffer.capacity)
        count = 0
    }
}
