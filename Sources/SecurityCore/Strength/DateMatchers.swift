/// Years from 1900 to 2019.
enum YearMatcher {
    static func matches(in password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        var start = 0
        while start + 4 <= password.count {
            guard let year = year(in: password, at: start) else {
                start += 1
                continue
            }
            matches.append(StrengthMatch(first: start, last: start + 3, pattern: .recentYear(year)))
            start += 4
        }
        return matches
    }

    private static func year(in password: CodePoints, at start: Int) -> Int? {
        let century = (password[start], password[start + 1])
        guard century == (0x31, 0x39) || (century == (0x32, 0x30) && (0x30...0x31).contains(password[start + 2])) else {
            return nil
        }
        return password.number(start..<start + 4)
    }
}

/// Days with a month and a year of two or four digits, in any order that people write them.
enum DateMatcher {
    private static let years = 1000...2050
    /// Where the second and the third number begin, by the number of digits.
    private static let splits: [Int: [(Int, Int)]] = [
        4: [(1, 2), (2, 3)], 5: [(1, 3), (2, 3)], 6: [(1, 2), (2, 4), (4, 5)],
        7: [(1, 3), (2, 3), (4, 5), (4, 6)], 8: [(2, 4), (4, 6)],
    ]

    static func matches(in password: CodePoints) -> [StrengthMatch] {
        let matches = withoutSeparators(password) + withSeparators(password)
        let maximal = matches.indices.filter { index in
            !matches.indices.contains { other in
                other != index && matches[other].first <= matches[index].first
                    && matches[other].last >= matches[index].last
            }
        }
        return StrengthMatch.sorted(maximal.map { matches[$0] })
    }

    private static func withoutSeparators(_ password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        for start in 0..<max(password.count - 3, 0) {
            for end in start + 4..<min(start + 9, password.count + 1) {
                guard let year = closestYear(password, start, end) else { continue }
                matches.append(match(start, end, year, hasSeparator: false))
            }
        }
        return matches
    }

    /// Of all readings of some digits the year that is closest to the reference year; of equals the first.
    private static func closestYear(_ password: CodePoints, _ start: Int, _ end: Int) -> Int? {
        var best: Int?
        for split in splits[end - start] ?? [] {
            let places = [start, start + split.0, start + split.1, end]
            guard
                let numbers = numbers(password, [places[0]..<places[1], places[1]..<places[2], places[2]..<places[3]]),
                let year = year(of: numbers)
            else { continue }
            let distance = abs(year - MatchGuesses.referenceYear)
            if let known = best, abs(known - MatchGuesses.referenceYear) <= distance { continue }
            best = year
        }
        return best
    }

    private static func withSeparators(_ password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        for start in 0..<max(password.count - 5, 0) {
            for end in start + 6..<min(start + 11, password.count + 1) {
                guard let fields = fields(password, start..<end), let numbers = numbers(password, fields),
                    let year = year(of: numbers)
                else { continue }
                matches.append(match(start, end, year, hasSeparator: true))
            }
        }
        return matches
    }

    private static func match(_ start: Int, _ end: Int, _ year: Int, hasSeparator: Bool) -> StrengthMatch {
        StrengthMatch(first: start, last: end - 1, pattern: .date(year: year, hasSeparator: hasSeparator))
    }

    /// 1 to 4 digits, a separator, 1 or 2 digits, the same separator, 1 to 4 digits.
    private static func fields(_ password: CodePoints, _ range: Range<Int>) -> [Range<Int>]? {
        let separators = range.filter { password.digit($0) == nil }
        guard separators.count == 2, isSeparator(password[separators[0]]),
            password[separators[0]] == password[separators[1]]
        else { return nil }
        let fields = [
            range.lowerBound..<separators[0], separators[0] + 1..<separators[1], separators[1] + 1..<range.upperBound,
        ]
        let fits =
            (1...4).contains(fields[0].count) && (1...2).contains(fields[1].count) && (1...4).contains(fields[2].count)
        return fits ? fields : nil
    }

    private static func isSeparator(_ character: UInt32) -> Bool {
        switch character {
        case 0x2F, 0x5C, 0x5F, 0x2E, 0x2D: true
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    private static func numbers(_ password: CodePoints, _ ranges: [Range<Int>]) -> [Int]? {
        let numbers = ranges.compactMap { password.number($0) }
        return numbers.count == ranges.count ? numbers : nil
    }

    /// The year of three numbers that may be a date; nil when they are none.
    private static func year(of numbers: [Int]) -> Int? {
        guard (1...31).contains(numbers[1]) else { return nil }
        guard numbers.allSatisfy({ !(99 < $0 && $0 < years.lowerBound) && $0 <= years.upperBound }) else { return nil }
        let isImpossible =
            numbers.count { $0 > 31 } >= 2 || numbers.count { $0 > 12 } == 3 || numbers.count { $0 <= 0 } >= 2
        guard !isImpossible else { return nil }
        let readings = [(numbers[2], (numbers[0], numbers[1])), (numbers[0], (numbers[1], numbers[2]))]
        for (year, rest) in readings where years.contains(year) { return isDay(rest) ? year : nil }
        for (year, rest) in readings where isDay(rest) {
            return year > 99 ? year : year > 50 ? year + 1900 : year + 2000
        }
        return nil
    }

    private static func isDay(_ pair: (Int, Int)) -> Bool {
        ((1...31).contains(pair.0) && (1...12).contains(pair.1))
            || ((1...31).contains(pair.1) && (1...12).contains(pair.0))
    }
}

extension CodePoints {
    /// The value of a decimal digit of any script; nil for anything else.
    func digit(_ index: Int) -> Int? {
        let value = self[index]
        if value < 0x80 { return (0x30...0x39).contains(value) ? Int(value - 0x30) : nil }
        guard let properties = Unicode.Scalar(value)?.properties, properties.generalCategory == .decimalNumber else {
            return nil
        }
        return properties.numericValue.flatMap { Int(exactly: $0) }
    }

    /// The value of a few digits; nil when there is anything else, or nothing.
    func number(_ range: Range<Int>) -> Int? {
        guard (1...9).contains(range.count) else { return nil }
        var number = 0
        for index in range {
            guard let digit = digit(index) else { return nil }
            number = number * 10 + digit
        }
        return number
    }
}
