import SecurityCore
import Testing

@testable import SecurityHTTP

/// Characters that join with a delimiter to their right (Prepend) or to their left (Extend), so that Swift's `Character` hides it.
enum Joining {
    static let marks = [
        "\u{600}", "\u{8E2}", "\u{110BD}", "\u{301}", "\u{34F}", "\u{180B}", "\u{200D}", "\u{FE0F}", "\u{E0100}",
    ]

    /// As a request's target has it.
    static func encoded(_ mark: String) -> String { PercentCoding.encode(mark) }
}

/// Each mark before and behind each delimiter of each parser of the service.
@Suite struct CharacterTests {
    private static func request(
        _ target: String = "/", _ headers: [(String, String)] = [], peer: String? = "127.0.0.1"
    ) -> WebRequest {
        WebRequest(
            method: "GET", target: target, headers: headers.map { HeaderField($0.0, $0.1) },
            body: SharedSecret(utf8: ""), peer: peer, isTLS: false, id: "1")
    }

    @Test(arguments: Joining.marks)
    func `a target is split at the byte of its question mark`(mark: String) {
        let request = Self.request("/a\(mark)?\(mark)b")
        #expect(request.rawPath == ByteText("/a\(mark)"))
        #expect(request.rawQuery == ByteText("\(mark)b"))
    }

    @Test(arguments: Joining.marks)
    func `a cookie that ends in a joining character does not swallow the next one`(mark: String) {
        let cookies = RequestCookies(
            Self.request("/", [("cookie", "a=\(mark);\(mark)=b; session=\(mark)s\(mark); c=\"\(mark)q\(mark)\"; d=1")]))
        #expect(cookies["a"]?.equals(mark) == true)
        #expect(cookies["session"]?.equals("\(mark)s\(mark)") == true)
        #expect(cookies["c"]?.equals("\(mark)q\(mark)") == true)
        #expect(cookies["d"] == "1")
        #expect(cookies["session\(mark)"] == nil)
    }

    @Test(arguments: Joining.marks)
    func `media types are split at bytes`(mark: String) {
        #expect(MediaType.name("text/html\(mark);\(mark)charset=utf-8") == ByteText("text/html\(mark)"))
        #expect(MediaType.isJSON("application/json;\(mark)"))
        #expect(!MediaType.isJSON("application/json\(mark)"))
        #expect(!MediaType.isJSON("application/\(mark)+json\(mark)"))
        #expect(MediaType.wantsJSON(Self.request("/", [("accept", "text/html\(mark);\(mark);q=0.5,application/json")])))
        #expect(MediaType.wantsJSON(Self.request("/", [("accept", "application/json,\(mark)text/html;q=0.5")])))
    }

    @Test(arguments: Joining.marks)
    func `a URL is split at bytes`(mark: String) {
        let url = TargetURL("http://a\(mark)/\(mark)b\(mark)?\(mark)c\(mark)#\(mark)d")
        #expect(url.scheme == "http")
        #expect(url.authority?.equals("a\(mark)") == true)
        #expect(url.path.equals("/\(mark)b\(mark)"))
        #expect(url.query?.equals("\(mark)c\(mark)") == true)
        #expect(url.fragment?.equals("\(mark)d") == true)
        #expect(TargetURL("//\(mark)evil.example").authority != nil)
        #expect(TargetURL("http:\(mark)//a").scheme == "http")
    }

    @Test(arguments: Joining.marks)
    func `only the address that the proxy appended counts`(mark: String) throws {
        let proxies = try ProxyPolicy(
            SiteFixture("LIBSECURITY_PROXY_FIX = { x_for = 1, trusted = [\"127.0.0.1\"] }").settings)
        for forged in ["198.51.100.5\(mark)", "\(mark)", "198.51.100.5%\(mark)", "\(mark)198.51.100.5"] {
            for comma in [",", ", ", " , "] {
                let asked = Self.request("/", [("x-forwarded-for", forged + comma + "203.0.113.9")])
                #expect(proxies.client(of: asked) == "203.0.113.9")
            }
        }
        for text in ["203.0.113.9\(mark)", "\(mark)203.0.113.9", "1.2.3.4,\(mark)203.0.113.9", "203.0.113.9%\(mark)"] {
            #expect(proxies.client(of: Self.request("/", [("x-forwarded-for", text)])) == "127.0.0.1")
        }
    }

    @Test(arguments: Joining.marks)
    func `what an upstream may read otherwise is refused whatever stands beside it`(mark: String) {
        let code = Joining.encoded(mark)
        for path in [
            "/x\(code)/../admin", "/x\(code)/%2e%2e/admin", "/\(code)/../admin", "/x/..\(code)/../admin",
            "/x/./\(code)",
            "/x\(code)//admin", "/x/\(code)//\(code)/admin", "/x\(code)%2Fadmin", "/x%2f\(code)admin",
            "/x\(code)%5Cadmin",
            "/x\(code);/admin", "/x;\(code)/admin", "/x/..;\(code)/admin", "/x\(code)%3B/admin", "/x\(code)%252F",
            "/x\(code)./admin", "/x\(code)%20/admin", "/x\(code)/..", "/x\(code)%00\(code)", "\(code)/x", mark + "/x",
        ] {
            #expect(RequestPath(unambiguous: ByteText(path)) == nil, "\(path)")
        }
        for path in ["/x\(code)/\(code)y", "/\(code)", "/\(code)x\(code)/", "/admin/\(code)x", "/a.\(code)b"] {
            #expect(RequestPath(unambiguous: ByteText(path)) != nil, "\(path)")
        }
    }

    @Test(arguments: Joining.marks)
    func `a rule covers what lies below its bytes`(mark: String) throws {
        let rules = ProtectedRules(
            try SiteFixture(
                """
                LIBSECURITY_PROTECTED = [
                    { prefix = "/" },
                    { prefix = "/admin", mechanisms = ["session"] },
                    { path = "/one", mechanisms = ["session"] },
                    { prefix = "/caf\(mark)", mechanisms = ["session"] },
                ]
                """
            ).web().protected)
        func isProtected(_ path: String) -> Bool? {
            rules.rule(for: RequestPath(path)).map { !$0.mechanisms.isEmpty }
        }
        #expect(isProtected("/admin/\(mark)x") == true)
        #expect(isProtected("/admin/\(mark)") == true)
        #expect(isProtected("/one") == true)
        #expect(isProtected("/caf\(mark)/\(mark)") == true)
        #expect(isProtected("/admin\(mark)/x") == false)
        #expect(isProtected("/\(mark)admin/x") == false)
        #expect(isProtected("/one\(mark)") == false)
        #expect(isProtected("/caf/x") == false)
    }

    @Test(arguments: Joining.marks)
    func `our own routes are found by bytes`(mark: String) throws {
        let fixture = try SiteFixture("SECURITY_RECOVERABLE = true")
        let routes = RouteTable(try fixture.web(), fixture.policy)
        func template(_ path: String) -> String? { routes.template(of: RequestPath(decoding: ByteText(path))) }
        let code = Joining.encoded(mark)
        #expect(template("/reset/\(code)x\(code)") == "/reset/{token}")
        #expect(template("/reset/\(code)/\(code)") == nil)
        #expect(template("/reset\(code)/x") == nil)
        #expect(template("/login\(code)") == nil)
        #expect(template("/login") == "/login")
    }

    @Test(arguments: Joining.marks)
    func `every byte of markup is escaped`(mark: String) throws {
        for (markup, entity) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&#34;"), ("'", "&#39;")] {
            #expect(HTMLText.escaped(mark + markup + mark).equals(mark + entity + mark))
        }
        let typed = "x\"\(mark)>\(mark)<meta \(mark)>'\(mark)&\(mark)\""
        var form = FormView(name: "f", action: typed, submit: typed)
        form.hidden = [HeaderField("next", typed), HeaderField("csrf_token", "t")]
        var field = FieldView(name: "email", type: "email", label: typed)
        for value in ["", typed] {
            field.value = value
            form.fields = [field]
            var page = PageModel(template: "", title: typed)
            page.forms = [form]
            let text = try PageRenderer().render(page, stylesheet: "/s.css", menuTitle: typed)
            #expect(!ByteText(text).holds(ByteText("<meta \(mark)")))
            #expect(!ByteText(text).holds(ByteText("\"\(mark)>")))
            #expect(ByteText(text).holds(ByteText("value=\"\(HTMLText.escaped(typed))\">")))
            #expect(ByteText(text).has(prefix: "<!doctype html>\n"))
        }
    }

    @Test(arguments: Joining.marks)
    func `next leads to no other site`(mark: String) throws {
        let exchange = try Self.exchange(host: "id.example.com")
        for target in [
            "//\(mark)evil.com", "//evil.com\(mark)", "/\(mark)\\evil.com", "\\\(mark)\\evil.com", "/\\\(mark)evil.com",
            "//\(mark)/evil.com", "http://\(mark)evil.com", "http:\(mark)//evil.com", "https\(mark)://evil.com",
            "http://id.example.com\(mark)", "http://id.example.com\(mark)@evil.com",
            "http://evil.com\(mark)/id.example.com",
            "http://evil.com/\(mark).id.example.com", "http://evil.com?\(mark).id.example.com",
            "http://evil.com#\(mark).id.example.com", "http://evil.com\\\(mark).id.example.com",
            "http://\(mark).id.example.com", "http://a\(mark).id.example.com", "http://a.\(mark)id.example.com",
            "http://evil.com:\(mark)@id.example.com", "http://evil.com%2F\(mark).id.example.com",
        ] {
            #expect(exchange.isAllowed(target: target) == (target == "https\(mark)://evil.com"), "\(target)")
        }
        for target in [
            "/caf\(mark)e/\(mark)x?\(mark)q=\(mark)&r=//\(mark)#\(mark)", "/\(mark)", "http://id.example.com/\(mark)x",
            "//a.id.example.com/\(mark)?\\",
        ] {
            #expect(exchange.isAllowed(target: target), "\(target)")
        }
    }

    private static func exchange(host: String) throws -> Exchange {
        let fixture = try SiteFixture(
            "SERVER_NAME = \"id.example.com\"\nSECURITY_REDIRECT_ALLOW_SUBDOMAINS = true")
        let site = try Site(policy: fixture.policy, settings: fixture.settings, log: SiteLog { _, _, _ in })
        return Exchange(site: site, request: request("/login", [("host", host)]))
    }

    @Test(arguments: Joining.marks)
    func `blocks of addresses and mailboxes are split at bytes`(mark: String) {
        #expect(AddressRange("10.0.0.0\(mark)/8") == nil)
        #expect(AddressRange("10.0.0.0/\(mark)8") == nil)
        #expect(AddressRange("10.0.0.0/8\(mark)") == nil)
        #expect(MailMessage.address("A \(mark)<\(mark)a@b.example\(mark)>\(mark)").equals("\(mark)a@b.example\(mark)"))
        let mail = OutgoingMail(
            recipient: "a@b.example", sender: "\"A\(mark)\" \(mark)<a@b.example>",
            subject: "\(mark)\r\n\(mark)Bcc: x@y",
            text: "a\(mark)\n\(mark)b", html: nil)
        let bytes = MailMessage.bytes(mail, random: "r", now: Instant(seconds: 0))
        let lines = ByteText(String(decoding: bytes, as: UTF8.self)).parts(at: 0x0A)
        #expect(!lines.contains { $0.has(prefix: "Bcc") || $0.has(prefix: ByteText("\(mark)Bcc")) })
    }
}
