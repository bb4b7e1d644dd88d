/// A look at the pages that SQLite reads. It takes the length of an index entry from the page and allocates that much before it
/// compares: a single entry of 900 MB, which anybody can make who may write to an indexed column, would cost a login as much. Limits of
/// a connection (SQLITE_LIMIT_LENGTH) are not asked there.
enum PageCheck {
    /// Whether a block is a page of an index that holds an entry longer than `limit`. Pages of other kinds, and blocks that are no
    /// pages, have no such entry. File format: https://www.sqlite.org/fileformat2.html section 1.6.
    static func holdsEntry(longerThan limit: Int, in page: UnsafeRawBufferPointer) -> Bool {
        guard page.count >= 512, page.count & (page.count - 1) == 0 else { return false }
        // 2: interior page of an index, whose cells begin with the number of a page; 10: leaf.
        let kind = unsafe page[0]
        guard kind == 2 || kind == 10 else { return false }
        let header = kind == 2 ? 12 : 8
        let child = kind == 2 ? 4 : 0
        let count = min(unsafe number(page, 3), (page.count - header) / 2)
        for index in 0..<count {
            let start = unsafe number(page, header + 2 * index) + child
            if unsafe length(page, start) > limit { return true }
        }
        return false
    }

    private static func number(_ page: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        unsafe Int(page[offset]) << 8 | Int(page[offset + 1])
    }

    /// The length of the entry of a cell, read as SQLite reads it: 32 bits, of nine bytes at most. 0 where it would begin
    /// outside of the page, which SQLite notices.
    private static func length(_ page: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var length: UInt32 = 0
        var offset = start
        while offset < page.count, offset < start + 9 {
            let byte = unsafe page[offset]
            length = length &<< 7 | UInt32(byte & 0x7F)
            if byte < 0x80 { break }
            offset += 1
        }
        return Int(length)
    }
}
