import CLibc
import SecurityCore

/// Reads JSON as Python's `json.loads` does, from a signed text or from a stranger's.
///
/// 1. The text MUST be UTF-8 and one value; white space is blank, tab, line feed and carriage return.
/// 2. Of two members of one name the last one counts, at the place of the first.
/// 3. `NaN`, `Infinity` and `-Infinity` are numbers; an integer has up to 4300 digits (Python's own limit).
/// 4. A lone surrogate in an escape is kept.
/// 5. At most ``deepest`` levels and ``longest`` bytes. Python's limits are a thousand levels and the memory; no honest
///    payload comes near ours.
public struct JSONReader {
    /// Levels of arrays and objects.
    public static let deepest = 100
    /// Bytes of a text.
    public static let longest = 65_536
    private static let mostDigits = 4300

    private var position = 0
    private var depth = 0

    private init() {}

    /// The value of a text; nil when Python would not read it, or a limit is passed.
    public static func read(_ text: Span<UInt8>) -> JSONValue? {
        guard text.count <= longest, UTF8Check.isValid(text) else { return nil }
        var reader = JSONReader()
        reader.skipBlanks(text)
        guard let value = reader.value(text) else { return nil }
        reader.skipBlanks(text)
        return reader.position == text.count ? value : nil
    }

    private func peek(_ text: Span<UInt8>, _ ahead: Int = 0) -> UInt8? {
        let place = position + ahead
        return place < text.count ? text[place] : nil
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while let byte = peek(text), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Steps over `byte`, if it is the next one.
    private mutating func take(_ byte: Character, _ text: Span<UInt8>) -> Bool {
        guard let wanted = byte.asciiValue, peek(text) == wanted else { return false }
        position += 1
        return true
    }

    /// Steps over `word`, if it comes next.
    private mutating func take(word: String, _ text: Span<UInt8>) -> Bool {
        var ahead = 0
        for byte in word.utf8 {
            guard peek(text, ahead) == byte else { return false }
            ahead += 1
        }
        position += ahead
        return true
    }

    private mutating func value(_ text: Span<UInt8>) -> JSONValue? {
        switch peek(text) {
        case UInt8(ascii: "\""): return string(text).map { text in .string(text) }
        case UInt8(ascii: "{"): return nested(text) { reader, text in reader.object(text) }
        case UInt8(ascii: "["): return nested(text) { reader, text in reader.array(text) }
        case UInt8(ascii: "n"): return take(word: "null", text) ? .null : nil
        case UInt8(ascii: "t"): return take(word: "true", text) ? .bool(true) : nil
        case UInt8(ascii: "f"): return take(word: "false", text) ? .bool(false) : nil
        case UInt8(ascii: "N"): return take(word: "NaN", text) ? .real(.nan) : nil
        case UInt8(ascii: "I"): return take(word: "Infinity", text) ? .real(.infinity) : nil
        default: return number(text)
        }
    }

    private mutating func nested(
        _ text: Span<UInt8>, _ body: (inout JSONReader, Span<UInt8>) -> JSONValue?
    ) -> JSONValue? {
        guard depth < JSONReader.deepest else { return nil }
        depth += 1
        position += 1
        defer { depth -= 1 }
        return body(&self, text)
    }

    private mutating func array(_ text: Span<UInt8>) -> JSONValue? {
        var elements: [JSONValue] = []
        skipBlanks(text)
        if take("]", text) { return .array(elements) }
        while true {
            skipBlanks(text)
            guard let element = value(text) else { return nil }
            elements.append(element)
            skipBlanks(text)
            if take("]", text) { return .array(elements) }
            guard take(",", text) else { return nil }
        }
    }

    private mutating func object(_ text: Span<UInt8>) -> JSONValue? {
        var members: [JSONMember] = []
        var places: [JSONString: Int] = [:]
        skipBlanks(text)
        if take("}", text) { return .object(members) }
        while true {
            skipBlanks(text)
            guard let name = string(text) else { return nil }
            skipBlanks(text)
            guard take(":", text) else { return nil }
            skipBlanks(text)
            guard let value = value(text) else { return nil }
            if let place = places[name] {
                members[place].value = value
            } else {
                places[name] = members.count
                members.append(JSONMember(name, value))
            }
            skipBlanks(text)
            if take("}", text) { return .object(members) }
            guard take(",", text) else { return nil }
        }
    }
}

// MARK: Strings

extension JSONReader {
    private mutating func string(_ text: Span<UInt8>) -> JSONString? {
        guard take("\"", text) else { return nil }
        var content = SecretBuilder(capacity: 40)
        while let byte = peek(text) {
            position += 1
            if byte == UInt8(ascii: "\"") { return JSONString(bytes: content.finish()) }
            if byte < 0x20 { return nil }
            if byte != UInt8(ascii: "\\") {
                content.append(byte)
            } else {
                guard let point = escape(text) else { return nil }
                WTF8.append(point, to: &content)
            }
        }
        return nil
    }

    /// The code point of an escape whose backslash has been read.
    private mutating func escape(_ text: Span<UInt8>) -> UInt32? {
        guard let letter = peek(text) else { return nil }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(letter)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return codePoint(text)
        default: return nil
        }
    }

    /// The code point of `\u` and four digits; of two such escapes, where they are the halves of a pair.
    private mutating func codePoint(_ text: Span<UInt8>) -> UInt32? {
        guard let high = fourDigits(text, 0) else { return nil }
        position += 4
        guard (0xD800...0xDBFF).contains(high), peek(text) == UInt8(ascii: "\\"), peek(text, 1) == UInt8(ascii: "u"),
            let low = fourDigits(text, 2), (0xDC00...0xDFFF).contains(low)
        else { return high }
        position += 6
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    private func fourDigits(_ text: Span<UInt8>, _ ahead: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in 0..<4 {
            guard let byte = peek(text, ahead + index), let digit = Hex.digit(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

// MARK: Numbers

extension JSONReader {
    private mutating func number(_ text: Span<UInt8>) -> JSONValue? {
        let start = position
        let isNegative = take("-", text)
        if isNegative, take(word: "Infinity", text) { return .real(-.infinity) }
        let whole = position
        if !take("0", text), takeDigits(text) == 0 { return nil }
        let digitCount = position - whole
        let isReal = takeFraction(text)
        let hasExponent = takeExponent(text)
        let literal = text.extracting(start..<position)
        return isReal || hasExponent ? real(literal) : JSONReader.integer(literal, digitCount)
    }

    /// Steps over digits; how many there are.
    private mutating func takeDigits(_ text: Span<UInt8>) -> Int {
        let start = position
        while let byte = peek(text), (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func takeFraction(_ text: Span<UInt8>) -> Bool {
        guard peek(text) == UInt8(ascii: "."), let digit = peek(text, 1), (0x30...0x39).contains(digit) else {
            return false
        }
        position += 1
        return takeDigits(text) > 0
    }

    private mutating func takeExponent(_ text: Span<UInt8>) -> Bool {
        guard let letter = peek(text), letter | 0x20 == UInt8(ascii: "e") else { return false }
        let sign = peek(text, 1)
        let skipped = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? 2 : 1
        guard let digit = peek(text, skipped), (0x30...0x39).contains(digit) else { return false }
        position += skipped
        return takeDigits(text) > 0
    }

    private static func integer(_ literal: Span<UInt8>, _ digitCount: Int) -> JSONValue? {
        guard digitCount <= mostDigits else { return nil }
        let digits = String(decoding: literal.indices.map { literal[$0] }, as: UTF8.self)
        return Int64(digits).map { .integer($0) } ?? .bigInteger(digits)
    }

    private func real(_ literal: Span<UInt8>) -> JSONValue? {
        .real(PythonFloat.read(literal))
    }
}
