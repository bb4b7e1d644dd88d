import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct AuthenticationTests {
    private let right = Site.password

    @Test func `a password alone lets in where nothing more is due`() throws {
        let site = try Site()
        try site.account("ann")
        #expect(try site.steps(site.login("ann"), right) == [.ask(.password), .granted])
        #expect(try site.steps(site.login("ann"), "wrong") == [.ask(.password), .denied(.wrongPassword)])
        #expect(try site.steps(site.login("bob"), right) == [.ask(.password), .denied(.unknownAccount)])
    }

    @Test func `a code is asked after a right password and is good once`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        let code = site.code()
        #expect(try site.steps(site.login("ann"), right, code) == [.ask(.password), .ask(.code), .granted])
        #expect(try site.outcome("ann", right, code) == .denied(.usedCode))
        #expect(try site.outcome("ann", right, site.code(-1)) == .denied(.usedCode))
        site.wait(30)
        #expect(try site.outcome("ann", right, site.code()) == .granted)
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.steps(site.login("ann"), "wrong", code) == [.ask(.password), .denied(.wrongPassword)])
    }

    @Test func `a recovery code lets in once`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true, codes: "0000-1111-2222,3333-4444-5555")
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .granted)
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .denied(.wrongCode))
        #expect(try site.value("SELECT mf_recovery_codes FROM user") == "3333-4444-5555")
        try Folder.run(site.path, "UPDATE user SET mf_recovery_codes = '0000-1111-2222'")
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .denied(.wrongCode))
    }

    @Test func `recovery codes that are switched off are no factor`() throws {
        let site = try Site(factors: .site(recovery: false))
        try site.account("ann", withApp: true, codes: "0000-1111-2222")
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .denied(.wrongCode))
        #expect(try site.value("SELECT mf_recovery_codes FROM user") == "0000-1111-2222")
    }

    @Test(arguments: ["something-new", "e-mail"])
    func `a factor that cannot be asked here leaves the recovery codes`(method: String) throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true, codes: "0000-1111-2222")
        try Folder.run(site.path, "UPDATE user SET tf_primary_method = '\(method)'")
        #expect(try site.outcome("ann", right, site.code()) == .denied(.wrongCode))
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .granted)
        #expect(try site.outcome("ann", right, "0000-1111-2222") == .denied(.noUsableFactor))
    }

    @Test(
        arguments: [
            ("{}", "malformed"), (#"{"key":"GEZDGNBV","type":"hotp","v":1}"#, "wrong-type"),
            (#"{"key":"GEZDGNBV","type":"totp","v":2}"#, "wrong-version"),
            (#"{"enckey":{"c":4,"k":"AAAAAAAA","s":"AAAAAAAA","t":"9","v":1},"type":"totp","v":1}"#, "unknown-tag"),
            (
                #"{"enckey":{"c":31,"k":"AAAAAAAA","s":"AAAAAAAA","t":"1","v":1},"type":"totp","v":1}"#,
                "cost-out-of-bounds"
            ),
            (#"{"alg":"md5","key":"GEZDGNBV","type":"totp","v":1}"#, "unsupported"),
        ])
    func `the log says why a wallet does not open`(wallet: String, detail: String) throws {
        var factors = FactorPolicy()
        factors.twoFactor = true
        let site = try Site(factors: factors)
        let ann = try site.account("ann", withApp: true)
        try site.store.setTOTPWallet(SharedSecret(utf8: wallet), account: ann, now: site.now)
        let login = site.login("ann")
        #expect(try site.steps(login, Site.password, site.code()).last == .denied(.unusableFactor))
        let expected = "verdict=denied reason=unusable-factor detail=\(detail) user=ann account="
        #expect(AuditRecord(login).line.hasPrefix(expected))
    }

    @Test func `the old name of the app's method still works`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        try Folder.run(site.path, "UPDATE user SET tf_primary_method = 'google_authenticator'")
        #expect(try site.outcome("ann", right, site.code()) == .granted)
    }

    @Test func `required: everybody is asked for both, and a code after a wrong password is not looked up`() throws {
        let site = try Site(factors: .site(required: true))
        try site.account("ann", withApp: true, codes: "0000-1111-2222")
        try site.account("bob")
        let both: [Step] = [.ask(.password), .ask(.code)]
        #expect(try site.steps(site.login("ann"), "wrong", site.code()) == both + [.denied(.wrongPassword)])
        #expect(try site.steps(site.login("ann"), "wrong", "0000-1111-2222") == both + [.denied(.wrongPassword)])
        #expect(try site.steps(site.login("nobody"), "wrong", "123456") == both + [.denied(.unknownAccount)])
        #expect(try site.steps(site.login("bob"), right, "123456") == both + [.denied(.noFactor)])
        #expect(
            try site.value("SELECT count(*) FROM lsec_throttle WHERE factor = 'code' AND subject = 'user:1'") == "0")
        #expect(try site.value("SELECT mf_recovery_codes FROM user WHERE id = 1") == "0000-1111-2222")
        #expect(try site.steps(site.login("ann"), right, site.code()) == both + [.granted])
    }

    @Test func `who may not log in is asked as who gave a wrong password`() throws {
        var factors = FactorPolicy.site(required: true)
        factors.confirmable = true
        let site = try Site(factors: factors)
        try site.account("ina", isActive: false, withApp: true)
        try site.account("una", isConfirmed: false, withApp: true)
        let both: [Step] = [.ask(.password), .ask(.code)]
        #expect(try site.steps(site.login("ina"), right, site.code()) == both + [.denied(.inactive)])
        #expect(try site.steps(site.login("una"), right, site.code()) == both + [.denied(.unconfirmed)])
        #expect(try site.value("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_totp_counter'") == "0")
    }

    @Test func `what is no code is no attempt`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        for typed in [right, "", "12345", "\u{8}\n\r\u{7f}INCORRECT", String(repeating: "1", count: 5000)] {
            guard case .denied? = try site.outcome("ann", right, typed) else {
                Issue.record("let in with \(typed)")
                continue
            }
        }
        #expect(try site.value("SELECT count(*) FROM lsec_throttle WHERE factor = 'code'") == "0")
    }

    @Test func `sshd's dummy password is not counted`() throws {
        let site = try Site()
        try site.account("ann")
        #expect(try site.outcome("ann", "\u{8}\n\r\u{7f}INCORRECT") == .denied(.dummyAnswer))
        #expect(try site.value("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_throttle'") == "0")
    }

    @Test func `an over-long password or a NUL byte is refused before any hashing`() throws {
        let site = try Site()
        try site.account("ann")
        #expect(try site.outcome("ann", String(repeating: "a", count: 4097)) == .denied(.unusablePassword))
        #expect(try site.outcome("ann", right + "\0") == .denied(.unusablePassword))
    }

    @Test func `a stale hash is renewed at once, even when the code is wrong`() throws {
        let site = try Site(factors: .site()) { policy in
            policy.schemes = [.sha512Crypt, .sha256Crypt]
        }
        let id = try site.account("ann", withApp: true)
        var old = PasswordPolicy()
        old.scheme = .sha256Crypt
        old.options = [.sha256Crypt: SchemeOptions(rounds: 1000)]
        let hasher = PasswordHasher(
            policy: old, salt: site.policy.secrets.passwordSalt, random: SystemRandom.bytes)
        let stored = try hasher.hash(Secret(utf8: right)).text()
        try Folder.run(site.path, "UPDATE user SET password = '\(stored)' WHERE id = \(id)")
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.value("SELECT substr(password, 1, 3) FROM user") == "$6$")
        #expect(try site.outcome("ann", right, site.code()) == .granted)
    }

    @Test func `a grant is recorded, and clears what was counted here`() throws {
        let site = try Site(factors: .site(), isTrackable: true)
        try site.account("ann", withApp: true)
        #expect(try site.outcome("ann", "wrong") == .denied(.wrongPassword))
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.outcome("ann", right, site.code()) == .granted)
        #expect(try site.value("SELECT count(*) FROM lsec_throttle") == "0")
        #expect(try site.value("SELECT login_count || current_login_ip FROM user") == "1192.0.2.1")
    }

    @Test func `half a login is no sign-in`() throws {
        let site = try Site(factors: .site(), isTrackable: true)
        try site.account("ann", withApp: true)
        #expect(try site.steps(site.login("ann", scope: .password), right) == [.ask(.password), .granted])
        #expect(try site.value("SELECT login_count FROM user") == nil)
        #expect(try site.value("SELECT count(*) FROM lsec_throttle") == "0")
        #expect(try site.steps(site.login("ann", scope: .code), site.code()) == [.ask(.code), .granted])
        #expect(try site.value("SELECT login_count FROM user") == "1")
    }

    @Test func `a right password ends the run of wrong ones, and not that of wrong codes`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        #expect(try site.outcome("ann", "wrong") == .denied(.wrongPassword))
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.steps(site.login("ann", scope: .password), right).last == .granted)
        #expect(try site.value("SELECT group_concat(factor || failures) FROM lsec_throttle") == "code1")
    }

    @Test func `a factor that is fresh clears no count of wrong codes`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        let place = FreshPlace(uid: 1000, terminal: "tty1")
        #expect(try site.steps(site.login("ann", fresh: place), right, site.code()).last == .granted)
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.steps(site.login("ann", fresh: place), right) == [.ask(.password), .granted])
        #expect(try site.value("SELECT group_concat(factor || failures) FROM lsec_throttle") == "code1")
    }

    @Test(
        arguments: ["active = 0", "fs_uniquifier = 'new'"])
    func `who is locked out while logging in stays out`(change: String) throws {
        let site = try Site(factors: .site(), isTrackable: true)
        let ann = try site.account("ann", withApp: true)
        let login = site.login("ann")
        #expect(try site.steps(login, right).last == .ask(.code))
        try Folder.run(site.path, "UPDATE user SET \(change)")
        #expect(throws: AuthenticationError.store(.staleAccount(id: ann))) {
            _ = try login.answer(Secret(utf8: site.code()))
        }
        #expect(login.step != .granted)
        #expect(try site.value("SELECT login_count FROM user") == nil)
    }

    @Test func `a cancelled code prompt counts nothing`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        for _ in 0..<20 { #expect(try site.outcome("ann", right) == .ask(.code)) }
        #expect(try site.value("SELECT count(*) FROM lsec_throttle") == "0")
    }

    @Test func `guesses are delayed, the same answer is given, and the right password waits too`() throws {
        let site = try Site()
        try site.account("ann")
        for _ in 0..<4 { #expect(try site.outcome("ann", "wrong") == .denied(.wrongPassword)) }
        #expect(try site.outcome("ann", right) == .denied(.throttled))
        #expect(try site.outcome("ann", "wrong") == .denied(.throttled))
        site.wait(1)
        #expect(try site.outcome("ann", right) == .granted)
    }

    @Test func `two names of one account share a count`() throws {
        var hosts = HostPolicy()
        hosts.emailDomain = "example.org"
        let site = try Site(hosts: hosts)
        try site.account("ann")
        try Folder.run(site.path, "UPDATE user SET username = 'annlee'")
        for name in ["ann", "annlee", "ann", "annlee"] {
            #expect(try site.outcome(name, "wrong") == .denied(.wrongPassword))
        }
        #expect(try site.outcome("ann", right) == .denied(.throttled))
        #expect(try site.outcome("ANN", right) == .denied(.throttled))
    }

    @Test func `unknown names are counted, and the count does not tell the name`() throws {
        let site = try Site()
        for _ in 0..<9 { #expect(try site.outcome("hunter2", "wrong") == .denied(.unknownAccount)) }
        #expect(try site.value("SELECT failures FROM lsec_throttle") == "4")
        #expect(try site.value("SELECT subject FROM lsec_throttle")?.contains("hunter2") == false)
    }

    @Test func `root and names of uid 0 are refused`() throws {
        let site = try Site()
        try site.account("root")
        try site.account("toor")
        #expect(try site.outcome("root", right) == .denied(.superuser))
        #expect(try site.steps(site.login("toor", isSuperuser: true), right).last == .denied(.superuser))
        var hosts = HostPolicy()
        hosts.allowsRoot = true
        let open = try Site(hosts: hosts)
        try open.account("root")
        #expect(try open.outcome("root", right) == .granted)
    }

    /// An account that anybody registered, under a name that looks like somebody's.
    @Test(arguments: ["root", "Annlee", "ＡＮＮ", "annlee ", "annle\u{65}\u{301}"])
    func `a self-registered name never logs in as another`(name: String) throws {
        var hosts = HostPolicy()
        hosts.admission = .nobody
        let site = try Site(hosts: hosts)
        try site.account("annlee")
        try Folder.run(
            site.path,
            "INSERT INTO user (email, username, active, fs_uniquifier, password) SELECT 'x@x', '\(name)', 1, 'x', password FROM user"
        )
        guard case .denied? = try site.outcome(name, right) else {
            Issue.record("\(name) was let in")
            return
        }
        let open = try Site()
        try open.account("annlee")
        guard case .denied? = try open.outcome(name, right) else {
            Issue.record("\(name) was taken for annlee")
            return
        }
    }

    @Test func `a role admits to hosts`() throws {
        var hosts = HostPolicy()
        hosts.admission = .roles(["staff"])
        let site = try Site(hosts: hosts)
        let ann = try site.account("ann")
        #expect(try site.outcome("ann", right) == .denied(.notAdmitted))
        try site.store.createRole(RoleRecord(name: "staff", description: nil, permissions: []), now: .epoch)
        #expect(try site.store.addRole("staff", account: ann) == .changed)
        #expect(try site.outcome("ann", right) == .granted)
    }

    @Test(arguments: ["", "-ann", "+ann", "ann\n", "a\u{7f}", String(repeating: "a", count: 300)])
    func `a name that no system has is not looked up`(name: String) throws {
        let site = try Site()
        #expect(try site.outcome(name, right) == .denied(.unknownAccount))
    }

    @Test func `two addresses that differ in case are nobody`() throws {
        var hosts = HostPolicy()
        hosts.emailDomain = "example.org"
        let site = try Site(hosts: hosts)
        try site.account("Bob")
        try site.account("rob")
        // As a program may that asks for nothing but the table's UNIQUE.
        try Folder.run(site.path, "UPDATE user SET email = 'boB@example.org' WHERE username = 'rob'")
        #expect(try site.outcome("bob", right) == .denied(.ambiguousAccount))
    }

    /// A site where bob logs in by the address of his account, and a stranger registers.
    private func siteOfBob(_ roles: [String]) throws -> (site: Site, bob: Int64) {
        var hosts = HostPolicy()
        hosts.emailDomain = "example.org"
        hosts.admission = .roles(["staff"])
        let site = try Site(hosts: hosts)
        try site.store.createRole(RoleRecord(name: "staff", description: nil, permissions: []), now: .epoch)
        let bob = try site.account("bob")
        try Folder.run(site.path, "UPDATE user SET username = NULL WHERE id = \(bob)")
        for role in roles { _ = try site.store.addRole(role, account: bob) }
        #expect(try site.outcome("bob", right) == (roles.isEmpty ? .denied(.notAdmitted) : .granted))
        return (site, bob)
    }

    @Test func `registering a user name shuts nobody out of hosts`() throws {
        let (site, bob) = try siteOfBob(["staff"])
        let other = try site.account("mallory", password: "mallory's own password")
        try Folder.run(site.path, "UPDATE user SET username = 'bob' WHERE id = \(other)")
        let login = site.login("bob")
        #expect(try site.steps(login, right).last == .granted)
        #expect(login.account?.id == bob)
        #expect(try site.outcome("bob", "mallory's own password") == .denied(.wrongPassword))
        // Once the stranger is admitted, the order of the identities counts.
        _ = try site.store.addRole("staff", account: other)
        #expect(try site.outcome("bob", "mallory's own password") == .granted)
    }

    @Test func `an address in another case that is not admitted makes nobody ambiguous`() throws {
        let (site, bob) = try siteOfBob(["staff"])
        for name in ["mallory", "mallet"] { try site.account(name) }
        try Folder.run(
            site.path,
            """
            UPDATE user SET email = 'BOB@example.org' WHERE email = 'mallory@example.org';
            UPDATE user SET email = 'boB@example.org' WHERE email = 'mallet@example.org';
            UPDATE user SET email = 'Bob@example.org' WHERE id = \(bob)
            """)
        let login = site.login("bob")
        #expect(try site.steps(login, right).last == .granted)
        #expect(login.account?.id == bob)
        let other = try site.store.accounts(where: .email, equals: "BOB@example.org", ignoringCase: false)[0]
        _ = try site.store.addRole("staff", account: other.id)
        #expect(try site.outcome("bob", right) == .denied(.ambiguousAccount))
    }

    @Test func `without an admitted account the first that was found tells the reason`() throws {
        let (site, _) = try siteOfBob([])
        let other = try site.account("mallory", isActive: false)
        try Folder.run(site.path, "UPDATE user SET username = 'bob' WHERE id = \(other)")
        let login = site.login("bob")
        #expect(try site.steps(login, right).last == .denied(.inactive))
        #expect(login.account?.id == other)
    }

    @Test func `an application looks up by its identity attributes`() throws {
        let site = try Site()
        try site.account("ann")
        let request = LoginRequest(identity: .application("Ann@EXAMPLE.org"), origin: Origin(localUser: 0))
        let login = Authentication(
            policy: site.policy, store: site.store, environment: site.environment, request: request)
        #expect(try site.steps(login, right).last == .granted)
        let byName = LoginRequest(identity: .application("ann"), origin: Origin(localUser: 0))
        let other = Authentication(
            policy: site.policy, store: site.store, environment: site.environment, request: byName)
        #expect(try site.steps(other, right).last == .denied(.unknownAccount))
    }

    @Test func `nullok ignores an account without a factor, and nobody else`() throws {
        let site = try Site(factors: .site())
        try site.account("ann")
        try site.account("ina", isActive: false)
        #expect(try site.login("ann", scope: .code, nullok: true).begin() == .ignored)
        #expect(try site.login("ina", scope: .code, nullok: true).begin() == .ask(.code))
        #expect(try site.login("nobody", scope: .code, nullok: true).begin() == .ask(.code))
    }

    @Test(arguments: ["ann", "lea", "ina", "una", "outsider", "nobody"])
    func `codes of every name cost and count the same`(_ name: String) throws {
        var factors = FactorPolicy.site()
        factors.confirmable = true
        var hosts = HostPolicy()
        hosts.admission = .roles(["staff"])
        let site = try Site(factors: factors, hosts: hosts)
        try site.store.createRole(RoleRecord(name: "staff", description: nil, permissions: []), now: .epoch)
        for (index, known) in ["ann", "lea", "ina", "una", "outsider"].enumerated() {
            let id = try site.account(
                known, isActive: known != "ina", isConfirmed: known != "una", withApp: known != "lea",
                codes: known == "ann" ? "0000-1111-2222" : nil)
            if known != "outsider" { _ = try site.store.addRole("staff", account: id) }
            #expect(index + 1 == Int(id))
        }
        for code in ["000000", "ffff-eeee-dddd", "000001", "000002"] {
            guard case .denied? = try site.steps(site.login(name, scope: .code), code).last else {
                Issue.record("\(name) was let in")
                return
            }
        }
        #expect(try site.value("SELECT factor || failures || pending FROM lsec_throttle") == "code-alone40")
        // The fifth is refused before it is looked at.
        _ = try site.steps(site.login(name, scope: .code), "000003")
        #expect(try site.value("SELECT factor || failures || pending FROM lsec_throttle") == "code-alone40")
    }

    @Test func `a wrong code behind the right password is counted as a code`() throws {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true)
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        let codes = "SELECT factor || failures || pending FROM lsec_throttle WHERE factor LIKE 'c%'"
        #expect(try site.value(codes) == "code10")
    }

    @Test func `answers that nobody asked for are errors`() throws {
        let site = try Site()
        try site.account("ann")
        let login = site.login("ann")
        #expect(throws: AuthenticationError.unexpectedAnswer) { _ = try login.answer(Secret(utf8: "x")) }
        #expect(try login.begin() == .ask(.password))
        #expect(throws: AuthenticationError.unexpectedAnswer) { _ = try login.begin() }
        #expect(try login.answer(Secret(utf8: right)) == .granted)
        #expect(throws: AuthenticationError.unexpectedAnswer) { _ = try login.answer(Secret(utf8: right)) }
    }

    @Test func `a confirmation is counted and records nothing`() throws {
        let site = try Site(isTrackable: true)
        try site.account("ann")
        func confirm(_ password: String) throws -> Step? {
            var request = LoginRequest(
                identity: .host(name: "ann", isSuperuser: false), origin: Origin(localUser: 1000))
            request.scope = .password
            request.purpose = .confirmation
            let login = Authentication(
                policy: site.policy, store: site.store, environment: site.environment, request: request)
            return try site.steps(login, password).last
        }
        #expect(try confirm("wrong") == .denied(.wrongPassword))
        #expect(try site.value("SELECT failures || '|' || pending FROM lsec_throttle") == "1|0")
        #expect(try confirm(right) == .granted)
        #expect(try site.value("SELECT count(*) FROM lsec_origin") == "0")
        #expect(try site.value("SELECT login_count FROM user") == nil)
    }

    @Test func `an error of the database is no grant`() throws {
        let site = try Site(isTrackable: true)
        try site.account("ann")
        let login = site.login("ann")
        #expect(try login.begin() == .ask(.password))
        let pages =
            try site.store.connection.first("PRAGMA page_count") { (row) throws(StoreError) in row.integer(0) } ?? 0
        try site.store.connection.execute("PRAGMA max_page_count = \(pages)")
        #expect(throws: AuthenticationError.store(.diskFull)) { _ = try login.answer(Secret(utf8: right)) }
        #expect(login.step != .granted)
    }
}

@Suite struct FreshnessAtThePromptTests {
    private let right = Site.password
    private let place = FreshPlace(uid: 1000, terminal: "/dev/pts/3")

    private func site() throws -> Site {
        let site = try Site(factors: .site())
        try site.account("ann", withApp: true, codes: "0000-1111-2222")
        return site
    }

    private func code(_ site: Site, _ place: FreshPlace?, from host: String = "192.0.2.1") throws -> [Step] {
        try site.steps(site.login("ann", from: host, scope: .code, fresh: place), site.code())
    }

    @Test func `a completed factor is not asked again at the same place`() throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        #expect(try code(site, place) == [.granted])
        #expect(try site.steps(site.login("ann", fresh: place), right) == [.ask(.password), .granted])
    }

    @Test func `another place, user or host is asked`() throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        for (other, host) in [
            (FreshPlace(uid: 1001, terminal: "/dev/pts/3"), "192.0.2.1"),
            (FreshPlace(uid: 1000, terminal: "/dev/pts/4"), "192.0.2.1"), (place, "192.0.2.2"),
        ] { #expect(try site.login("ann", from: host, scope: .code, fresh: other).begin() == .ask(.code)) }
        #expect(try site.login("ann", scope: .code).begin() == .ask(.code))
    }

    @Test func `it ends with SECURITY_FRESHNESS and does not grow`() throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        for _ in 0..<23 {
            site.wait(3600)
            #expect(try code(site, place) == [.granted])
        }
        site.wait(3600)
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .ask(.code))
    }

    @Test(arguments: [
        "UPDATE user SET password = 'other'", "UPDATE user SET fs_uniquifier = 'other'",
        "UPDATE user SET tf_totp_secret = tf_totp_secret || ' '", "UPDATE user SET tf_primary_method = 'sms'",
    ])
    func `a change of password, factor or uniquifier voids it`(sql: String) throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        try Folder.run(site.path, sql)
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .ask(.code))
    }

    @Test(arguments: [
        "UPDATE lsec_freshness SET place = '1001' || char(10) || '/dev/pts/3' || char(10) || 'ip:192.0.2.1'",
        "UPDATE lsec_freshness SET place = '1000' || char(10) || '/dev/pts/4' || char(10) || 'ip:192.0.2.1'",
        "UPDATE lsec_freshness SET place = '1000' || char(10) || '/dev/pts/3' || char(10) || 'ip:192.0.2.2'",
    ])
    func `a row that somebody moves to another place is void`(sql: String) throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        try Folder.run(site.path, sql)
        let places = [
            (place, "192.0.2.1"), (FreshPlace(uid: 1001, terminal: "/dev/pts/3"), "192.0.2.1"),
            (FreshPlace(uid: 1000, terminal: "/dev/pts/4"), "192.0.2.1"), (place, "192.0.2.2"),
        ]
        for (place, host) in places {
            #expect(try site.login("ann", from: host, scope: .code, fresh: place).begin() == .ask(.code))
        }
    }

    @Test func `a row that somebody renews is void`() throws {
        let site = try site()
        #expect(try code(site, place) == [.ask(.code), .granted])
        site.wait(86400)
        try Folder.run(site.path, "UPDATE lsec_freshness SET completed_at = completed_at + \(86400 * 1_000_000)")
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .ask(.code))
    }

    @Test func `a terminal's name cannot forge another place`() throws {
        let site = try site()
        #expect(try code(site, place, from: "a\nhost:b") == [.ask(.code), .granted])
        let forged = FreshPlace(uid: 1000, terminal: "/dev/pts/3\nhost:a")
        #expect(try site.login("ann", from: "b", scope: .code, fresh: forged).begin() == .ask(.code))
    }

    @Test func `nothing is fresh at an origin that cannot be seen`() throws {
        let site = try site()
        func login() -> Authentication {
            var request = LoginRequest(
                identity: .host(name: "ann", isSuperuser: false), origin: .unseen(.service))
            request.scope = .code
            request.freshPlace = FreshPlace(uid: 0, terminal: "")
            return Authentication(
                policy: site.policy, store: site.store, environment: site.environment, request: request)
        }
        #expect(try site.steps(login(), site.code()).last == .granted)
        #expect(try login().begin() == .ask(.code))
        #expect(try site.value("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_freshness'") == "0")
    }

    @Test func `a refused login leaves none`() throws {
        let site = try site()
        #expect(try site.steps(site.login("ann", scope: .code, fresh: place), "000000").last == .denied(.wrongCode))
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .ask(.code))
    }
}

@Suite struct AccountReviewTests {
    private func verdict(_ site: Site, _ name: String) throws -> AccountReview.Verdict {
        try AccountReview.verdict(
            on: .host(name: name, isSuperuser: false), policy: site.policy, store: site.store)
    }

    @Test func `an account is reviewed without any evidence`() throws {
        var factors = FactorPolicy.site(required: true)
        factors.confirmable = true
        let site = try Site(factors: factors)
        try site.account("ann", withApp: true)
        try site.account("ina", isActive: false, withApp: true)
        try site.account("una", isConfirmed: false, withApp: true)
        try site.account("nofactor")
        #expect(try verdict(site, "ann") == .allowed)
        #expect(try verdict(site, "ina") == .refused(.inactive))
        #expect(try verdict(site, "una") == .refused(.unconfirmed))
        #expect(try verdict(site, "nofactor") == .refused(.noFactor))
        #expect(try verdict(site, "nobody") == .refused(.unknownAccount))
        #expect(try verdict(site, "root") == .refused(.superuser))
    }
}

@Suite struct PasswordChangeTests {
    private func change(_ site: Site) -> PasswordChange {
        PasswordChange(policy: site.policy, store: site.store, environment: site.environment)
    }

    @Test func `a new password works, the old one does not, and the uniquifier is new`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let before = try site.value("SELECT fs_uniquifier FROM user")
        let old = SharedSecret(utf8: Site.password)
        let facts = PasswordFacts(old: old)
        #expect(try change(site).set(Secret(utf8: "a new long password"), account: ann, beside: facts) == .changed)
        #expect(try site.outcome("ann", Site.password) == .denied(.wrongPassword))
        #expect(try site.outcome("ann", "a new long password") == .granted)
        let after = try #require(try site.value("SELECT fs_uniquifier FROM user"))
        #expect(after != before)
        #expect(after.wholeMatch(of: /[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}/) != nil)
    }

    @Test func `all flaws are told and nothing is written`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let hash = try site.value("SELECT password FROM user")
        #expect(try change(site).set(Secret(utf8: "short"), account: ann) == .refused([.tooShort(minimum: 8)]))
        let same = try change(site).set(
            Secret(utf8: Site.password), account: ann,
            beside: PasswordFacts(old: SharedSecret(utf8: Site.password)))
        #expect(same == .refused([.sameAsOld]))
        #expect(try site.value("SELECT password FROM user") == hash)
    }

    @Test func `an account that is gone is told`() throws {
        let site = try Site()
        #expect(throws: PasswordChangeError.store(.missingAccount(id: 9))) {
            _ = try change(site).set(Secret(utf8: "a new long password"), account: 9)
        }
    }
}
