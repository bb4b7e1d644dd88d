import Testing

@testable import SecurityCore

/// SECURITY_PASSWORD_CHECK_BREACHED and SECURITY_PASSWORD_BREACHED_COUNT.
@Suite struct BreachedCheckTests {
    /// A service that knows one answer.
    final class Service: BreachedPasswords {
        let answer: Result<Int, BreachedError>
        init(_ answer: Result<Int, BreachedError>) { self.answer = answer }
        func count(of password: Span<UInt8>) throws(BreachedError) -> Int { try answer.get() }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let mode: BreachedPolicy.Mode
        let count: Int
        let answer: Result<Int, BreachedError>
        let verdict: BreachedCheck.Verdict
        var testDescription: String { "\(mode), \(count), \(answer)" }
    }

    @Test(arguments: [
        Case(mode: .off, count: 1, answer: .success(9), verdict: .clear),
        Case(mode: .bestEffort, count: 1, answer: .success(0), verdict: .clear),
        Case(mode: .bestEffort, count: 1, answer: .success(1), verdict: .breached(count: 1)),
        Case(mode: .strict, count: 10, answer: .success(9), verdict: .clear),
        Case(mode: .strict, count: 10, answer: .success(10), verdict: .breached(count: 10)),
        Case(mode: .strict, count: 0, answer: .success(0), verdict: .clear),
        Case(mode: .strict, count: 1, answer: .failure(.status(503)), verdict: .unknown(.status(503))),
        Case(mode: .bestEffort, count: 1, answer: .failure(.status(503)), verdict: .clear),
        Case(mode: .off, count: 1, answer: .failure(.status(503)), verdict: .clear),
    ])
    func `strict refuses what nobody knows, best effort lets it pass`(_ row: Case) {
        var policy = BreachedPolicy()
        (policy.mode, policy.count) = (row.mode, row.count)
        let check = BreachedCheck(policy: policy, service: Service(row.answer))
        #expect(check.verdict(on: Array("password".utf8).span) == row.verdict)
    }

    @Test func `without a file and a service strict names the key`() {
        var policy = BreachedPolicy()
        policy.mode = .strict
        #expect(BreachedCheck(policy: policy).verdict(on: [1].span) == .unknown(.notConfigured))
        policy.mode = .bestEffort
        #expect(BreachedCheck(policy: policy).verdict(on: [1].span) == .clear)
    }

    @Test func `a file comes before the service`() throws {
        let fixture = try BreachedFixture()
        var policy = BreachedPolicy()
        policy.mode = .strict
        policy.file = try fixture.write(BreachedFixture.list(100))
        let check = BreachedCheck(policy: policy, service: Service(.success(7)))
        #expect(check.verdict(on: Array("password 4".utf8).span) == .breached(count: 5))
        #expect(check.verdict(on: Array("another".utf8).span) == .clear)
        policy.file = "/nonexistent/list"
        let other = BreachedCheck(policy: policy, service: Service(.success(7)))
        #expect(other.verdict(on: [1].span) == .unknown(.missing(path: "/nonexistent/list")))
    }

    private func breached(_ lines: String) -> BreachedPolicy? { PolicyTexts.read(lines).policy?.passwords.breached }

    @Test(arguments: [
        ("false", BreachedPolicy.Mode.off), ("\"\"", .off), ("true", .bestEffort), ("\"best-effort\"", .bestEffort),
        ("\"strict\"", .strict),
    ])
    func `the mode is read as Flask-Security reads it`(_ value: String, _ mode: BreachedPolicy.Mode) {
        #expect(breached("SECURITY_PASSWORD_CHECK_BREACHED = \(value)")?.mode == mode)
    }

    @Test func `a relative file is beside the configuration`() {
        #expect(breached("LIBSECURITY_BREACHED_FILE = \"pwned.txt\"")?.file == "/etc/libsecurity/pwned.txt")
        #expect(breached("LIBSECURITY_BREACHED_FILE = \"/srv/pwned.txt\"")?.file == "/srv/pwned.txt")
    }

    @Test(arguments: [
        "https://api.pwnedpasswords.com/range/", "https://mirror.example:8443/", "http://localhost:8000/range/",
        "http://127.0.0.1/", "http://[::1]:80/x/",
    ])
    func `a service is named by its URL`(_ url: String) {
        #expect(breached("LIBSECURITY_BREACHED_URL = \"\(url)\"")?.service == url)
    }

    @Test(arguments: [
        "", "/", "https:///", "https://", "ftp://x/", "http://mirror.example/", "http://localhost.example/",
        "http://127.0.0.1.example/", "http://localhost:8000x/", "https://x/range", "https://u:p@x/", "https://x/?a=/",
        "https://x/#/", "https://x y/", "https://ü/", "http://localhost@example.org/", "file:///etc/", "HTTPS//x/",
    ])
    func `what is no service is an error`(_ url: String) {
        let errors = PolicyTexts.read("LIBSECURITY_BREACHED_URL = \"\(url)\"").errors
        #expect(errors.map(\.key) == ["LIBSECURITY_BREACHED_URL"])
    }
}
