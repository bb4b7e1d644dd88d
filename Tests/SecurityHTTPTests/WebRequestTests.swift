import SecurityCore
import SecurityHTTP
import Testing

@Suite struct WebRequestTests {
    @Test func `a target is split at its first question mark`() {
        let request = WebRequest(
            method: "GET", target: "/a%20b?c=d?e", headers: [HeaderField("cookie", "a"), HeaderField("cookie", "b")],
            body: SharedSecret(utf8: ""), peer: nil, isTLS: false, id: "1")
        #expect(request.rawPath == "/a%20b")
        #expect(request.rawQuery == "c=d?e")
        #expect(request.headerList("cookie") == "a,b")
        #expect(request.header("host") == nil)
    }
}
