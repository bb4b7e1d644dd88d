/// Text from outside, taken apart by its UTF-8 bytes alone.
///
/// A Swift String is a list of grapheme clusters. A delimiter behind U+0600 or before U+0301 is part of another Character there, so
/// `split`, `hasPrefix`, `contains` and `==` do not see it; every other program does. `==` also takes U+212A for `K`. This type has
/// none of those methods: two texts are equal when their bytes are.
public struct ByteText: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let text: Substring

    /// A whole text.
    public init(_ text: String) { self.text = Substring(text) }

    /// A part of a text.
    public init(_ text: Substring) { self.text = text }

    /// A part of a text, by its bytes.
    public init(_ bytes: Substring.UTF8View) { text = Substring(bytes) }

    /// A text of the code.
    public init(stringLiteral text: String) { self.text = Substring(text) }

    /// The text, for what takes it as a whole.
    public var string: String { String(text) }

    /// The text.
    public var description: String { String(text) }

    /// Its bytes.
    public var utf8: Substring.UTF8View { text.utf8 }

    /// How many bytes it has.
    public var count: Int { text.utf8.count }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { text.isEmpty }

    // MARK: Looking

    /// Whether a byte is in it.
    public func holds(_ byte: UInt8) -> Bool { utf8.contains(byte) }

    /// Whether every byte is one that `isRight` takes.
    public func holdsOnly(_ isRight: (UInt8) -> Bool) -> Bool { utf8.allSatisfy(isRight) }

    /// Whether another text stands somewhere in it.
    public func holds(_ other: ByteText) -> Bool { range(of: other) != nil }

    /// Whether it begins with a text.
    public func has(prefix: ByteText) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Whether it ends with a text.
    public func has(suffix: ByteText) -> Bool {
        utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Whether it is an ASCII text in another case.
    public func equalsIgnoringCase(_ other: ByteText) -> Bool {
        utf8.elementsEqual(other.utf8) { ByteText.lowered($0) == ByteText.lowered($1) }
    }

    // MARK: Taking apart

    /// What stands behind a text that it begins with; nil when it does not.
    public func dropping(prefix: ByteText) -> ByteText? {
        has(prefix: prefix) ? ByteText(utf8.dropFirst(prefix.utf8.count)) : nil
    }

    /// What stands before a text that it ends with; nil when it does not.
    public func dropping(suffix: ByteText) -> ByteText? {
        has(suffix: suffix) ? ByteText(utf8.dropLast(suffix.utf8.count)) : nil
    }

    /// What stands between the delimiters, the empty parts included. The delimiter is an ASCII character.
    public func parts(at delimiter: UInt8, atMost most: Int = .max) -> [ByteText] {
        utf8.split(separator: delimiter, maxSplits: max(most, 1) - 1, omittingEmptySubsequences: false)
            .map { ByteText($0) }
    }

    /// The words between blanks of a kind, without empty ones.
    public func words(between delimiter: UInt8 = 0x20) -> [ByteText] {
        utf8.split(separator: delimiter).map { ByteText($0) }
    }

    /// What stands before the first delimiter and behind it; nil behind when it has none.
    public func cut(at delimiter: UInt8) -> (before: ByteText, behind: ByteText?) {
        guard let place = utf8.firstIndex(of: delimiter) else { return (self, nil) }
        return (ByteText(utf8[..<place]), ByteText(utf8[utf8.index(after: place)...]))
    }

    /// What stands before the last delimiter and behind it; nil when it has none.
    public func cutLast(at delimiter: UInt8) -> (before: ByteText, behind: ByteText)? {
        guard let place = utf8.lastIndex(of: delimiter) else { return nil }
        return (ByteText(utf8[..<place]), ByteText(utf8[utf8.index(after: place)...]))
    }

    /// Without blanks and tabs at its ends (RFC 9110 section 5.6.3: OWS).
    public var trimmed: ByteText {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let rest = utf8.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
        return ByteText(rest[...last])
    }

    /// At most so many bytes from its beginning, and no part of a scalar.
    public func begin(_ most: Int) -> ByteText {
        guard utf8.count > most else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(most, 0))
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return ByteText(utf8[..<end])
    }

    /// The text with every place of another text replaced, from the left.
    public func replacing(_ other: ByteText, with new: ByteText) -> ByteText {
        var result = ""
        var rest = self
        while !other.isEmpty, let found = rest.range(of: other) {
            result += rest.text[..<found.lowerBound]
            result += new.text
            rest = ByteText(rest.text[found.upperBound...])
        }
        return ByteText(result + rest.text)
    }

    private func range(of other: ByteText) -> Range<Substring.Index>? {
        let bytes = utf8
        let length = other.utf8.count
        var start = bytes.startIndex
        while let end = bytes.index(start, offsetBy: length, limitedBy: bytes.endIndex) {
            if bytes[start..<end].elementsEqual(other.utf8) { return start..<end }
            guard start < bytes.endIndex else { return nil }
            start = bytes.index(after: start)
        }
        return nil
    }

    // MARK: Case

    /// With A to Z in lower case, and nothing else changed: SQL's `lower()`.
    public var lowered: ByteText {
        guard utf8.contains(where: { ByteText.lowered($0) != $0 }) else { return self }
        return ByteText(String(decoding: utf8.lazy.map { ByteText.lowered($0) }, as: UTF8.self))
    }

    /// With a to z in upper case, and nothing else changed.
    public var uppered: ByteText {
        guard utf8.contains(where: { 0x61...0x7A ~= $0 }) else { return self }
        return ByteText(String(decoding: utf8.lazy.map { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }, as: UTF8.self))
    }

    /// A byte in lower case where it is A to Z.
    public static func lowered(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
}

extension ByteText: Hashable {
    /// Whether the bytes are the same.
    public static func == (left: ByteText, right: ByteText) -> Bool { left.utf8.elementsEqual(right.utf8) }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}

extension ByteText: Comparable {
    /// The order of the bytes, which is that of the scalars.
    public static func < (left: ByteText, right: ByteText) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

extension String {
    /// Whether the bytes are the same; `==` compares characters, of which several have more than one spelling.
    public func equals(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
