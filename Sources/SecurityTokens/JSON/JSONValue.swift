/// A value of JSON as Python reads it: objects keep their order, integers have any length, NaN and infinities are numbers.
public enum JSONValue: Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer beyond 64 bits: a sign, where it is negative, and decimal digits without a leading zero.
    case bigInteger(String)
    case real(Double)
    case string(JSONString)
    case array([JSONValue])
    /// Members in the order of their first appearance; no name comes twice.
    case object([JSONMember])

    /// A text of ours.
    public static func text(_ text: String) -> JSONValue { .string(JSONString(text)) }

    /// The text, of a text.
    public var string: JSONString? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The truth value, of a truth value.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The number, of an integer that fits.
    public var integer: Int64? {
        if case .integer(let number) = self { return number }
        return nil
    }

    /// The number, of an integer that fits or a number with a fraction.
    public var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .bool, .bigInteger, .string, .array, .object: nil
        }
    }

    /// The elements, of an array.
    public var elements: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The members, of an object.
    public var members: [JSONMember]? {
        if case .object(let members) = self { return members }
        return nil
    }

    /// The member of this name, of an object that has one.
    public subscript(name: String) -> JSONValue? {
        guard let members else { return nil }
        for member in members where member.name.equals(name) { return member.value }
        return nil
    }

    /// The element at this place, of an array that has one.
    public subscript(index: Int) -> JSONValue? {
        guard let elements, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

/// One member of an object.
public struct JSONMember: Equatable {
    /// Its name.
    public var name: JSONString
    /// Its value.
    public var value: JSONValue

    /// A member by name and value.
    public init(_ name: JSONString, _ value: JSONValue) {
        self.name = name
        self.value = value
    }

    /// A member with a name of ours.
    public init(_ name: String, _ value: JSONValue) {
        self.init(JSONString(name), value)
    }
}
