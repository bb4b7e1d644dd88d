/// Work that waits for a thread, taken in turn from each of those who sent it.
///
/// Requirements:
/// 1. Whoever sends much waits behind himself: the origins are served one after the other, each in its own order.
/// 2. A full queue takes work of an origin that has less waiting than another, in place of that other's newest.
struct FairQueue<Work> {
    private var lines: [[UInt8]: ArraySlice<Work>] = [:]
    /// Origins with work that waits, the next one first.
    private var turns: ArraySlice<[UInt8]> = []
    private(set) var count = 0

    /// Adds work at the end of its origin's line.
    mutating func add(_ work: Work, of origin: [UInt8]) {
        if lines[origin] == nil { turns.append(origin) }
        lines[origin, default: []].append(work)
        count += 1
    }

    /// The work whose turn it is; nil when none waits.
    mutating func next() -> Work? {
        guard let origin = turns.popFirst(), let work = lines[origin]?.popFirst() else { return nil }
        count -= 1
        if lines[origin]?.isEmpty == true { lines[origin] = nil } else { turns.append(origin) }
        return work
    }

    /// Takes the newest work of the longest line away, where that stays longer than the line of `origin` will be with one more; nil
    /// otherwise.
    mutating func giveWay(to origin: [UInt8]) -> Work? {
        let own = lines[origin]?.count ?? 0
        guard let longest = lines.max(by: { $0.value.count < $1.value.count }), longest.value.count > own + 1 else {
            return nil
        }
        count -= 1
        return lines[longest.key]?.popLast()
    }
}
