/// A filter of breached passwords: a fraction of the size of the list it was made from, for a small and stated share of
/// passwords that it takes for known ones. A known one is never overlooked.
public final class BreachedFilter: BreachedPasswords {
    /// Bits of a bucket that no filter of ours comes near to; it bounds the memory for a file that somebody damaged.
    private static let longestBucket: UInt64 = 1 << 20
    private let file: BreachedFile
    let header: FilterHeader

    /// A filter in an open file.
    public init(_ file: BreachedFile) throws(BreachedError) {
        header = try FilterHeader(file)
        self.file = file
    }

    /// See ``BreachedPasswords/count(of:)``: the least count that the filter was made for, or 0.
    public func count(of password: Span<UInt8>) throws(BreachedError) -> Int {
        try count(of: PasswordHash(of: password).key)
    }

    /// As ``count(of:)``, of the first 64 bits of a hash.
    func count(of key: UInt64) throws(BreachedError) -> Int {
        let (bucket, local) = header.shape.place(of: key)
        var reader = RiceReader(try bytes(of: bucket), header.shape)
        while let value = try next(&reader) {
            if value == local { return minimumCount }
            if value > local { return 0 }
        }
        return 0
    }

    private func next(_ reader: inout RiceReader) throws(BreachedError) -> UInt64? {
        do throws(RiceReader.Damage) {
            return try reader.next()
        } catch {
            throw .damaged(path: file.path)
        }
    }

    private func bytes(of bucket: Int) throws(BreachedError) -> [UInt8] {
        let entries = try file.read(at: Int64(FilterHeader.size) + Int64(bucket) * 8, count: 16)
        let start = FilterHeader.number(entries, at: 0)
        let end = FilterHeader.number(entries, at: 8)
        guard start <= end, end <= header.bucketSize, end - start <= BreachedFilter.longestBucket else {
            throw .damaged(path: file.path)
        }
        return try file.read(at: header.bucketStart + Int64(start), count: Int(end - start))
    }

    /// Reads everything once and compares it with the digests in the header.
    public func verify() throws(BreachedError) {
        let directory = try digest(from: Int64(FilterHeader.size), to: header.bucketStart)
        let buckets = try digest(from: header.bucketStart, to: file.size)
        guard directory == header.directoryDigest, buckets == header.bucketDigest else {
            throw .damaged(path: file.path)
        }
    }

    private func digest(from start: Int64, to end: Int64) throws(BreachedError) -> [UInt8] {
        let running = RunningDigest(.sha256)
        var offset = start
        while offset < end {
            let part = try file.read(at: offset, count: Int(min(end - offset, 1 << 20)))
            running.update(part.span)
            offset += Int64(part.count)
        }
        return running.bytes()
    }
}

extension BreachedFilter {
    /// Hashes of the list that it was made from, as far as they have the least count.
    public var hashCount: Int { Int(clamping: header.hashes) }

    /// SECURITY_PASSWORD_BREACHED_COUNT that it was made for.
    public var minimumCount: Int { Int(clamping: header.minimumCount) }

    /// Bytes of the file.
    public var size: Int { Int(clamping: file.size) }

    /// One unknown password in so many is taken for a known one; 0 when the filter is empty, which takes none.
    public var falsePositiveInterval: Int {
        guard header.values > 0 else { return 0 }
        let bits = header.shape.valueBits
        let space = bits == 64 ? UInt64.max : UInt64(1) << UInt64(bits)
        return Int(clamping: space / header.values)
    }
}
