/// Finds words of the lists and of the user in a password: as they are, backwards, and with characters for letters.
struct WordMatcher {
    let dictionary: StrengthDictionary
    /// What is known of the user, in lower case.
    let userWords: [CodePoints]

    /// All three kinds, in zxcvbn's order.
    func matches(in password: CodePoints) -> [StrengthMatch] {
        plain(in: password) + reversed(in: password) + leet(in: password)
    }

    private func plain(in password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        let text = password.lowered
        for start in 0..<password.count {
            // A longer text in lower case has words at its end that no part of the password stands for.
            dictionary.words(in: text, at: start) { length, list, rank in
                guard start + length <= password.count else { return }
                matches.append(match(start, length, WordMatch(dictionary: list, rank: rank)))
            }
            appendUserWords(in: text, at: start, limit: password.count, &matches)
        }
        return byList(matches)
    }

    private func match(_ start: Int, _ length: Int, _ word: WordMatch) -> StrengthMatch {
        StrengthMatch(first: start, last: start + length - 1, pattern: .dictionary(word))
    }

    /// A word that was given twice has its later rank.
    private func appendUserWords(
        in text: CodePoints, at start: Int, limit: Int, _ matches: inout [StrengthMatch]
    ) {
        var found: [(length: Int, rank: Int)] = []
        for (index, word) in userWords.enumerated()
        where word.count > 0 && start + word.count <= limit && text.equals(start, word, 0, length: word.count) {
            found.removeAll { $0.length == word.count }
            found.append((word.count, index + 1))
        }
        for one in found {
            matches.append(match(start, one.length, WordMatch(dictionary: .userInputs, rank: one.rank)))
        }
    }

    /// By place; at one place in the order of the lists.
    private func byList(_ matches: [StrengthMatch]) -> [StrengthMatch] {
        let order = matches.indices.sorted { left, right in
            let (one, other) = (matches[left], matches[right])
            return (one.first, one.last, one.list) < (other.first, other.last, other.list)
        }
        return order.map { matches[$0] }
    }

    private func reversed(in password: CodePoints) -> [StrengthMatch] {
        let matches = plain(in: password.reversed).map { match in
            StrengthMatch(
                first: password.count - 1 - match.last, last: password.count - 1 - match.first,
                pattern: match.changed { $0.isReversed = true })
        }
        return StrengthMatch.sorted(matches)
    }

    private func leet(in password: CodePoints) -> [StrengthMatch] {
        var matches: [StrengthMatch] = []
        for substitutions in LeetTable.substitutions(for: password) {
            guard !substitutions.isEmpty else { break }
            let translated = CodePoints(count: password.count) { index in
                let letter = substitutions.first { UInt32($0.character) == password[index] }?.letter
                return letter.map { UInt32($0) } ?? password[index]
            }
            let lowered = translated.lowered
            for match in plain(in: translated) where match.count > 1 {
                let token = password.part(match.range).lowered
                // Only where a substitution made the word.
                guard !(token.count == match.count && lowered.equals(match.first, token, 0, length: token.count)) else {
                    continue
                }
                let used = substitutions.filter { one in
                    password.places(in: match.range) { $0 == UInt32(one.character) } > 0
                }
                let pattern = match.changed { word in
                    word.isLeet = true
                    word.substitutions = used
                }
                matches.append(StrengthMatch(first: match.first, last: match.last, pattern: pattern))
            }
        }
        return StrengthMatch.sorted(matches)
    }
}

extension StrengthMatch {
    /// The place of the word's list in zxcvbn's order.
    fileprivate var list: UInt8 {
        if case .dictionary(let word) = pattern { word.dictionary.rawValue } else { 0 }
    }

    /// The pattern with another word.
    fileprivate func changed(_ change: (inout WordMatch) -> Void) -> Pattern {
        guard case .dictionary(var word) = pattern else { return pattern }
        change(&word)
        return .dictionary(word)
    }
}

/// Characters that people write for letters.
enum LeetTable {
    private static let table: [(letter: UInt8, characters: [UInt8])] = [
        ("a", "4@"), ("b", "8"), ("c", "({[<"), ("e", "3"), ("g", "69"), ("i", "1!|"), ("l", "1|7"), ("o", "0"),
        ("s", "$5"), ("t", "+7"), ("x", "%"), ("z", "2"),
    ].map { row in (letter: Array(row.0.utf8)[0], characters: Array(row.1.utf8)) }

    /// Every way to read a password's characters as letters, each character as one letter at most. zxcvbn's own
    /// enumeration, in its order: it does not try all of them.
    static func substitutions(for password: CodePoints) -> [[LeetSubstitution]] {
        var all: [[LeetSubstitution]] = [[]]
        for row in table {
            let characters = row.characters.filter { character in
                password.places(in: 0..<password.count) { $0 == UInt32(character) } > 0
            }
            if !characters.isEmpty { all = extended(all, by: characters, for: row.letter) }
        }
        return all
    }

    private static func extended(
        _ all: [[LeetSubstitution]], by characters: [UInt8], for letter: UInt8
    ) -> [[LeetSubstitution]] {
        var next: [[LeetSubstitution]] = []
        for character in characters {
            for one in all {
                let added = LeetSubstitution(character: character, letter: letter)
                if let taken = one.firstIndex(where: { $0.character == character }) {
                    var other = one
                    other.remove(at: taken)
                    next += [one, other + [added]]
                } else {
                    next.append(one + [added])
                }
            }
        }
        return distinct(next)
    }

    private static func distinct(_ all: [[LeetSubstitution]]) -> [[LeetSubstitution]] {
        var known: Set<[UInt16]> = []
        return all.filter { one in
            known.insert(one.map { UInt16($0.letter) << 8 | UInt16($0.character) }.sorted()).inserted
        }
    }
}
