import SecurityCore
import SecurityTokens
import Testing

@Suite struct HostileInputTests {
    private let signer = Signer(key: TokenVectors.key, salt: "hostile")
    private var serializer: TimedSerializer { TimedSerializer(signer) }

    private func loads(_ value: JSONValue) -> TokenReading {
        serializer.dumps(value, at: Instant(seconds: 0)).withBytes {
            serializer.loads($0, maxAge: 0, now: Instant(seconds: 0))
        }
    }

    @Test func `a small cookie that opens to more than the limit is refused`() {
        let limit = URLSafePayload.longestJSON
        // With its two quotes.
        #expect(loads(.text(String(repeating: "a", count: limit - 2))).payload != nil)
        #expect(loads(.text(String(repeating: "a", count: limit - 1))) == .refused(.badPayload))
        #expect(loads(.text(String(repeating: "a", count: 9_000_000))) == .refused(.badPayload))
    }

    @Test func `nesting has a limit`() {
        func nested(_ levels: Int) -> JSONValue {
            (1..<levels).reduce(.array([])) { inner, _ in .array([inner]) }
        }
        #expect(loads(nested(JSONReader.deepest)).payload != nil)
        #expect(loads(nested(JSONReader.deepest + 1)) == .refused(.badPayload))
        #expect(JSONReader.read(Array(String(repeating: "[", count: 60_000).utf8).span) == nil)
    }

    @Test func `a token beyond the limit is not looked at`() {
        let token = Array(String(repeating: "a.", count: TokenLimits.longest).utf8)
        #expect(serializer.loads(token.span, maxAge: nil, now: Instant(seconds: 0)) == .refused(.tooLong))
    }

    @Test func `many members of one name cost no more than many of different names`() {
        let text = "{" + (0..<5000).map { "\"k\($0 % 3)\":\($0)" }.joined(separator: ",") + "}"
        let value = JSONReader.read(Array(text.utf8).span)
        #expect(value?.members?.count == 3)
        #expect(value?["k1"] == .integer(4999))
    }
}

@Suite struct TaggedJSONTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let value: @Sendable () -> SessionValue

        init(_ json: String, _ value: @autoclosure @escaping @Sendable () -> SessionValue) {
            testDescription = json
            self.value = value
        }
    }

    static let rows = [
        Row(#"{" t":[1,[null]]}"#, .tuple([.integer(1), .list([.null])])),
        Row(#"{" b":"AAH/"}"#, .bytes([0, 1, 255])),
        Row(#"{" m":"<b>"}"#, .markup(JSONString("<b>"))),
        Row(#"{" u":"0123456789abcdef0123456789abcdef"}"#, .uuid("0123456789abcdef0123456789abcdef")),
        Row(#"{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}"#, .date(1_700_000_000)),
        Row(#"{" d":"Wed, 31 Dec 1969 23:59:59 GMT"}"#, .date(-1)),
        Row(#"{" d":"Tue, 29 Feb 2000 00:00:00 GMT"}"#, .date(951_782_400)),
        Row(#"{" di":{" t__":1}}"#, .dictionary([SessionMember(" t", .integer(1))])),
        Row(
            #"{" t":1,"a":true}"#,
            .dictionary([SessionMember(" t", .integer(1)), SessionMember("a", .bool(true))])),
        Row(#"{"a":null,"b":1.5}"#, .dictionary([SessionMember("a", .null), SessionMember("b", .real(1.5))])),
    ]

    @Test(arguments: rows)
    func `every tag is written as Flask writes it and read back`(_ row: Row) throws {
        #expect(text(JSONWriter.write(TaggedJSON.tag(row.value()), .flask)) == row.testDescription)
        #expect(try TaggedJSON.untag(#require(json(row.testDescription))) == row.value())
    }

    @Test(arguments: [#"{" t":1}"#, #"{" b":"A"}"#, #"{" b":"é"}"#, #"{" u":"0"}"#, #"{" m":[]}"#, #"{" di":{}}"#])
    func `a tag around what it cannot hold is refused`(_ text: String) throws {
        #expect(try TaggedJSON.untag(#require(json(text))) == nil)
    }

    @Test(arguments: ["Tue, 31 Feb 2023 00:00:00 GMT", "yesterday", "Tue, 14 Nov 2023 24:00:00 GMT", ""])
    func `a date that is none is None`(_ text: String) {
        #expect(TaggedJSON.untag(.object([JSONMember(" d", .text(text))])) == .null)
    }
}
