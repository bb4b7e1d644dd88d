/// Finds the sequence of matches that covers a password with the fewest guesses.
///
/// A sequence of l matches takes l! times the product of their guesses, plus 10,000^(l-1): an attacker tries all orders of
/// the patterns, and shorter sequences first.
struct MatchSearch {
    /// The best sequence of one length that covers the password up to one place.
    private struct Best {
        let length: Int
        var match: StrengthMatch
        var product: Guesses
        var guesses: Guesses
    }

    private let password: CodePoints
    private let guesses: MatchGuesses
    /// By the last place that they cover, in the order in which their lengths were first found.
    private var best: [[Best]]

    /// The best sequence and its guesses.
    static func sequence(of password: CodePoints, _ matches: [StrengthMatch]) -> ([StrengthMatch], Guesses) {
        guard password.count > 0 else { return ([], .one) }
        var search = MatchSearch(password)
        var byEnd: [[StrengthMatch]] = Array(repeating: [], count: password.count)
        for match in matches where byEnd.indices.contains(match.last) { byEnd[match.last].append(match) }
        for end in 0..<password.count {
            for match in byEnd[end] { search.consider(match) }
            for start in 0...end {
                search.consider(StrengthMatch(first: start, last: end, pattern: .bruteforce))
            }
        }
        return search.unwound()
    }

    private init(_ password: CodePoints) {
        self.password = password
        guesses = MatchGuesses(password: password)
        best = Array(repeating: [], count: password.count)
    }

    /// Takes a match behind each sequence that ends before it.
    private mutating func consider(_ match: StrengthMatch) {
        let own = guesses.of(match)
        guard match.first > 0 else { return update(match, 1, own) }
        for before in best[match.first - 1] {
            // Two neighbours without a pattern are one longer match, which is there as well.
            if case .bruteforce = match.pattern, case .bruteforce = before.match.pattern { continue }
            update(match, before.length + 1, own * before.product)
        }
    }

    private mutating func update(_ match: StrengthMatch, _ length: Int, _ product: Guesses) {
        let growth = length == 1 ? Guesses.one : Guesses(powerOfTen: 4 * (length - 1))
        let total = Guesses.factorial(length) * product + growth
        let isBeaten = best[match.last].contains { $0.length <= length && $0.guesses <= total }
        guard !isBeaten else { return }
        let found = Best(length: length, match: match, product: product, guesses: total)
        if let index = best[match.last].firstIndex(where: { $0.length == length }) {
            best[match.last][index] = found
        } else {
            best[match.last].append(found)
        }
    }

    private func unwound() -> ([StrengthMatch], Guesses) {
        guard var last = best.last?.first else { return ([], .one) }
        for candidate in best[password.count - 1] where candidate.guesses < last.guesses { last = candidate }
        let total = last.guesses
        var sequence = [last.match]
        while last.match.first > 0 {
            let length = last.length - 1
            guard let before = best[last.match.first - 1].first(where: { $0.length == length }) else { break }
            sequence.append(before.match)
            last = before
        }
        return (sequence.reversed(), total)
    }
}
