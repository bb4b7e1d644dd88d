import SecurityCore
import Testing

@testable import SecurityHTTP

@Suite struct ForwardedRequestTests {
    private let proxies: ProxyPolicy

    init() throws { proxies = try ProxyPolicy.trusting("127.0.0.1") }

    private static func request(_ headers: [(String, String)], peer: String? = "127.0.0.1") -> WebRequest {
        WebRequest(
            method: "GET", target: "/authz", headers: headers.map { HeaderField($0.0, $0.1) },
            body: SharedSecret(utf8: ""),
            peer: peer, isTLS: false, id: "1")
    }

    @Test(arguments: ["x-forwarded", "x-original"]) func `one whole set of headers names the request`(set: String)
        throws
    {
        let asked = Self.request([(set + "-method", "POST"), (set + "-uri", "/a%20b?c=/../d")])
        let found = try #require(ForwardedRequest(asked, proxies))
        #expect(found.method == "POST")
        #expect(found.path == RequestPath("/a b"))
        #expect(found.target == "/a%20b?c=/../d")
    }

    @Test(arguments: [
        "", "a", "/a/../b", "/a/./b", "/%2e%2e/b", "//a", "/a//b", "/a%2Fb", "/a\\b", "/a%5Cb", "/a b", "/a#b", "/a%00",
        "/a%25b",
        "/a%ff", "http://a/b",
    ])
    func `a target that two programs may read in two ways is refused`(target: String) {
        let asked = Self.request([("x-forwarded-method", "GET"), ("x-forwarded-uri", target)])
        #expect(ForwardedRequest(asked, proxies) == nil)
    }

    @Test func `headers of others, of two sets, or twice are refused`() {
        let set = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/a")]
        #expect(ForwardedRequest(Self.request(set), proxies) != nil)
        #expect(ForwardedRequest(Self.request(set, peer: "192.0.2.1"), proxies) == nil)
        #expect(ForwardedRequest(Self.request(set + [("x-original-uri", "/b")]), proxies) == nil)
        #expect(ForwardedRequest(Self.request(set + [("x-forwarded-uri", "/b")]), proxies) == nil)
        #expect(ForwardedRequest(Self.request([set[0]]), proxies) == nil)
    }
}

extension ProxyPolicy {
    fileprivate static func trusting(_ peer: String) throws -> ProxyPolicy {
        try ProxyPolicy(SiteFixture("LIBSECURITY_PROXY_FIX = { trusted = [\"\(peer)\"] }").settings)
    }
}

@Suite struct RedirectPatternTests {
    @Test(arguments: [
        ("////a", true), (#"\\\a"#, true), (" //a", true), ("\t\\\\a", true), ("/a", false), ("///a", false),
    ])
    func `Flask-Security's pattern refuses what it refuses there`(url: String, isRefused: Bool) {
        #expect(RedirectPattern.standard.refuses(ByteText(url)) == isRefused)
    }

    @Test func `a pattern that cannot be read lets plain paths through only`() {
        #expect(!RedirectPattern.unreadable.refuses("/a"))
        #expect(RedirectPattern.unreadable.refuses("//a"))
        #expect(RedirectPattern.unreadable.refuses("http://a"))
    }
}

@Suite struct TargetURLTests {
    @Test(arguments: [
        ("http://a.example/b?c#d", "http", "a.example", "/b"), ("//a/b", "", "a", "/b"), ("/b?c://d", "", nil, "/b"),
        ("mailto:x", "mailto", nil, "x"), ("1a:b", "", nil, "1a:b"),
    ])
    func `a URL is split as urlsplit does`(text: String, scheme: String, authority: String?, path: String) {
        let url = TargetURL(text)
        #expect(url.scheme == scheme)
        #expect(url.authority == authority)
        #expect(url.path == path)
        #expect(url.text == text)
    }

    @Test func `parameters go behind those of the view`() {
        #expect(TargetURL("/a?b=c").adding([("d", "e f&g")]).text == "/a?b=c&d=e+f%26g")
    }
}
