/// The answer of the range API: a line for each hash that begins with the digits asked for, with the rest of the hash, a
/// colon and the count.
public enum RangeAnswer {
    /// Digits that are asked for; they are not repeated in the answer.
    public static let prefixLength = 5

    /// The digits of a hash that are asked for, in upper case.
    public static func prefix(of hash: borrowing PasswordHash) -> String {
        var digits = ""
        for index in 0..<prefixLength { digits += String(hash.digit(index), radix: 16, uppercase: true) }
        return digits
    }

    /// The count of a hash in an answer; 0 when it is not there, or is padding. An answer of which a line is none, or which has
    /// no line at all, is an error: no range is empty.
    public static func count(of hash: borrowing PasswordHash, in answer: [UInt8]) throws(BreachedError) -> Int {
        // A byte order mark, which Flask-Security skips, too.
        var start = answer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard start < answer.count else { throw .malformedAnswer }
        var count = 0
        while start < answer.count {
            guard let line = HashLine(answer, at: start, limit: answer.count, skipping: prefixLength) else {
                throw .malformedAnswer
            }
            if HashLine.order(answer, at: start, hash, skipping: prefixLength) == 0 { count = max(count, line.count) }
            start = line.end
        }
        return count
    }
}
