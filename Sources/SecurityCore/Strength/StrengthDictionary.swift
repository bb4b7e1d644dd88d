import CLibc

/// The frequency lists of zxcvbn: common passwords, words and names by rank.
///
/// The file is made by `Scripts/strength-words.py`; numbers are little-endian:
///
///     offset  bytes       what
///     0       8           "LSECZX1\n"
///     8       4           number of words W
///     12      4           bytes of text T
///     16      32          SHA-256 of all that follows
///     48      4 x (W+1)   where each word begins in the text; the last one is T
///     ..      4 x W       list (see ``List``) in the top byte, rank in the others
///     ..      T           the words, of ASCII without capitals, in order of their bytes; none comes twice
///
/// It is read as a whole, 1.5 MB, when a new password is judged: a mapped file that becomes shorter kills the process.
public final class StrengthDictionary {
    /// The lists, in zxcvbn's order: matches of earlier ones win over equal ones of later ones.
    enum List: UInt8 {
        case passwords, englishWikipedia, femaleNames, surnames, usTVAndFilm, maleNames
        /// What is known of the user.
        case userInputs
    }

    private let file: Secret
    private let wordCount: Int

    private static let headCount = 48
    private static let longest = 1 << 24

    /// Reads the file at `path`.
    public init(path: String) throws(StrengthError) {
        file = try StrengthFile.read(path, longest: StrengthDictionary.longest)
        wordCount = try file.withBytes { (bytes) throws(StrengthError) in
            try StrengthDictionary.check(bytes, path: path)
        }
    }

    /// Takes the bytes of a file.
    public init(bytes: borrowing Secret) throws(StrengthError) {
        file = bytes.copy()
        wordCount = try file.withBytes { (bytes) throws(StrengthError) in
            try StrengthDictionary.check(bytes, path: "")
        }
    }

    /// The number of words of a file that is what it should be.
    private static func check(_ bytes: Span<UInt8>, path: String) throws(StrengthError) -> Int {
        let damaged = StrengthError.damaged(path: path)
        guard bytes.count >= headCount + 4, bytes.begins(with: "LSECZX1\n") else { throw damaged }
        let words = bytes.word(at: 8)
        let text = bytes.word(at: 12)
        guard words <= longest, text <= longest, bytes.count == headCount + 8 * words + 4 + text else { throw damaged }
        let digest = RunningDigest(.sha256)
        digest.update(bytes.extracting(droppingFirst: headCount))
        let computed = Secret(count: 32) { out in digest.finish(&out) }
        let isWhole = computed.withBytes { computed in
            ConstantTime.equal(computed, bytes.extracting(16..<headCount))
        }
        guard isWhole else { throw damaged }
        var last = 0
        for index in 0...words {
            let start = bytes.word(at: headCount + 4 * index)
            guard start >= last, start <= text else { throw damaged }
            last = start
        }
        return words
    }

    /// Calls `found` for each word of the lists that begins at `start` in a text: its length, list and rank.
    func words(in text: CodePoints, at start: Int, _ found: (Int, List, Int) -> Void) {
        file.withBytes { bytes in
            var low = 0
            var high = wordCount
            for place in start..<text.count {
                let character = text[place]
                guard character < 0x80 else { return }
                let depth = place - start
                low = bound(bytes, low..<high, depth, Int(character))
                high = bound(bytes, low..<high, depth, Int(character) + 1)
                guard low < high else { return }
                if range(of: low, bytes).count == depth + 1 {
                    let entry = bytes.word(at: StrengthDictionary.headCount + 4 * (wordCount + 1) + 4 * low)
                    if let list = List(rawValue: UInt8(truncatingIfNeeded: entry >> 24)) {
                        found(depth + 1, list, entry & 0xFF_FFFF)
                    }
                }
            }
        }
    }

    /// The first of `words`, which share their first `depth` characters, whose next one is at least `character`.
    private func bound(_ bytes: Span<UInt8>, _ words: Range<Int>, _ depth: Int, _ character: Int) -> Int {
        var low = words.lowerBound
        var high = words.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            let word = range(of: middle, bytes)
            let next = depth < word.count ? Int(bytes[word.lowerBound + depth]) : -1
            if next < character { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where a word stands in the file. The numbers were checked when it was read.
    private func range(of word: Int, _ bytes: Span<UInt8>) -> Range<Int> {
        let text = StrengthDictionary.headCount + 8 * wordCount + 4
        let start = bytes.word(at: StrengthDictionary.headCount + 4 * word)
        let end = bytes.word(at: StrengthDictionary.headCount + 4 * word + 4)
        return text + start..<text + end
    }
}

extension Span where Element == UInt8 {
    /// The 32-bit number at `place`, little-endian.
    fileprivate func word(at place: Int) -> Int {
        Int(self[place]) | Int(self[place + 1]) << 8 | Int(self[place + 2]) << 16 | Int(self[place + 3]) << 24
    }
}

/// What kept a password from being judged.
public enum StrengthError: Error, Equatable {
    /// There is no such file.
    case missing(path: String)
    /// The file may not be read, by `errno`.
    case unreadable(path: String, code: Int32)
    /// It is not the file that this version makes, or not all of it.
    case damaged(path: String)
}

extension StrengthError: CustomStringConvertible {
    /// What is wrong and the way out, in English.
    public var description: String { MessageCatalogue().text(message) }

    /// The same for people of any language.
    public var message: Message {
        switch self {
        case .missing(let path): Message(.strengthFileMissing, .init("path", path))
        case .unreadable(let path, let code):
            Message(.strengthFileUnreadable, .init("path", path), .init("code", "\(code)"))
        case .damaged(let path): Message(.strengthFileDamaged, .init("path", path))
        }
    }
}
