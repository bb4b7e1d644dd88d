/// White space as Python's `\s` knows it, in UTF-8: a code copied from a page or a phone may hold any of it.
enum Blank {
    /// The bytes of the blank that begins at `index`; nil when none does.
    static func count(in text: Span<UInt8>, at index: Int) -> Int? {
        let rest = text.count - index
        guard rest > 0 else { return nil }
        switch text[index] {
        case 0x09...0x0D, 0x1C...0x20: return 1
        case 0xC2 where rest >= 2: return text[index + 1] == 0x85 || text[index + 1] == 0xA0 ? 2 : nil
        case 0xE1...0xE3 where rest >= 3:
            return isWideBlank(text[index], text[index + 1], text[index + 2]) ? 3 : nil
        default: return nil
        }
    }

    /// U+1680, U+2000...200A, U+2028, U+2029, U+202F, U+205F and U+3000.
    private static func isWideBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second, third) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
            true
        default: false
        }
    }
}
