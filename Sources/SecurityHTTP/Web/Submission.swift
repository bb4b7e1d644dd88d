import SecurityCore
import SecurityTokens

/// What a request submits: the fields of a form or the members of a JSON object.
///
/// | body | Content-Type | result |
/// | --- | --- | --- |
/// | empty, or JSON `null` | any | no fields |
/// | an object, or a list of `[name, value]` pairs | JSON | its members |
/// | other JSON, or no JSON | JSON | no fields, and ``isReadable`` is false: forms are answered with 400 |
/// | `a=b&c=d` | application/x-www-form-urlencoded | its pairs; the first of a name counts |
/// | anything | other | no fields |
struct Submission {
    /// Whether the body is JSON, which decides where a CSRF token may be.
    let isJSON: Bool
    /// Whether the body is what its Content-Type promises, and fields may be in it.
    let isReadable: Bool
    private let members: [JSONMember]

    init(_ request: WebRequest) {
        isJSON = MediaType.isJSON(request.header("content-type"))
        if isJSON {
            let members = Submission.jsonMembers(request.body)
            isReadable = members != nil
            self.members = members ?? []
            return
        }
        isReadable = true
        if MediaType.name(request.header("content-type")) == "application/x-www-form-urlencoded" {
            members = request.body.withBytes { bytes in Submission.formMembers(bytes) }
        } else {
            members = []
        }
    }

    private static func jsonMembers(_ body: SharedSecret) -> [JSONMember]? {
        guard !body.isEmpty else { return [] }
        switch body.withBytes({ JSONReader.read($0) }) {
        case .null: return []
        case .object(let members): return members
        case .array(let pairs):
            var members: [JSONMember] = []
            for pair in pairs {
                guard let parts = pair.elements, parts.count == 2, let name = parts[0].string else { return nil }
                members.append(JSONMember(name, parts[1]))
            }
            return members
        default: return nil
        }
    }

    /// Decoded in wiped memory only: one of the fields may be a password.
    private static func formMembers(_ bytes: Span<UInt8>) -> [JSONMember] {
        var members: [JSONMember] = []
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x26 { end += 1 }
            var equals = start
            while equals < end, bytes[equals] != 0x3D { equals += 1 }
            let name = PercentCoding.decode(bytes.extracting(start..<equals), plusIsBlank: true)
            let value = PercentCoding.decode(bytes.extracting(min(equals + 1, end)..<end), plusIsBlank: true)
            if let name = name.withBytes({ JSONString(utf8: $0) }),
                let value = value.withBytes({ JSONString(utf8: $0) })
            {
                members.append(JSONMember(name, .string(value)))
            }
            start = end + 1
        }
        return members
    }

    /// The value of a field.
    subscript(name: String) -> JSONValue? { members.first { $0.name.equals(name) }?.value }

    /// Whether the field is there.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// Whether a field may be read as text: only JSON can hold anything else. Its null means that the field is absent.
    func isText(_ name: String) -> Bool { text(name) != nil }

    /// A field's text; empty for an absent one, nil for what is no text.
    func text(_ name: String) -> JSONString? {
        switch self[name] {
        case nil, .null: JSONString("")
        case .string(let text): text
        default: nil
        }
    }

    /// A field that is no secret.
    func plain(_ name: String) -> String { text(name)?.string ?? "" }

    /// A checkbox, as WTForms reads it: false for what is absent, false, "false", "", 0 and an empty list.
    func flag(_ name: String) -> Bool {
        switch self[name] {
        case nil: false
        case .bool(let value): value
        case .string(let text): !text.equals("") && !text.equals("false")
        case .integer(let number): number != 0
        case .array(let elements): !elements.isEmpty
        default: true
        }
    }
}
