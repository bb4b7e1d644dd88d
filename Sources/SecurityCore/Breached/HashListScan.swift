/// Reads a list from its beginning to its end, and checks each line and their order.
public struct HashListScan {
    private static let chunk = 1 << 20
    private let file: BreachedFile
    private var bytes: [UInt8] = []
    private var start = 0
    /// Where `bytes` begin in the file.
    private var offset: Int64 = 0
    private var firstKey: UInt64?
    private var lastKey: UInt64 = 0
    /// Lines so far.
    public private(set) var lines = 0

    /// A scan of an open list.
    public init(_ file: BreachedFile) {
        self.file = file
    }

    /// Bytes so far.
    public var position: Int64 { offset + Int64(start) }

    /// The first 64 bits of the next hash, and its count; nil at the end of a whole list.
    public mutating func next() throws(BreachedError) -> (key: UInt64, count: Int)? {
        if bytes.count - start < HashLine.longest, offset + Int64(bytes.count) < file.size { try fill() }
        guard start < bytes.count else {
            guard lines > 0 else { throw .empty(path: file.path) }
            guard HashListScan.isWhole(first: firstKey ?? 0, last: lastKey, lines: lines) else {
                throw .incomplete(path: file.path)
            }
            return nil
        }
        guard let line = HashLine(bytes, at: start, limit: bytes.count) else {
            throw .malformed(path: file.path, offset: position)
        }
        guard line.key >= lastKey else { throw .unsorted(path: file.path, offset: position) }
        if firstKey == nil { firstKey = line.key }
        lastKey = line.key
        start = line.end
        lines += 1
        return (line.key, line.count)
    }

    private mutating func fill() throws(BreachedError) {
        let rest = Array(bytes[start...])
        offset += Int64(start)
        let next = offset + Int64(rest.count)
        bytes = rest + (try file.read(at: next, count: Int(min(Int64(HashListScan.chunk), file.size - next))))
        start = 0
    }

    /// Whether hashes reach from the beginning to the end.
    ///
    /// Of n hashes, the first and the last are 1/n away from the ends on average, and 64/n with a probability of e^-64.
    static func isWhole(first: UInt64, last: UInt64, lines: Int) -> Bool {
        let (gap, isAny) = (UInt64.max / UInt64(max(lines, 1))).multipliedReportingOverflow(by: 64)
        return isAny || first <= gap && UInt64.max - last <= gap
    }

    /// About how many hashes have a count of at least `minimum`, from samples all over the list.
    public static func estimate(_ file: BreachedFile, minimum: Int) throws(BreachedError) -> Int64 {
        let samples: Int64 = 64
        let size = Int64(1 << 16)
        var (bytes, hashes): (Int64, Int64) = (0, 0)
        for sample in 0..<samples {
            let start = file.size / samples * sample
            let count = min(size, file.size - start)
            let part = try file.read(at: start, count: Int(count))
            guard
                let page = HashPage(part, offset: start, beginsLine: start == 0, endsLine: start + count == file.size)
            else { continue }
            bytes += Int64(page.end - page.first)
            hashes += page.lines(withCountOf: minimum)
        }
        guard bytes > 0 else { return 0 }
        let (product, isTooGreat) = hashes.multipliedReportingOverflow(by: file.size)
        return isTooGreat ? file.size / 45 : product / bytes
    }
}

extension HashPage {
    /// How many lines have at least a count; those behind one that is none do not count.
    func lines(withCountOf minimum: Int) -> Int64 {
        var lines: Int64 = 0
        var start = first
        while start < end, let line = HashLine(bytes, at: start, limit: end) {
            if line.count >= minimum { lines += 1 }
            start = line.end
        }
        return lines
    }
}
