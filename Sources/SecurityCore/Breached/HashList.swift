/// The published list of breached passwords, ordered by SHA-1 ("Pwned Passwords", ordered by hash), searched in place.
///
/// SHA-1 spreads evenly, so a hash tells where in the file it must be: after a few reads of a page around that place, the page
/// that holds it is found. Whatever the file holds, the search ends: each read takes something off the range, and after a few
/// the range is halved each time.
public final class HashList: BreachedPasswords {
    /// Bytes of one read: a page.
    static let window = 4096
    /// Reads that trust in the spread of SHA-1 before the range is halved.
    private static let guesses = 6
    private let file: BreachedFile

    /// A list in an open file.
    public init(_ file: BreachedFile) throws(BreachedError) {
        guard file.size > 0 else { throw .empty(path: file.path) }
        self.file = file
    }

    /// See ``BreachedPasswords/count(of:)``.
    public func count(of password: Span<UInt8>) throws(BreachedError) -> Int {
        try count(of: PasswordHash(of: password))
    }

    /// The count of a hash; 0 when the list does not have it.
    func count(of hash: borrowing PasswordHash) throws(BreachedError) -> Int {
        guard file.size > Int64(HashList.window) else {
            let all = try page(at: 0, in: HashRange(low: 0, high: file.size, lowKey: 0, highKey: .max))
            return try all.count(of: hash, file.path)
        }
        var range = try ends()
        var guesses = HashList.guesses
        while range.count > Int64(HashList.window) {
            let page = try page(at: guesses > 0 ? range.place(of: hash.key) : range.middle, in: range)
            guesses -= 1
            if HashLine.order(page.bytes, at: page.first, hash) > 0 {
                range.high = page.offset + Int64(page.first)
                range.highKey = page.firstKey
            } else if HashLine.order(page.bytes, at: page.last, hash) < 0 {
                range.low = page.offset + Int64(page.end)
                range.lowKey = page.lastKey
            } else {
                return try page.count(of: hash, file.path)
            }
        }
        guard range.count > 0 else { return 0 }
        return try page(at: range.low, in: range).count(of: hash, file.path)
    }

    /// The whole file as a range, whose keys are those of its first and last line. Part of a list would say of the rest that
    /// it is not known.
    private func ends() throws(BreachedError) -> HashRange {
        var range = HashRange(low: 0, high: file.size, lowKey: 0, highKey: .max)
        let first = try page(at: 0, in: range)
        let last = try page(at: file.size, in: range)
        range.lowKey = first.firstKey
        range.highKey = last.lastKey
        guard range.lowKey <= range.highKey else { throw .unsorted(path: file.path, offset: last.offset) }
        let isWhole = HashListScan.isWhole(
            first: range.lowKey, last: range.highKey, lines: Int(clamping: file.size / 45))
        guard isWhole else {
            throw .incomplete(path: file.path)
        }
        return range
    }

    /// The whole lines in a window around `place`, at least one.
    private func page(at place: Int64, in range: HashRange) throws(BreachedError) -> HashPage {
        let window = Int64(HashList.window)
        let aligned = max(range.low, place - place % window)
        let start = max(range.low, min(aligned, range.high - window))
        let end = min(start + window, range.high)
        let bytes = try file.read(at: start, count: Int(end - start))
        let page = HashPage(bytes, offset: start, beginsLine: start == range.low, endsLine: end == range.high)
        guard let page else { throw .malformed(path: file.path, offset: start) }
        guard range.lowKey <= page.firstKey, page.firstKey <= page.lastKey, page.lastKey <= range.highKey else {
            throw .unsorted(path: file.path, offset: start)
        }
        return page
    }
}

/// The part of a list that may hold a hash: from the beginning of a line to the end of one.
struct HashRange {
    var low: Int64
    var high: Int64
    /// The first 64 bits of a hash at `low` or before it.
    var lowKey: UInt64
    /// The first 64 bits of a hash at `high` or behind it.
    var highKey: UInt64

    /// Bytes.
    var count: Int64 { high - low }

    var middle: Int64 { low + count / 2 }

    /// Where a hash stands if the hashes between the ends are spread evenly.
    func place(of key: UInt64) -> Int64 {
        guard key > lowKey, highKey > lowKey else { return low }
        guard key < highKey, count > 0 else { return high }
        let product = (key - lowKey).multipliedFullWidth(by: UInt64(count))
        // The quotient is below `count`, because the first factor is below the divisor.
        let share = (highKey - lowKey).dividingFullWidth(product).quotient
        return low + Int64(clamping: share)
    }
}

/// Whole lines of a list in memory.
struct HashPage {
    let bytes: [UInt8]
    /// Where `bytes` begin in the file.
    let offset: Int64
    /// Where the first whole line begins.
    let first: Int
    /// Where the last whole line begins.
    let last: Int
    /// Behind the last whole line.
    let end: Int
    let firstKey: UInt64
    let lastKey: UInt64

    /// Nil when there is no whole line, or when the first or the last one is none. `beginsLine`, `endsLine`: whether a line
    /// begins with the first byte, and whether one ends with the last byte.
    init?(_ bytes: [UInt8], offset: Int64, beginsLine: Bool, endsLine: Bool) {
        var first = 0
        if !beginsLine {
            while first < bytes.count, bytes[first] != 0x0A { first += 1 }
            first += 1
        }
        var end = bytes.count
        while !endsLine, end > first, bytes[end - 1] != 0x0A { end -= 1 }
        guard first < end else { return nil }
        var last = end - 1
        while last > first, bytes[last - 1] != 0x0A { last -= 1 }
        guard let firstLine = HashLine(bytes, at: first, limit: end),
            let lastLine = HashLine(bytes, at: last, limit: end)
        else { return nil }
        self.bytes = bytes
        self.offset = offset
        self.first = first
        self.last = last
        self.end = end
        firstKey = firstLine.key
        lastKey = lastLine.key
    }

    /// The count of a hash; 0 when it is not here.
    func count(of hash: borrowing PasswordHash, _ path: String) throws(BreachedError) -> Int {
        var start = first
        while start < end {
            guard let line = HashLine(bytes, at: start, limit: end) else {
                throw .malformed(path: path, offset: offset + Int64(start))
            }
            let order = HashLine.order(bytes, at: start, hash)
            if order == 0 { return line.count }
            if order > 0 { return 0 }
            start = line.end
        }
        return 0
    }
}
