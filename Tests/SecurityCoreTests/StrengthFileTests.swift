import Foundation
import Testing

@testable import SecurityCore

/// A file of three words, and what may be wrong with it.
private struct WordsFile: Sendable {
    var magic = Array("LSECZX1\n".utf8)
    var wordCount = 3
    var textCount = 11
    var starts = [0, 3, 7, 11]
    var entries = [1, 1 << 24 | 7, 2]
    var text = Array("abcbabydoor".utf8)
    var isSealed = true
    var length: Int?

    var bytes: [UInt8] {
        let body = starts.flatMap(number) + entries.flatMap(number) + text
        let running = RunningDigest(.sha256)
        running.update(body.span)
        let digest = isSealed ? running.bytes() : [UInt8](repeating: 0, count: 32)
        let all = magic + number(wordCount) + number(textCount) + digest + body
        return Array(all.prefix(length ?? all.count))
    }

    private func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    func dictionary() throws(StrengthError) -> StrengthDictionary {
        try StrengthDictionary(bytes: Secret(copying: bytes.span))
    }
}

private struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: WordsFile

    init(_ description: String, _ change: (inout WordsFile) -> Void) {
        testDescription = description
        var file = WordsFile()
        change(&file)
        self.file = file
    }
}

@Suite struct StrengthFileTests {
    @Test func `a small file is used`() throws {
        let dictionary = try WordsFile().dictionary()
        let strength = Secret(utf8: "baby").withBytes { dictionary.estimate($0, words: []) }
        #expect(strength.warning == .singleWord)
        // Its rank, and one for the first sequence of matches.
        #expect(abs(strength.guessesLog10 - Foundation.log10(8)) < 1e-12)
    }

    @Test(arguments: [
        Damage("nothing") { $0.length = 0 },
        Damage("the header alone") { $0.length = 48 },
        Damage("one byte short") { $0.length = $0.bytes.count - 1 },
        Damage("one byte too many") { $0.text.append(0x61) },
        Damage("another magic") { $0.magic[6] = 0x32 },
        Damage("another checksum") { $0.isSealed = false },
        Damage("more words than there are") { $0.wordCount = 4 },
        Damage("very many words") { $0.wordCount = 0xFFFF_FFFF },
        Damage("very much text") { $0.textCount = 0xFFFF_FFFF },
        Damage("numbers that fit the length and nothing else") {
            $0.wordCount = 0
            $0.textCount = 35
            $0.starts[0] = 36
        },
        Damage("a word that ends before it begins") { $0.starts = [0, 7, 3, 11] },
        Damage("a word behind the text") { $0.starts = [0, 3, 12, 12] },
    ])
    private func `a damaged file is an error`(_ damage: Damage) {
        #expect(throws: StrengthError.damaged(path: "")) { try damage.file.dictionary() }
    }

    @Test(arguments: [
        Damage("an unknown list") { $0.entries[1] = 200 << 24 | 7 },
        Damage("words out of order") { $0.text = Array("doorbabyabc".utf8) },
        Damage("no text") {
            $0.starts = [0, 0, 0, 0]
            $0.text = []
            $0.textCount = 0
        },
    ])
    private func `a file that makes no sense finds less`(_ damage: Damage) throws {
        let dictionary = try damage.file.dictionary()
        let strength = Secret(utf8: "baby").withBytes { dictionary.estimate($0, words: []) }
        #expect(strength.warning != .singleWord)
        #expect((0...4).contains(strength.score))
    }

    @Test func `a file that is not there or is a folder is an error that names it`() {
        #expect(throws: StrengthError.missing(path: "/nowhere/words")) {
            try StrengthDictionary(path: "/nowhere/words")
        }
        #expect(throws: StrengthError.missing(path: "")) { try StrengthDictionary(path: "") }
        #expect(throws: StrengthError.damaged(path: "/")) { try StrengthDictionary(path: "/") }
        #expect(throws: StrengthError.damaged(path: "/dev/null")) { try StrengthDictionary(path: "/dev/null") }
    }
}

@Suite struct StrengthBoundsTests {
    @Test func `an empty password takes one guess`() throws {
        let dictionary = try StrengthFixture.dictionary()
        let strength = Secret(utf8: "").withBytes { dictionary.estimate($0, words: ["", "ann"]) }
        #expect(strength.score == 0)
        #expect(strength.guessesLog10 == 0)
        #expect(strength.suggestions == [.fewWords, .noNeedForSymbols])
    }

    @Test func `what follows the 72nd character changes nothing`() throws {
        let dictionary = try StrengthFixture.dictionary()
        let beginning = String(repeating: "aé", count: 36)
        let all = [beginning, beginning + "x", beginning + "correct horse battery staple"].map { text in
            Secret(utf8: text).withBytes { dictionary.estimate($0, words: []) }
        }
        #expect(all[0].warning == .repeatedWord)
        #expect(all[1] == all[0])
        #expect(all[2] == all[0])
    }

    /// Each of these takes the Python package minutes, or is where its search grows fastest.
    @Test(arguments: [
        String(repeating: "({[<4@1!|7$5+698032%", count: 205), String(repeating: "0", count: 4096),
        String(repeating: "11/11/1911", count: 400), String(repeating: "aabaab", count: 600),
        String(repeating: "😀\u{301}", count: 500),
    ])
    func `a hostile password has an estimate`(_ password: String) throws {
        let dictionary = try StrengthFixture.dictionary()
        let words = (0..<100).map { "word \($0)" } + [password]
        let strength = Secret(utf8: password).withBytes { dictionary.estimate($0, words: words) }
        #expect((0...4).contains(strength.score))
        #expect(strength.guessesLog10.isFinite)
    }

    @Test func `bytes that are not UTF-8 are judged like unknown characters`() throws {
        let dictionary = try StrengthFixture.dictionary()
        let bytes: [UInt8] = [0xFF, 0x80, 0xE2, 0x82, 0x61, 0xF5]
        let known = Secret(utf8: "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}a\u{FFFD}").withBytes {
            dictionary.estimate($0, words: [])
        }
        #expect(dictionary.estimate(bytes.span, words: []) == known)
    }
}
