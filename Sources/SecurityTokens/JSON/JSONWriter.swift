public import SecurityCore

/// Writes JSON byte for byte as Python's `json.dumps(value, separators=(",", ":"))` does.
public struct JSONWriter: ~Copyable {
    /// How Python's two writers differ.
    public enum Style: Sendable {
        /// itsdangerous: `ensure_ascii=False`, members in their order.
        case itsdangerous
        /// Flask's JSON provider, of which the session cookie is made: `ensure_ascii=True, sort_keys=True`.
        case flask
    }

    private let style: Style
    private var text = SecretBuilder(capacity: 200)

    private init(_ style: Style) {
        self.style = style
    }

    /// The text of a value.
    public static func write(_ value: JSONValue, _ style: Style) -> Secret {
        var writer = JSONWriter(style)
        writer.append(value)
        return writer.finish()
    }

    private consuming func finish() -> Secret { text.finish() }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: text.append("null")
        case .bool(let value): text.append(value ? "true" : "false")
        case .integer(let number): text.append("\(number)")
        case .bigInteger(let digits): text.append(digits)
        case .real(let number): text.append(PythonFloat.text(number))
        case .string(let string): append(string)
        case .array(let elements): append(elements)
        case .object(let members): append(style == .flask ? JSONWriter.sorted(members) : members)
        }
    }

    private mutating func append(_ elements: [JSONValue]) {
        text.append(UInt8(ascii: "["))
        for index in elements.indices {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(elements[index])
        }
        text.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ members: [JSONMember]) {
        text.append(UInt8(ascii: "{"))
        for index in members.indices {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(members[index].name)
            text.append(UInt8(ascii: ":"))
            append(members[index].value)
        }
        text.append(UInt8(ascii: "}"))
    }

    /// By code points, as Python sorts; the order of WTF-8's bytes is the same.
    private static func sorted(_ members: [JSONMember]) -> [JSONMember] {
        members.sorted { left, right in
            left.name.withBytes { left in
                right.name.withBytes { right in
                    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
                        return left[index] < right[index]
                    }
                    return left.count < right.count
                }
            }
        }
    }

    private mutating func append(_ string: JSONString) {
        text.append(UInt8(ascii: "\""))
        string.withBytes { bytes in
            var index = 0
            while index < bytes.count { appendEscaped(WTF8.next(bytes, &index)) }
        }
        text.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ point: UInt32) {
        switch point {
        case 0x22: text.append("\\\"")
        case 0x5C: text.append("\\\\")
        case 0x08: text.append("\\b")
        case 0x0C: text.append("\\f")
        case 0x0A: text.append("\\n")
        case 0x0D: text.append("\\r")
        case 0x09: text.append("\\t")
        case ..<0x20: appendUnit(point)
        case 0x20..<0x7F: text.append(UInt8(truncatingIfNeeded: point))
        case 0xD800...0xDFFF: appendUnit(point)
        default: style == .flask ? appendUnits(point) : WTF8.append(point, to: &text)
        }
    }

    /// One or two UTF-16 units. Half a surrogate pair is escaped in both styles: Python could not encode it otherwise.
    private mutating func appendUnits(_ point: UInt32) {
        guard point >= 0x10000 else { return appendUnit(point) }
        appendUnit(0xD800 + (point - 0x10000) >> 10)
        appendUnit(0xDC00 + (point - 0x10000) & 0x3FF)
    }

    private mutating func appendUnit(_ unit: UInt32) {
        text.append("\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
            text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
