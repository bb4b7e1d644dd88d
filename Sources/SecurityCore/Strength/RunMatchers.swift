/// Runs of neighbouring keys.
enum SpatialMatcher {
    static func matches(in password: CodePoints) -> [StrengthMatch] {
        StrengthMatch.sorted(Keyboard.all.flatMap { runs(in: password, on: $0) })
    }

    private static func runs(in password: CodePoints, on keyboard: Keyboard) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        var start = 0
        while start < password.count - 1 {
            var end = start + 1
            var direction: Int?
            var run = SpatialRun(keyboard: keyboard, turns: 0, shifted: 0)
            if keyboard.hasShift, isShifted(password[start]) { run.shifted = 1 }
            while end < password.count, let step = keyboard.step(from: password[end - 1], to: password[end]) {
                if step.isShifted { run.shifted += 1 }
                // Every run starts with a turn.
                if direction != step.direction { run.turns += 1 }
                direction = step.direction
                end += 1
            }
            if end - start > 2 {
                matches.append(StrengthMatch(first: start, last: end - 1, pattern: .spatial(run)))
            }
            start = end
        }
        return matches
    }

    private static func isShifted(_ character: UInt32) -> Bool {
        "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?".unicodeScalars.contains { $0.value == character }
    }
}

/// Runs of code points at equal distances: abc, 9753, αβγ.
enum SequenceMatcher {
    private static let longestStep: Int64 = 5

    static func matches(in password: CodePoints) -> [StrengthMatch] {
        guard password.count > 1 else { return [] }
        var matches: [StrengthMatch] = []
        var start = 0
        var last = step(password, 1)
        for index in 1..<password.count {
            let next = step(password, index)
            guard next != last else { continue }
            append(start, index - 1, last, &matches)
            start = index - 1
            last = next
        }
        append(start, password.count - 1, last, &matches)
        return matches
    }

    private static func step(_ password: CodePoints, _ index: Int) -> Int64 {
        Int64(password[index]) - Int64(password[index - 1])
    }

    private static func append(_ first: Int, _ last: Int, _ step: Int64, _ matches: inout [StrengthMatch]) {
        guard last - first > 1 || abs(step) == 1, (1...longestStep).contains(abs(step)) else { return }
        matches.append(StrengthMatch(first: first, last: last, pattern: .sequence(isAscending: step > 0)))
    }
}

/// Parts that are repeated: aaa, abcabc.
struct RepeatMatcher {
    /// The guesses of the part that is repeated.
    let guesses: (CodePoints) -> Guesses

    func matches(in password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        var start = 0
        while start < password.count {
            guard let lazy = repetition(in: password, from: start, longestFirst: false),
                let greedy = repetition(in: password, from: start, longestFirst: true)
            else {
                start += 1
                continue
            }
            // Of "aabaab" the whole is meant, not "aa".
            let isGreedy = greedy.total > lazy.total
            let total = isGreedy ? greedy.total : lazy.total
            let length = isGreedy ? shortest(of: password.part(start..<start + total)) : lazy.length
            let pattern = StrengthMatch.Pattern.repetition(
                count: total / length, length: length, guesses: guesses(password.part(start..<start + length)))
            matches.append(StrengthMatch(first: start, last: start + total - 1, pattern: pattern))
            start += total
        }
        return matches
    }

    /// The first length, of the longest or the shortest, whose part at `start` is followed by itself, and the length with all
    /// its repetitions. A line break is in no part.
    private func repetition(
        in text: CodePoints, from start: Int, longestFirst: Bool
    ) -> (length: Int, total: Int)? {
        let room = (text.count - start) / 2
        guard room > 0 else { return nil }
        for number in 1...room {
            let length = longestFirst ? room + 1 - number : number
            guard text.equals(start, text, start + length, length: length),
                text.places(in: start..<start + length, where: { $0 == 0x0A }) == 0
            else { continue }
            var total = 2 * length
            while text.equals(start, text, start + total, length: length) { total += length }
            return (length, total)
        }
        return nil
    }

    /// The shortest part that a text repeats.
    private func shortest(of text: CodePoints) -> Int {
        for length in 1..<max(text.count, 2) where text.count % length == 0 {
            if text.equals(0, text, length, length: text.count - length) { return length }
        }
        return text.count
    }
}
