import SecurityCore
import Testing

@testable import SecurityHTTP

@Suite struct APIDescriptionTests {
    private static let everything = """
        SECURITY_REGISTERABLE = true
        SECURITY_CONFIRMABLE = true
        SECURITY_RECOVERABLE = true
        SECURITY_CHANGEABLE = true
        LIBSECURITY_PUBLIC_URL = "https://id.example.org"
        """

    private static func description(_ lines: String) throws -> APIDescription {
        let site = try SiteFixture(lines)
        let web = try site.web()
        return APIDescription(web: web, policy: site.policy, routes: RouteTable(web, site.policy))
    }

    private static func paths(_ lines: String) throws -> [String] {
        guard case .map(let paths)? = try description(lines).document["paths"] else { return [] }
        return paths.map(\.name)
    }

    /// A flow that gets a route gets its operations, too.
    @Test(arguments: ["", "SECURITY_PASSWORDLESS = true"])
    func `every method of every endpoint is described`(further: String) throws {
        let description = try Self.description(Self.everything + "\n" + further)
        #expect(description.routes.endpoints.count >= 9)
        for endpoint in description.routes.endpoints {
            #expect(description.operations(of: endpoint).map(\.method) == endpoint.methods, "\(endpoint.path)")
        }
    }

    @Test func `an operation has a name of its own`() throws {
        let description = try Self.description(Self.everything + "\nSECURITY_PASSWORDLESS = true")
        let names = description.routes.endpoints.flatMap { description.operations(of: $0) }.compactMap(\.id)
        #expect(Set(names).count == names.count)
    }

    @Test func `a flow that is off has no path`() throws {
        #expect(try Self.paths("") == ["/login", "/logout", "/verify", "/end-sessions"])
        #expect(try Self.paths("SECURITY_CHANGEABLE = true").contains("/change"))
        #expect(try Self.paths("SECURITY_FRESHNESS = -1") == ["/login", "/logout", "/end-sessions"])
    }

    @Test func `of two flows with one path the served one is described`() throws {
        let lines = "SECURITY_CHANGEABLE = true\nSECURITY_CHANGE_URL = \"/login\""
        let description = try Self.description(lines)
        #expect(description.routes.endpoints.filter { $0.path == "/login" }.map(\.key) == ["SECURITY_CHANGE_URL"])
    }
}
