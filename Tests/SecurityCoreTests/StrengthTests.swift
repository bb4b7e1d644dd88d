import Foundation
import Testing

@testable import SecurityCore

/// Tests/Vectors/strength.jsonl: 10,000 passwords as zxcvbn 4.5.0 for Python judges them.
private struct StrengthVector: Sendable {
    let password: String
    let words: [String]
    let score: Int
    let guessesLog10: Double
    let warning: String?
    let suggestions: [String]

    static let all: [StrengthVector] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/strength.jsonl")
        let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
        let rows = lines.compactMap { line in
            try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
        }
        guard let texts = rows.first as? [String] else { return [] }
        return rows.dropFirst().compactMap { row in
            guard let password = row[0] as? String, let words = row[1] as? [String], let score = row[2] as? Int,
                let guesses = row[3] as? Double, let warning = row[4] as? Int, let suggestions = row[5] as? [Int]
            else { return nil }
            return StrengthVector(
                password: password, words: words, score: score, guessesLog10: guesses,
                warning: warning < 0 ? nil : texts[warning], suggestions: suggestions.map { texts[$0] })
        }
    }()
}

/// The words that `Scripts/build-dist.sh` makes.
enum StrengthFixture {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../dist/share/libsecurity/zxcvbn.dat").standardized.path

    static func dictionary() throws -> StrengthDictionary { try StrengthDictionary(path: path) }
}

@Suite struct StrengthTests {
    @Test func `score, guesses, warning and suggestions are those of Python for 10,000 passwords`() throws {
        let dictionary = try StrengthFixture.dictionary()
        #expect(StrengthVector.all.count == 10_000)
        var different: [String] = []
        for vector in StrengthVector.all {
            let secret = Secret(utf8: vector.password)
            let found = secret.withBytes { dictionary.estimate($0, words: vector.words) }
            let isSame =
                found.score == vector.score && found.warning?.rawValue == vector.warning
                && found.suggestions.map(\.rawValue) == vector.suggestions
                && abs(found.guessesLog10 - vector.guessesLog10) < 1e-8
            if !isSame { different.append("\(vector)\n  \(found)") }
        }
        #expect(different.isEmpty, "\(different.count): \(different.prefix(5).joined(separator: "\n"))")
    }
}
