/// Writes a filter from hashes that come in their order. Keeps only what has not been written yet: a few hundred kilobytes,
/// however many hashes there are.
public struct FilterBuilder: ~Copyable {
    private static let flushSize = 1 << 18
    private var header: FilterHeader
    private let file: NewBreachedFile
    private var writer = BitWriter()
    private var directory: [UInt8] = []
    private let directoryDigest = RunningDigest(.sha256)
    private let bucketDigest = RunningDigest(.sha256)
    private var directoryEnd = Int64(FilterHeader.size)
    /// The last bucket whose beginning is in the directory.
    private var bucket = -1
    /// The smallest value that may come next in the bucket.
    private var floor: UInt64 = 0

    /// A filter of `shape` in a new file.
    public init(_ shape: FilterShape, minimumCount: Int, file: NewBreachedFile) {
        header = FilterHeader(shape: shape, minimumCount: UInt64(clamping: minimumCount))
        self.file = file
    }

    /// Adds a hash by its first 64 bits, which must not be below those of the one before.
    public mutating func add(_ key: UInt64) throws(BreachedError) {
        header.hashes += 1
        let (bucket, local) = header.shape.place(of: key)
        if bucket != self.bucket {
            try begin(bucket)
        } else if local < floor {
            // The same value again, which is there already.
            return
        }
        writer.append(gap: local - floor, remainderBits: header.shape.remainderBits)
        floor = local &+ 1
        header.values += 1
        if writer.bytes.count >= FilterBuilder.flushSize { try flushBuckets() }
    }

    /// Writes what is left, and the header. The file keeps its temporary name until ``NewBreachedFile/keep()``.
    public consuming func finish() throws(BreachedError) {
        try begin(header.shape.buckets)
        try flushBuckets()
        try flushDirectory()
        header.directoryDigest = directoryDigest.bytes()
        header.bucketDigest = bucketDigest.bytes()
        try file.write(header.encoded(), at: 0)
    }

    /// Ends the bucket and begins another; those between are empty.
    private mutating func begin(_ next: Int) throws(BreachedError) {
        writer.pad()
        let start = FilterHeader.bytes(of: header.bucketSize + UInt64(writer.bytes.count))
        while bucket < next {
            bucket += 1
            directory += start
            if directory.count >= FilterBuilder.flushSize { try flushDirectory() }
        }
        floor = 0
    }

    private mutating func flushBuckets() throws(BreachedError) {
        try file.write(writer.bytes, at: header.bucketStart + Int64(header.bucketSize))
        bucketDigest.update(writer.bytes.span)
        header.bucketSize += UInt64(writer.bytes.count)
        writer.bytes.removeAll(keepingCapacity: true)
    }

    private mutating func flushDirectory() throws(BreachedError) {
        try file.write(directory, at: directoryEnd)
        directoryDigest.update(directory.span)
        directoryEnd += Int64(directory.count)
        directory.removeAll(keepingCapacity: true)
    }
}
