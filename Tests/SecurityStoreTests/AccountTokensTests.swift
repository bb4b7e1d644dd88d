import SecurityCore
import SecurityTokens
import Testing

@testable import SecurityStore

/// The numbers are those of the requirements of ``AccountTokens``.
@Suite struct AccountTokensTests {
    private static let uniquifier = NewAccount.named("ann").fsUniquifier

    private func site() throws -> (site: Site, ann: Int64) {
        let site = try Site()
        return (site, try site.account("ann", isConfirmed: false))
    }

    @Test(arguments: AccountTokenKind.allCases)
    func `a token comes back as its account's`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let finding = try site.check(kind, site.token(kind, ann))
        #expect(finding.verdict == .valid)
        #expect(finding.account?.id == ann)
        #expect(finding.uniquifier == Self.uniquifier)
        #expect(finding.keyIndex == (kind == .remember ? nil : 0))
        #expect(finding.issuedAt == (kind == .remember ? nil : Instant.epoch.seconds))
    }

    @Test(arguments: AccountTokenKind.allCases)
    func `1 a token of one kind is none of another`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        for other in AccountTokenKind.allCases where other != kind {
            let finding = try site.check(other, token)
            #expect(finding.verdict == .invalid)
            #expect(finding.account == nil)
        }
    }

    @Test(arguments: AccountTokenKind.allCases)
    func `1 a changed token is nobody's`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        for index in [0, token.count / 2, token.count - 2] {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(try site.check(kind, changed).verdict == .invalid)
        }
        for text in [[], [0x2E], [UInt8](token.dropLast(3)), [UInt8](repeating: 0x41, count: 20_000)] {
            #expect(try site.check(kind, text).verdict == .invalid)
        }
    }

    @Test(
        arguments: [
            (AccountTokenKind.confirmation, Int64(5 * 86_400)), (.reset, 5 * 86_400), (.login, 86_400),
            (.changeEmail, 7200),
        ])
    func `a link is good in its last second and not a second longer`(kind: AccountTokenKind, age: Int64) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        site.wait(age)
        let last = try site.check(kind, token)
        #expect(last.verdict == .valid)
        #expect(last.expiresAt == site.now.seconds)
        site.wait(1)
        let late = try site.check(kind, token)
        #expect(late.verdict == .expired)
        #expect(late.account?.id == ann)
    }

    @Test(arguments: [AccountTokenKind.confirmation, .reset, .login, .changeEmail])
    func `a link from the future has expired`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        site.wait(-1)
        #expect(try site.check(kind, token).verdict == .expired)
    }

    @Test(arguments: AccountTokenKind.allCases)
    func `2 a new password ends every token`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        try site.store.setPassword(account: ann, hash: Secret(utf8: "h"), fsUniquifier: "new", now: site.now)
        let finding = try site.check(kind, token)
        #expect(finding.verdict == .unknownAccount)
        #expect(finding.account == nil)
        #expect(finding.uniquifier == Self.uniquifier)
    }

    @Test func `3 a confirmation ends with the address, whatever its age`() throws {
        let (site, ann) = try site()
        let token = try site.token(.confirmation, ann)
        try Folder.run(site.path, "UPDATE user SET email = 'other@example.org'")
        #expect(try site.check(.confirmation, token).verdict == .changed)
        site.wait(100 * 86_400)
        #expect(try site.check(.confirmation, token).verdict == .changed)
    }

    @Test func `3 a reset ends with the stored password`() throws {
        let (site, ann) = try site()
        let token = try site.token(.reset, ann)
        try Folder.run(site.path, "UPDATE user SET password = 'rehashed'")
        #expect(try site.check(.reset, token).verdict == .changed)
    }

    @Test func `an account without a password can be reset`() throws {
        let (site, ann) = try site()
        try Folder.run(site.path, "UPDATE user SET password = NULL")
        #expect(try site.check(.reset, site.token(.reset, ann)).verdict == .valid)
    }

    @Test(arguments: AccountTokenKind.allCases)
    func `who is not active does not sign in, and may confirm and reset`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        _ = try site.store.setActive(false, account: ann, now: site.now)
        let signsIn = ![.confirmation, .reset, .changeEmail].contains(kind)
        #expect(try site.check(kind, token).verdict == (signsIn ? .inactive : .valid))
    }

    @Test(arguments: [AccountTokenKind.confirmation, .reset, .login])
    func `4 a link is good once`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        #expect(try site.redeem(kind, token).verdict == .valid)
        #expect(try site.redeem(kind, token).verdict == .used)
        #expect(try site.check(kind, token).verdict == .used)
        site.wait(1)
        #expect(try site.check(kind, site.token(kind, ann)).verdict == (kind == .confirmation ? .used : .valid))
    }

    @Test func `4 another spelling of the signature is the same link`() throws {
        let (site, ann) = try site()
        let token = try site.token(.login, ann)
        #expect(try site.redeem(.login, token).verdict == .valid)
        #expect(try site.check(.login, token + [UInt8(ascii: "=")]).verdict == .used)
    }

    @Test func `4 of fifty who redeem a link one wins`() throws {
        let (site, ann) = try site()
        let token = try site.token(.reset, ann)
        let (policy, now) = (site.policy, site.now)
        let winners = race(50, path: site.path) { store in
            let environment = Environment(now: { now }, random: SystemRandom.bytes)
            let tokens = AccountTokens(policy: policy, store: store, environment: environment)
            return try tokens.redeem(.reset, token.span).verdict == .valid
        }
        #expect(winners == 1)
    }

    @Test func `redeeming a confirmation confirms the address`() throws {
        let (site, ann) = try site()
        #expect(try site.redeem(.confirmation, site.token(.confirmation, ann)).verdict == .valid)
        #expect(try site.store.account(id: ann)?.isConfirmed == true)
    }

    @Test(arguments: [AccountTokenKind.authentication, .remember])
    func `what is no link may be used again`(kind: AccountTokenKind) throws {
        let (site, ann) = try site()
        let token = try site.token(kind, ann)
        for _ in 0..<2 { #expect(try site.redeem(kind, token).verdict == .valid) }
    }

    @Test func `links may be used again where the policy says so`() throws {
        let site = try Site(tokens: { $0.linksAreSingleUse = false })
        let token = try site.token(.login, site.account("ann"))
        for _ in 0..<2 { #expect(try site.redeem(.login, token).verdict == .valid) }
    }

    @Test func `an authentication token says when its owner authenticated only where that counts`() throws {
        for (counts, moment) in [(true, Instant.epoch), (false, nil), (nil, nil)] as [(Bool?, Instant?)] {
            let site = try Site(tokens: { $0.freshnessInTokens = counts })
            let token = try site.token(.authentication, site.account("ann"))
            #expect(try site.check(.authentication, token).freshness.authenticatedAt == moment)
        }
    }

    @Test func `accounts with a token uniquifier are named by it`() throws {
        let (site, ann) = try site()
        let older = try site.token(.authentication, ann)
        try Folder.run(site.path, "ALTER TABLE user ADD COLUMN fs_token_uniquifier VARCHAR(64)")
        let store = try SQLiteStore(path: site.path)
        let tokens = AccountTokens(policy: site.policy, store: store, environment: site.environment)
        let account = try #require(try store.account(id: ann))
        #expect(throws: AccountTokenError.noTokenUniquifier) {
            _ = try tokens.make(.authentication, for: account)
        }
        try Folder.run(site.path, "UPDATE user SET fs_token_uniquifier = 'tok'")
        let newer = try tokens.make(.authentication, for: account).withBytes { try tokens.check(.authentication, $0) }
        #expect(newer.uniquifier == "tok")
        #expect(newer.account?.id == ann)
        #expect(try tokens.check(.authentication, older.span).account?.id == ann)
    }
}

/// What Flask's session cookie says of whoever is signed in.
@Suite struct SessionFindingTests {
    private static let authenticated = Instant.epoch.seconds

    private func cookie(_ site: Site, _ members: (String, SessionValue)...) -> [UInt8] {
        let session = FlaskSession(members.map { SessionMember($0.0, $0.1) })
        return SessionCookie(key: site.policy.secrets.secretKey).write(session, at: site.now)
            .withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    private func signedIn(_ site: Site, grace: Int64? = nil) -> [UInt8] {
        let name = SessionValue.string(JSONString(NewAccount.named("ann").fsUniquifier))
        let grace: SessionValue = grace.map { .integer($0) } ?? .null
        return cookie(site, ("_user_id", name), ("fs_paa", .real(Double(Self.authenticated) + 0.5)), ("fs_gexp", grace))
    }

    @Test func `a session is its owner's for as long as it lives`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let cookie = signedIn(site)
        site.wait(31 * 86_400)
        let last = try site.session(cookie)
        #expect(last.verdict == .valid)
        #expect(last.account?.id == ann)
        #expect(last.expiresAt == site.now.seconds)
        #expect(last.freshness.authenticatedAt == Instant(microseconds: Self.authenticated * 1_000_000 + 500_000))
        site.wait(1)
        let late = try site.session(cookie)
        #expect(late.verdict == .expired)
        #expect(late.issuedAt == Instant.epoch.seconds)
    }

    @Test func `a session ends with the account's activity and its uniquifier`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let cookie = signedIn(site)
        _ = try site.store.setActive(false, account: ann, now: site.now)
        #expect(try site.session(cookie).verdict == .inactive)
        try site.store.setPassword(account: ann, hash: Secret(utf8: "h"), fsUniquifier: "new", now: site.now)
        #expect(try site.session(cookie).verdict == .unknownAccount)
    }

    @Test func `nobody is signed in without a name`() throws {
        let site = try Site()
        try site.account("ann")
        #expect(try site.session(cookie(site, ("csrf_token", .bool(true)))).verdict == .anonymous)
        #expect(try site.session(cookie(site, ("_user_id", .integer(1)))).verdict == .anonymous)
        let pending = SessionValue.string(JSONString(NewAccount.named("ann").fsUniquifier))
        #expect(try site.session(cookie(site, ("tf_user_id", pending))).verdict == .anonymous)
    }

    @Test func `a session is no token, and a token no session`() throws {
        let site = try Site()
        let token = try site.token(.login, site.account("ann"))
        #expect(try site.session(token).verdict == .invalid)
        for kind in AccountTokenKind.allCases { #expect(try site.check(kind, signedIn(site)).verdict == .invalid) }
    }

    @Test(
        arguments: [
            (within: Int64(3600), grace: Int64?.none, wait: Int64(0), end: Int64?(3600)),
            (3600, nil, 3600, 3600), (3600, nil, 3601, nil), (3600, 4000, 3700, 4000), (3600, 4000, 10, 4000),
            (3600, 100, 10, 3600), (0, nil, 0, nil), (0, 50, 10, 50),
        ])
    func `freshness lasts as long as the next check would say so`(
        within: Int64, grace: Int64?, wait: Int64, end: Int64?
    ) throws {
        let site = try Site()
        try site.account("ann")
        let cookie = signedIn(site, grace: grace.map { Self.authenticated + $0 })
        site.wait(wait)
        var policy = FreshnessPolicy()
        policy.within = within * 1_000_000
        let until = try site.session(cookie).freshUntil(policy, now: site.now)
        // The half second is that of the authentication.
        let expected = end.map { Self.authenticated + $0 }
        #expect(until?.seconds == expected)
    }

    @Test func `freshness that nobody checks lasts for ever`() throws {
        let site = try Site()
        try site.account("ann")
        var policy = FreshnessPolicy()
        policy.within = -1
        let until = try site.session(signedIn(site)).freshUntil(policy, now: site.now)
        #expect(until == Instant(microseconds: .max))
    }
}

extension Site {
    var tokens: AccountTokens { AccountTokens(policy: policy, store: store, environment: environment) }

    func token(_ kind: AccountTokenKind, _ id: Int64) throws -> [UInt8] {
        let account = try #require(try store.account(id: id))
        let newEmail = kind == .changeEmail ? "new@example.org" : nil
        return try tokens.make(kind, for: account, newEmail: newEmail).withBytes { bytes in
            bytes.indices.map { bytes[$0] }
        }
    }

    func check(_ kind: AccountTokenKind, _ token: [UInt8]) throws -> TokenFinding { try tokens.check(kind, token.span) }

    /// Judges a session; that is no use of it but where it says so.
    func session(_ cookie: [UInt8], isUse: Bool = false) throws -> TokenFinding {
        try tokens.session(cookie.span, isUse: isUse)
    }

    func redeem(_ kind: AccountTokenKind, _ token: [UInt8]) throws -> TokenFinding {
        try tokens.redeem(kind, token.span)
    }
}
