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

    /// The text itself, of which the strings without escapes are parts.
    private let source: SharedSecret
    private var position = 0
    private var depth = 0

    private init(_ source: SharedSecret) {
        self.source = source
    }

    /// The value of a text; nil when Python would not read it, or a limit is passed.
    public static func read(_ text: Span<UInt8>) -> JSONValue? {
        text.count <= longest ? read(Secret(copying: text)) : nil
    }

    /// The value of a text that is not needed any more; nil as above.
    static func read(_ text: consuming Secret) -> JSONValue? {
        guard text.count <= longest else { return nil }
        let source = SharedSecret(text)
        return source.withBytes { text in
            guard UTF8Check.isValid(text) else { return nil }
            var reader = JSONReader(source)
            reader.skipBlanks(text)
            guard let value = reader.value(text) else { return nil }
            reader.skipBlanks(text)
            return reader.position == text.count ? value : nil
        }
    }

    private func peek(_ text: Span<UInt8>, _ ahead: Int = 0) -> UInt8? {
        let place = position + ahead
        return place < text.count ? text[place] : nil
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while let byte = peek(text), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Steps over `byte`, if it is the next one.
    private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        guard peek(text) == byte else { return false }
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
        if take(UInt8(ascii: "]"), text) { return .array(elements) }
        while true {
            skipBlanks(text)
            guard let element = value(text) else { return nil }
            elements.append(element)
            skipBlanks(text)
            if take(UInt8(ascii: "]"), text) { return .array(elements) }
            guard take(UInt8(ascii: ","), text) else { return nil }
        }
    }

    private mutating func object(_ text: Span<UInt8>) -> JSONValue? {
        var members = JSONMembers()
        skipBlanks(text)
        if take(UInt8(ascii: "}"), text) { return .object([]) }
        while true {
            skipBlanks(text)
            guard let name = string(text) else { return nil }
            skipBlanks(text)
            guard take(UInt8(ascii: ":"), text) else { return nil }
            skipBlanks(text)
            guard let value = value(text) else { return nil }
            members.set(name, value)
            skipBlanks(text)
            if take(UInt8(ascii: "}"), text) { return .object(members.list) }
            guard take(UInt8(ascii: ","), text) else { return nil }
        }
    }
}

/// The members of an object while it is read.
private struct JSONMembers {
    /// Up to this many are compared one by one, which costs less than hashing; more would be a stranger's way to square our
    /// work.
    private static let few = 8

    private(set) var list: [JSONMember] = []
    /// The place of each name, once there are more than a few.
    private var places: [JSONString: Int] = [:]

    /// Gives the member of this name a value, behind the others if it is new.
    mutating func set(_ name: JSONString, _ value: JSONValue) {
        if let place = place(of: name) {
            list[place].value = value
            return
        }
        if list.isEmpty { list.reserveCapacity(4) }
        list.append(JSONMember(name, value))
        if list.count > JSONMembers.few { places[name] = list.count - 1 }
    }

    private mutating func place(of name: JSONString) -> Int? {
        if list.count <= JSONMembers.few { return list.indices.first { list[$0].name == name } }
        if places.count < list.count { for place in list.indices { places[list[place].name] = place } }
        return places[name]
    }
}

// MARK: Strings

extension JSONReader {
    private mutating func string(_ text: Span<UInt8>) -> JSONString? {
        guard take(UInt8(ascii: "\""), text) else { return nil }
        let plain = takePlain(text)
        if take(UInt8(ascii: "\""), text) { return JSONString(plain, of: source) }
        var content = SecretBuilder(capacity: plain.count + 40)
        content.append(text.extracting(plain))
        while take(UInt8(ascii: "\\"), text) {
            guard let point = escape(text) else { return nil }
            WTF8.append(point, to: &content)
            content.append(text.extracting(takePlain(text)))
        }
        return take(UInt8(ascii: "\""), text) ? JSONString(bytes: content.finish()) : nil
    }

    /// Steps over what stands for itself in a string: neither a quote nor a backslash nor a control character.
    private mutating func takePlain(_ text: Span<UInt8>) -> Range<Int> {
        let start = position
        while let byte = peek(text), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            position += 1
        }
        return start..<position
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
        let isNegative = take(UInt8(ascii: "-"), text)
        if isNegative, take(word: "Infinity", text) { return .real(-.infinity) }
        let whole = position
        if !take(UInt8(ascii: "0"), text), takeDigits(text) == 0 { return nil }
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
        if digitCount == literal.count, digitCount <= 18 {
            return .integer(literal.indices.reduce(0) { $0 * 10 + Int64(literal[$1] - 0x30) })
        }
        let digits = String(decoding: literal.indices.map { literal[$0] }, as: UTF8.self)
        return Int64(digits).map { .integer($0) } ?? .bigInteger(digits)
    }

    private func real(_ literal: Span<UInt8>) -> JSONValue? {
        .real(PythonFloat.read(literal))
    }
}
