/// A compiled catalogue of translations, as GNU gettext's `msgfmt` and Babel write it.
///
/// Requirements (tests name the number):
/// 1. Every number of the file is checked before it is used: no input makes this trap, or read outside the bytes.
/// 2. Either byte order, revisions 0 and 1.
/// 3. Texts are UTF-8. A file that declares another charset holds no translations.
/// 4. An entry with a plural is found by its singular and gives its first form; one with a context is not found without
///    that.
/// 5. A translation with control characters other than line feeds is none: it would reach terminals.
public struct MOFile {
    /// The longest file in bytes.
    static let longest = 4 << 20

    private let bytes: [UInt8]
    private let isLittleEndian: Bool
    private let count: Int
    private let originals: Int
    private let translations: Int
    private let isSorted: Bool

    /// Reads the head of a file; nil when it is none, or not in UTF-8.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= 28, bytes.count <= MOFile.longest else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0xDE, 0x12, 0x04, 0x95): isLittleEndian = true
        case (0x95, 0x04, 0x12, 0xDE): isLittleEndian = false
        default: return nil
        }
        let head = MOFile.Words(bytes: bytes, isLittleEndian: isLittleEndian)
        guard let revision = head[4], revision >> 16 <= 1, let count = head[8], let originals = head[12],
            let translations = head[16], originals <= bytes.count, translations <= bytes.count,
            count <= (bytes.count - originals) / 8, count <= (bytes.count - translations) / 8
        else { return nil }
        self.bytes = bytes
        self.count = count
        self.originals = originals
        self.translations = translations
        isSorted = MOFile.isSorted(head, count: count, table: originals)
        guard isInUTF8 else { return nil }
    }

    /// The translation of an English text; nil when there is none.
    public func translation(of text: String) -> String? {
        guard !text.isEmpty, let index = index(of: Array(text.utf8)),
            let range = words.text(index, table: translations)
        else { return nil }
        let form = bytes[range].prefix { $0 != 0 }
        guard !form.isEmpty, form.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x0A }),
            let translation = String(validating: form, as: UTF8.self),
            !translation.unicodeScalars.contains(where: { (0x80...0x9F).contains($0.value) })
        else { return nil }
        return translation
    }

    private var words: Words { Words(bytes: bytes, isLittleEndian: isLittleEndian) }

    /// Whether the header, which translates the empty text, names UTF-8 or a part of it, or no charset.
    private var isInUTF8: Bool {
        guard let index = index(of: []), let range = words.text(index, table: translations) else { return true }
        let mark = Array("charset=".utf8)
        var start = range.lowerBound
        while start + mark.count <= range.upperBound {
            if bytes[start..<(start + mark.count)].elementsEqual(mark) {
                let name = bytes[(start + mark.count)..<range.upperBound].prefix { $0 > 0x20 && $0 != 0x3B }
                    .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                return ["utf-8", "utf8", "us-ascii", "ascii"].contains { $0.utf8.elementsEqual(name) }
            }
            start += 1
        }
        return true
    }

    /// Where an original stands. Files are sorted; one that is not is searched from its beginning.
    private func index(of text: [UInt8]) -> Int? {
        guard isSorted else {
            return (0..<count).first { index in words.singular(index, table: originals)?.elementsEqual(text) == true }
        }
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            guard let candidate = words.singular(middle, table: originals) else { return nil }
            if candidate.elementsEqual(text) { return middle }
            if candidate.lexicographicallyPrecedes(text) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func isSorted(_ words: Words, count: Int, table: Int) -> Bool {
        var last: ArraySlice<UInt8> = []
        for index in 0..<count {
            guard let text = words.singular(index, table: table), !text.lexicographicallyPrecedes(last) else {
                return false
            }
            last = text
        }
        return true
    }
}

extension MOFile {
    /// The numbers and texts of a file, each checked.
    private struct Words {
        let bytes: [UInt8]
        let isLittleEndian: Bool

        /// The 32-bit number at an offset.
        subscript(offset: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - 4 else { return nil }
            var value = 0
            for position in 0..<4 {
                value = value << 8 | Int(bytes[offset + (isLittleEndian ? 3 - position : position)])
            }
            return value
        }

        /// Where a text of a table lies. The caller has checked that the table lies inside the file.
        func text(_ index: Int, table: Int) -> Range<Int>? {
            guard let length = self[table + 8 * index], let start = self[table + 8 * index + 4],
                start <= bytes.count, length <= bytes.count - start
            else { return nil }
            return start..<(start + length)
        }

        /// The singular of an original.
        func singular(_ index: Int, table: Int) -> ArraySlice<UInt8>? {
            guard let range = text(index, table: table) else { return nil }
            return bytes[range].prefix { $0 != 0 }
        }
    }
}
