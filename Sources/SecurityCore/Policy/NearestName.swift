/// Finds the name that was probably meant.
public enum NearestName {
    /// The nearest of `names` to `name`, if it is near enough to be meant: a quarter of its letters, at most four, may
    /// differ.
    public static func of(_ name: String, among names: some Sequence<String>) -> String? {
        let typed = Array(name.utf8)
        var best: String?
        var limit = min(4, max(1, typed.count / 4))
        for candidate in names {
            let distance = edits(typed, Array(candidate.utf8), atMost: limit)
            guard distance <= limit, best == nil || distance < limit else { continue }
            best = candidate
            limit = distance
        }
        return best
    }

    /// Whether the two differ by one inserted, left out, replaced or swapped letter.
    static func areOneEditApart(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8, right.utf8)
        let shorter = min(left.count, right.count)
        let difference = max(left.count, right.count) - shorter
        guard difference <= 1 else { return false }
        let head = zip(left, right).prefix { $0 == $1 }.count
        let tail = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        if difference == 1 { return head + tail >= shorter }
        guard head + tail == shorter - 2 else { return head + tail == shorter - 1 }
        return left.dropFirst(head).prefix(2).elementsEqual(right.dropFirst(head).prefix(2).reversed())
    }

    /// The number of single edits and swaps of neighbours between two texts (optimal string alignment), or any number
    /// greater than `limit`.
    static func edits(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int {
        let difference = left.count - right.count
        guard difference <= limit, -difference <= limit else { return limit + 1 }
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var cost = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            if let least = current.min(), least > limit { return limit + 1 }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
