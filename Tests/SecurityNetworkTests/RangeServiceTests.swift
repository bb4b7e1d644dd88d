import SecurityCore
import Testing

@testable import SecurityNetwork

/// The range API against a server on loopback. Numbers are those of the requirements of ``HTTPRequest``.
@Suite struct RangeServiceTests {
    private func outcome(
        _ base: String, _ password: String = "password 7", _ limits: HTTPRequest.Limits = HTTPRequest.Limits(),
        authorities: String? = nil
    ) -> Result<Int, BreachedError> {
        let service = RangeService(url: base, limits: limits, authorities: authorities)
        do throws(BreachedError) {
            return .success(try service.count(of: Array(password.utf8).span))
        } catch {
            return .failure(error)
        }
    }

    @Test func `a known password has its count, another has none, padding does not count`() throws {
        let server = try RangeServer()
        let base = "http://127.0.0.1:\(server.port)/range/"
        for number in stride(from: 0, to: 1000, by: 37) {
            #expect(outcome(base, "password \(number)") == .success(number % 50 + 1))
        }
        for password in ["password 1000", "padding", "", "pässword"] { #expect(outcome(base, password) == .success(0)) }
        #expect(outcome("http://127.0.0.1:\(server.port)/bom/") == .success(8))
    }

    @Test(arguments: [
        ("missing", BreachedError.status(404)), ("busy", .status(429)), ("broken", .status(503)),
        ("moved", .status(302)), ("cut", .malformedAnswer), ("empty", .malformedAnswer), ("page", .malformedAnswer),
        ("letters", .malformedAnswer), ("huge", .answerTooLong),
    ])
    func `an answer that is none is an error, 1 and 3`(_ behaviour: String, _ error: BreachedError) throws {
        let server = try RangeServer()
        #expect(outcome("http://127.0.0.1:\(server.port)/\(behaviour)/") == .failure(error))
    }

    @Test(arguments: ["silent", "trickle", "truncated"])
    func `an answer that does not come is an error, 3`(_ behaviour: String) throws {
        let server = try RangeServer()
        var limits = HTTPRequest.Limits()
        limits.total = 400
        let outcome = outcome("http://127.0.0.1:\(server.port)/\(behaviour)/", "password 7", limits)
        guard case .failure(.unreachable(let reason)) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func `a server that is not there is an error`() throws {
        var server: RangeServer? = try RangeServer()
        let base = "http://127.0.0.1:\(try #require(server?.port))/range/"
        server = nil
        guard case .failure(.unreachable) = outcome(base) else {
            Issue.record("an answer from nobody")
            return
        }
    }

    @Test func `a certificate must be of a trusted authority, for the name, 2`() throws {
        let certificates = try TestCertificates(name: "DNS:localhost")
        let authority = certificates.path("authority.pem")
        let server = try RangeServer(certificates)
        let base = "https://localhost:\(server.port)/range/"
        #expect(outcome(base, authorities: authority) == .success(8))
        for (base, authorities) in [(base, nil), ("https://127.0.0.1:\(server.port)/range/", authority)] {
            guard case .failure(.unreachable) = outcome(base, authorities: authorities) else {
                Issue.record("\(base) was trusted")
                return
            }
        }
    }

    @Test func `no other scheme is spoken, 1`() {
        for url in ["file:///etc/", "ftp://127.0.0.1/", "gopher://127.0.0.1/"] {
            guard case .failure(.unreachable) = outcome(url) else {
                Issue.record("\(url) was fetched")
                return
            }
        }
    }
}
