/// A value in a Flask session: what Python has beyond JSON, too.
public indirect enum SessionValue: Equatable {
    /// `None`.
    case null
    /// A truth value.
    case bool(Bool)
    /// An integer of 64 bits.
    case integer(Int64)
    /// An integer beyond them; see ``JSONValue/bigInteger(_:)``.
    case bigInteger(String)
    /// A `float`.
    case real(Double)
    /// A `str`.
    case string(JSONString)
    /// A `list`.
    case list([SessionValue])
    /// A `dict`.
    case dictionary([SessionMember])
    /// A `tuple`.
    case tuple([SessionValue])
    /// `bytes`.
    case bytes([UInt8])
    /// A `Markup`: a text that is safe HTML.
    case markup(JSONString)
    /// A `UUID`: 32 hex digits in lower case.
    case uuid(String)
    /// A `datetime`, in seconds since the epoch.
    case date(Int64)
}

/// One entry of a dictionary.
public struct SessionMember: Equatable {
    /// Its key.
    public var name: JSONString
    /// Its value.
    public var value: SessionValue

    /// An entry by key and value.
    public init(_ name: JSONString, _ value: SessionValue) {
        self.name = name
        self.value = value
    }

    /// An entry with a key of ours.
    public init(_ name: String, _ value: SessionValue) {
        self.init(JSONString(name), value)
    }
}
