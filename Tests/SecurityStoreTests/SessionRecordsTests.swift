import SecurityCore
import SecurityTokens
import Testing

@testable import SecurityStore

/// Sessions that end before their cookie does.
@Suite struct SessionRecordsTests {
    private let hour: Int64 = 3600

    private func site(idle: Int64 = 0, isRevocable: Bool = true) throws -> (site: Site, session: FlaskSession) {
        let site = try Site(tokens: { policy in
            policy.sessionIdleSeconds = idle
            policy.sessionsAreRevocable = isRevocable
        })
        try site.account("ann")
        return (site, session(paa: Double(site.now.seconds)))
    }

    /// As Flask-Security begins one; without `paa` as its remember cookie brings one back.
    private func session(paa: Double?) -> FlaskSession {
        var session = FlaskSession()
        session["_user_id"] = .string(JSONString(NewAccount.named("ann").fsUniquifier))
        if let paa { session["fs_paa"] = .real(paa) }
        return session
    }

    private func cookie(_ session: FlaskSession, _ site: Site) -> [UInt8] {
        SessionCookie(key: site.policy.secrets.secretKey).write(session, at: site.now).withBytes { bytes in
            bytes.indices.map { bytes[$0] }
        }
    }

    private func records(_ site: Site) -> SessionRecords {
        SessionRecords(policy: site.policy, store: site.store, now: site.now)
    }

    @Test func `a session that was signed out is over for every program, and no other of its owner`() throws {
        let (site, python) = try site()
        var own = python
        SessionRecords.begin(&own, policy: site.policy.tokens, random: Environment.system.random)
        #expect(own != python)
        try records(site).end(own)
        #expect(try site.session(cookie(own, site)).verdict == .ended)
        #expect(try site.session(cookie(python, site)).verdict == .valid)
        try records(site).end(python)
        #expect(try site.session(cookie(python, site)).verdict == .ended)
    }

    @Test func `without revocation a copied cookie goes on, as in Flask-Security`() throws {
        let (site, session) = try site(isRevocable: false)
        try records(site).end(session)
        #expect(try site.session(cookie(session, site)).verdict == .valid)
    }

    @Test(arguments: [(Int64(3600), TokenVerdict.valid), (3601, .expired)])
    func `a session that nobody uses is over`(seconds: Int64, verdict: TokenVerdict) throws {
        let (site, session) = try site(idle: hour)
        for session in [session, self.session(paa: nil)] {
            let cookie = cookie(session, site)
            site.wait(seconds)
            #expect(try site.session(cookie).verdict == verdict)
        }
    }

    @Test func `each use lets it live on, and an old copy of the cookie does not bring it back`() throws {
        let (site, session) = try site(idle: hour)
        let cookie = cookie(session, site)
        for _ in 0..<5 {
            site.wait(hour)
            #expect(try site.session(cookie, isUse: true).verdict == .valid)
        }
        site.wait(hour + 1)
        for _ in 0..<2 { #expect(try site.session(cookie, isUse: true).verdict == .expired) }
    }

    @Test func `looking at a session is no use of it`() throws {
        let (site, session) = try site(idle: hour)
        let cookie = cookie(session, site)
        site.wait(hour)
        #expect(try site.session(cookie).verdict == .valid)
        #expect(try Folder.value(site.path, "SELECT 1 FROM sqlite_master WHERE name = 'lsec_session_use'") == nil)
        site.wait(1)
        #expect(try site.session(cookie).verdict == .expired)
    }

    @Test func `a use is written a dozen times in that time, not with each request`() throws {
        let (site, session) = try site(idle: hour)
        let cookie = cookie(session, site)
        var moments: Set<String> = []
        for _ in 0..<360 {
            site.wait(10)
            #expect(try site.session(cookie, isUse: true).verdict == .valid)
            let isThere = try Folder.value(site.path, "SELECT 1 FROM sqlite_master WHERE name = 'lsec_session_use'")
            guard isThere != nil else { continue }
            if let used = try Folder.value(site.path, "SELECT used FROM lsec_session_use") { moments.insert(used) }
        }
        #expect((9...12).contains(moments.count))
    }

    @Test func `records of sessions that are over go`() throws {
        let (site, session) = try site(idle: hour)
        for index in 0..<40 {
            var other = session
            SessionRecords.begin(&other, policy: site.policy.tokens, random: Environment.system.random)
            let cookie = cookie(other, site)
            site.wait(hour)
            #expect(try site.session(cookie, isUse: true).verdict == .valid, "\(index)")
        }
        let left = try #require(try Folder.value(site.path, "SELECT count(*) FROM lsec_session_use"))
        #expect(try #require(Int(left)) < 20)
    }
}
