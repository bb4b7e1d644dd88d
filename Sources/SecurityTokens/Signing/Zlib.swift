import CZlib
import SecurityCore

/// zlib's format (RFC 1950), as Python's module of that name reads and writes it.
///
/// zlib's own memory is not wiped. What is compressed here goes to a browser, and everybody who sees the token can read it.
enum Zlib {
    /// Compressed at the default level; nil when there is no memory for it.
    static func compress(_ bytes: Span<UInt8>) -> Secret? {
        let bound = Int(clamping: compressBound(uLong(bytes.count)))
        var length = uLongf(bound)
        var status = Z_MEM_ERROR
        let compressed = Secret(atMost: bound) { out in
            // SAFETY: both buffers live through the call, with the counts given.
            status = unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe bytes.withUnsafeBufferPointer { bytes in
                    unsafe CZlib.compress(out.baseAddress, &length, bytes.baseAddress, uLong(bytes.count))
                }
            }
            return Int(clamping: length)
        }
        guard status == Z_OK, length <= UInt(bound) else { return nil }
        return compressed
    }

    /// What was compressed, whatever follows it; nil for a damaged or unfinished stream, or for more than `limit` bytes.
    ///
    /// Memory grows by steps up to the limit, so that a short text that claims to be a gigabyte costs no more than one that is
    /// as long as the limit.
    static func decompress(_ bytes: Span<UInt8>, limit: Int) -> Secret? {
        var size = min(1024, limit)
        while true {
            var length = uLongf(size)
            var status = Z_MEM_ERROR
            let opened = Secret(atMost: size) { out in
                // SAFETY: both buffers live through the call, with the counts given.
                status = unsafe out.withUnsafeMutableBufferPointer { out in
                    unsafe bytes.withUnsafeBufferPointer { bytes in
                        unsafe uncompress(out.baseAddress, &length, bytes.baseAddress, uLong(bytes.count))
                    }
                }
                return Int(clamping: length)
            }
            if status == Z_OK, length <= UInt(size) { return opened }
            guard status == Z_BUF_ERROR, size < limit else { return nil }
            size = min(size * 4, limit)
        }
    }
}
