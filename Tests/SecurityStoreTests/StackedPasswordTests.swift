import SecurityCore
import Testing

@testable import SecurityStore

/// The throttle of a login that begins with a password of a module above (try_first_pass).
@Suite struct StackedPasswordTests {
    private func login(_ site: Site) throws -> Authentication {
        let login = site.login("ann")
        _ = try login.begin()
        #expect(try login.tryPassword(Secret(utf8: "wrong")) == nil)
        return login
    }

    @Test func `a code is delayed by wrong codes, also after a password that was tried before`() throws {
        let site = try Site(factors: .site(required: true))
        try site.account("ann", withApp: true)
        for _ in 0..<4 { _ = try site.outcome("ann", Site.password, "000000") }
        let login = try login(site)
        #expect(try login.answer(Secret(utf8: Site.password)) == .ask(.code))
        #expect(try login.answer(Secret(utf8: site.code())) == .denied(.throttled))
    }

    @Test func `the guess after the first is spared its delay, and that of the next login is not`() throws {
        let site = try Site()
        try site.account("ann")
        for _ in 0..<3 { _ = try site.outcome("ann", "wrong") }
        let login = try login(site)
        #expect(try login.answer(Secret(utf8: "wrong too")) == .denied(.wrongPassword))
        #expect(try site.outcome("ann", Site.password) == .denied(.throttled))
    }

    @Test func `the guess after the first is not spared the limit`() throws {
        var throttle = ThrottlePolicy()
        throttle.limit = 1
        let site = try Site(throttle: throttle)
        try site.account("ann")
        let login = try login(site)
        #expect(try login.answer(Secret(utf8: Site.password)) == .denied(.exhausted))
    }
}
