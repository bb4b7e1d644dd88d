import Testing

@testable import SecurityCore

/// The column `us_totp_secrets`.
@Suite struct UnifiedSecretsTests {
    private func read(_ text: String) -> UnifiedSecrets? { UnifiedSecrets(SharedSecret(utf8: text)) }

    @Test(arguments: [
        ("{}", [] as [String]), (" { } ", []), (#"{"email":"x"}"#, ["email"]),
        ("{\"email\": \"x\",\n\t\"sms\" : \"y\"}\r\n", ["email", "sms"]), (#"{"e\u006dail": "x"}"#, ["email"]),
        (#"{"own": "x\"}{,"}"#, ["own"]),
    ])
    func `an object of texts is read`(text: String, methods: [String]) {
        #expect(read(text)?.methods == methods)
    }

    @Test(arguments: [
        "", "null", "[]", "{", "}", "{}}", "{} x", #"{"email"}"#, #"{"email":}"#, #"{"email":null}"#, #"{"email":{}}"#,
        #"{"email":"x",}"#, #"{,"email":"x"}"#, #"{"email":"x" "sms":"y"}"#, #"{"email":"x"#, #"{"email":"x\"#,
        #"{"email":"x\"}"#, "{\"email\":\"a\nb\"}", #"{"email":"x","email":"y"}"#, #"{"email":"x","e\u006dail":"y"}"#,
        #"{"\q":"x"}"#, #"{email:"x"}"#, #"{'email':'x'}"#, "{\"email\":\"x\"}\0",
    ])
    func `anything else is no column`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `length and number are bounded`() {
        let long = UnifiedSecrets.longestColumn - #"{"a":""}"#.utf8.count
        #expect(read(#"{"a":""# + String(repeating: "x", count: long) + #""}"#) != nil)
        #expect(read(#"{"a":""# + String(repeating: "x", count: long + 1) + #""}"#) == nil)
        func members(_ count: Int) -> String {
            "{" + (0..<count).map { "\"m\($0)\":\"\"" }.joined(separator: ",") + "}"
        }
        #expect(read(members(UnifiedSecrets.mostMethods)) != nil)
        #expect(read(members(UnifiedSecrets.mostMethods + 1)) == nil)
    }

    @Test(arguments: [
        (#"{\"v\":1}"#, #"{"v":1}"#), (#"a\\b\/c\b\f\n\r\t"#, "a\\b/c\u{8}\u{c}\n\r\t"),
        (#"\u00e9\u20AC\ud83d\ude00"#, "é€😀"), ("é", "é"), ("", ""),
    ])
    func `a wallet's text is what Python's json reads`(written: String, wallet: String) {
        #expect(read(#"{"sms":""# + written + #""}"#)?.wallet(of: "sms")?.text() == wallet)
    }

    @Test(arguments: [#"\q"#, #"\u12"#, #"\u12g4"#, #"\ud83d"#, #"\ud83dx"#, #"\ud83d\u0041"#, #"\ude00"#])
    func `a text with a bad escape is no wallet, and the others stay readable`(written: String) {
        let secrets = read(#"{"sms":""# + written + #"","email":"x"}"#)
        #expect(secrets?.wallet(of: "sms") == nil)
        #expect(secrets?.wallet(of: "email")?.text() == "x")
        #expect(secrets?.wallet(of: "authenticator") == nil)
    }

    @Test func `another wallet leaves every other byte as it is`() {
        let secrets = read(#"{ "own":"\u0041" , "sms":"old", "email":"x" }"#)
        #expect(
            secrets?.replacing(SharedSecret(utf8: #"{"a":"\"}"#), of: "sms")?.text()
                == #"{ "own":"\u0041" , "sms":"{\"a\":\"\\\"}", "email":"x" }"#)
        #expect(secrets?.replacing(SharedSecret(utf8: "x"), of: "authenticator") == nil)
    }
}
