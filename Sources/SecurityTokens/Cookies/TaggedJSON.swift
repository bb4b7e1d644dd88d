import SecurityCore

/// Flask's tagged JSON (`flask.json.tag.TaggedJSONSerializer`): values beyond JSON are objects with one member, whose name is a
/// tag.
///
/// Read more strictly than Python does where a tag holds something that no writer puts there: `tuple("ab")` is no session.
public enum TaggedJSON {
    /// The registered tags.
    enum Tag: String, CaseIterable {
        /// A dictionary whose one key is a tag, with `__` behind the key.
        case dictionary = " di"
        case tuple = " t"
        case bytes = " b"
        case markup = " m"
        case uuid = " u"
        case date = " d"

        static func named(_ name: JSONString) -> Tag? {
            allCases.first { tag in name.equals(tag.rawValue) }
        }
    }

    // MARK: Reading

    /// The value of JSON; nil when a tag's content does not fit it.
    public static func untag(_ json: JSONValue) -> SessionValue? {
        switch json {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let number): .integer(number)
        case .bigInteger(let digits): .bigInteger(digits)
        case .real(let number): .real(number)
        case .string(let string): .string(string)
        case .array(let elements): untag(elements).map { .list($0) }
        case .object(let members): untag(members)
        }
    }

    private static func untag(_ elements: [JSONValue]) -> [SessionValue]? {
        var values: [SessionValue] = []
        for element in elements {
            guard let value = untag(element) else { return nil }
            values.append(value)
        }
        return values
    }

    private static func untag(_ members: [JSONMember]) -> SessionValue? {
        var entries: [SessionMember] = []
        for member in members {
            guard let value = untag(member.value) else { return nil }
            entries.append(SessionMember(member.name, value))
        }
        guard entries.count == 1, let tag = Tag.named(entries[0].name) else { return .dictionary(entries) }
        return untag(tag, entries[0].value)
    }

    private static func untag(_ tag: Tag, _ content: SessionValue) -> SessionValue? {
        switch (tag, content) {
        case (.dictionary, .dictionary(let entries)): unmarked(entries)
        case (.tuple, .list(let values)), (.tuple, .tuple(let values)): .tuple(values)
        case (.bytes, .string(let text)): bytes(text).map { .bytes($0) }
        case (.markup, .string(let text)): .markup(text)
        case (.uuid, .string(let text)): uuid(text).map { .uuid($0) }
        // What is no date is None to Flask.
        case (.date, .string(let text)): text.string.flatMap { HTTPDate.seconds(of: $0) }.map { .date($0) } ?? .null
        case (.date, .null): .null
        default: nil
        }
    }

    /// The dictionary whose key has `__` behind it; Python looks at its first entry only.
    private static func unmarked(_ entries: [SessionMember]) -> SessionValue? {
        guard let entry = entries.first else { return nil }
        let name = entry.name.withBytes { bytes -> JSONString? in
            let end = bytes.count - 2
            guard end >= 0, bytes[end] == 0x5F, bytes[end + 1] == 0x5F else { return nil }
            return JSONString(bytes: Secret(copying: bytes.extracting(first: end)))
        }
        return name.map { .dictionary([SessionMember($0, entry.value)]) }
    }

    private static func bytes(_ text: JSONString) -> [UInt8]? {
        let bytes = text.withBytes { text -> Secret? in
            guard text.indices.allSatisfy({ text[$0] < 0x80 }) else { return nil }
            return PythonBase64.decode(text, .standard)
        }
        return bytes?.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    private static func uuid(_ text: JSONString) -> String? {
        guard text.withBytes({ $0.count }) == 32 else { return nil }
        return text.withBytes { Hex.decode($0) }?.withBytes { Hex.text($0) }
    }

    // MARK: Writing

    /// The JSON of a value.
    public static func tag(_ value: SessionValue) -> JSONValue {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let number): .integer(number)
        case .bigInteger(let digits): .bigInteger(digits)
        case .real(let number): .real(number)
        case .string(let string): .string(string)
        case .list(let values): .array(values.map { tag($0) })
        case .dictionary(let entries): tag(entries)
        case .tuple(let values): tagged(.tuple, .array(values.map { tag($0) }))
        case .bytes(let bytes): tagged(.bytes, .string(JSONString(bytes: Base64.standard.encode(bytes.span))))
        case .markup(let text): tagged(.markup, .string(text))
        case .uuid(let digits): tagged(.uuid, .text(digits))
        case .date(let seconds): tagged(.date, .text(HTTPDate.text(of: seconds)))
        }
    }

    private static func tag(_ entries: [SessionMember]) -> JSONValue {
        if entries.count == 1, let key = Tag.named(entries[0].name) {
            return tagged(.dictionary, .object([JSONMember(key.rawValue + "__", tag(entries[0].value))]))
        }
        return .object(entries.map { JSONMember($0.name, tag($0.value)) })
    }

    private static func tagged(_ tag: Tag, _ content: JSONValue) -> JSONValue {
        .object([JSONMember(tag.rawValue, content)])
    }
}
