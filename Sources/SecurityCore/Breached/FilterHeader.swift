/// The first 4096 bytes of a filter; numbers are little-endian.
///
///     0    8  the mark 89 "LSF" CR LF 1A 0A, which no text begins with and which a transfer as text destroys
///     8    1  version, 1
///     9    3  bits of a value, of the directory, of a remainder
///     16   8  values        24  8  least count      32  8  bytes of the buckets      40  8  hashes that were taken
///     64  32  SHA-256 of the directory              96 32  SHA-256 of the buckets
///     128 32  SHA-256 of the first 128 bytes
///
/// The directory follows: a number of 8 bytes for each bucket and one more, where the bucket begins among the buckets; then
/// the buckets.
struct FilterHeader: Equatable {
    static let mark: [UInt8] = [0x89, 0x4C, 0x53, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    static let version: UInt8 = 1
    /// Bytes before the directory.
    static let size = 4096
    private static let signedSize = 128
    /// Bytes that are looked at.
    static let usedSize = 160

    var shape: FilterShape
    /// Different values.
    var values: UInt64
    /// SECURITY_PASSWORD_BREACHED_COUNT that it was made for.
    var minimumCount: UInt64
    /// Bytes of the buckets.
    var bucketSize: UInt64
    /// Hashes of the list that have the least count.
    var hashes: UInt64
    var directoryDigest: [UInt8]
    var bucketDigest: [UInt8]

    /// Bytes of the directory.
    var directorySize: Int64 { Int64(shape.buckets + 1) * 8 }

    /// Where the buckets begin.
    var bucketStart: Int64 { Int64(FilterHeader.size) + directorySize }

    /// The first bytes of the file.
    func encoded() -> [UInt8] {
        var bytes = FilterHeader.mark
        bytes.append(FilterHeader.version)
        for bits in [shape.valueBits, shape.directoryBits, shape.remainderBits] {
            bytes.append(UInt8(truncatingIfNeeded: bits))
        }
        bytes += [UInt8](repeating: 0, count: 4)
        for number in [values, minimumCount, bucketSize, hashes] { bytes += FilterHeader.bytes(of: number) }
        bytes += [UInt8](repeating: 0, count: 16)
        bytes += directoryDigest + bucketDigest
        bytes += FilterHeader.digest(bytes)
        return bytes + [UInt8](repeating: 0, count: FilterHeader.size - bytes.count)
    }

    /// Reads a file that begins with the mark.
    init(_ file: BreachedFile) throws(BreachedError) {
        guard file.size >= Int64(FilterHeader.size) else { throw .damaged(path: file.path) }
        let bytes = try file.read(at: 0, count: FilterHeader.usedSize)
        guard bytes[8] == FilterHeader.version else { throw .unknownVersion(path: file.path, version: Int(bytes[8])) }
        let shape = FilterShape(valueBits: bytes[9], directoryBits: bytes[10], remainderBits: bytes[11])
        guard let shape,
            FilterHeader.digest(Array(bytes[..<FilterHeader.signedSize])).elementsEqual(
                bytes[FilterHeader.signedSize...])
        else { throw .damaged(path: file.path) }
        self.shape = shape
        values = FilterHeader.number(bytes, at: 16)
        minimumCount = FilterHeader.number(bytes, at: 24)
        bucketSize = FilterHeader.number(bytes, at: 32)
        hashes = FilterHeader.number(bytes, at: 40)
        directoryDigest = Array(bytes[64..<96])
        bucketDigest = Array(bytes[96..<128])
        guard file.size >= bucketStart, UInt64(file.size - bucketStart) == bucketSize else {
            throw .damaged(path: file.path)
        }
    }

    /// The header of a filter that is being made.
    init(shape: FilterShape, minimumCount: UInt64) {
        self.shape = shape
        self.minimumCount = minimumCount
        values = 0
        bucketSize = 0
        hashes = 0
        directoryDigest = []
        bucketDigest = []
    }

    /// Whether a file begins like a filter.
    static func marks(_ file: BreachedFile) throws(BreachedError) -> Bool {
        guard file.size >= Int64(mark.count) else { return false }
        return try file.read(at: 0, count: mark.count).elementsEqual(mark)
    }

    static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }

    /// The number in the eight bytes from `start` on, which must be there.
    static func number(_ bytes: [UInt8], at start: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in (0..<8).reversed() where bytes.indices.contains(start + index) {
            number = number << 8 | UInt64(bytes[start + index])
        }
        return number
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        let running = RunningDigest(.sha256)
        running.update(bytes.span)
        return running.bytes()
    }
}

extension RunningDigest {
    /// The digest of data that is not secret; the state must be reset before further use.
    func bytes() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: digest.count)
        var span = bytes.mutableSpan
        finish(&span)
        return bytes
    }
}
