import SecurityCore
import SecurityTokens
import Testing

@testable import SecurityStore

/// A write names what it changes by every column that it was decided on. Each test changes one of them between the decision and
/// the write, and looks at the rows beside the one that is meant.
@Suite struct ConditionTests {
    /// What another program does to an account after it was read.
    private static let changes = [
        "UPDATE user SET fs_uniquifier = 'another' WHERE id = 1",
        "UPDATE user SET email = 'another@example.org' WHERE id = 1",
        "DELETE FROM user WHERE id = 1",
    ]

    private func accounts() throws -> (site: Site, ann: Account, bob: Account) {
        let site = try Site()
        let ids = (try site.account("ann", isConfirmed: false), try site.account("bob", isConfirmed: false))
        return (
            site, try #require(try site.store.account(id: ids.0)), try #require(try site.store.account(id: ids.1))
        )
    }

    @Test(arguments: changes) func `an address is confirmed only for the account that was checked`(change: String)
        throws
    {
        let (site, ann, bob) = try accounts()
        try Folder.run(site.path, change)
        #expect(try !site.store.confirmAddress(of: ann, now: site.now))
        #expect(try site.value("SELECT count(*) FROM user WHERE confirmed_at IS NOT NULL") == "0")
        #expect(try site.store.confirmAddress(of: bob, now: site.now))
        #expect(try site.value("SELECT group_concat(email) FROM user WHERE confirmed_at IS NOT NULL") == bob.email)
        let first = try site.value("SELECT confirmed_at FROM user WHERE id = 2")
        site.wait(60)
        #expect(try !site.store.confirmAddress(of: bob, now: site.now))
        #expect(try site.value("SELECT confirmed_at FROM user WHERE id = 2") == first)
    }

    @Test(arguments: changes) func `an address is changed only for the account that was checked`(change: String) throws
    {
        let (site, ann, bob) = try accounts()
        try Folder.run(site.path, change)
        #expect(try !site.store.changeAddress(of: ann, to: "new@example.org", now: site.now))
        #expect(try site.value("SELECT count(*) FROM user WHERE email = 'new@example.org'") == "0")
        #expect(try site.store.changeAddress(of: bob, to: "new@example.org", now: site.now))
        #expect(try site.value("SELECT group_concat(id) FROM user WHERE email = 'new@example.org'") == "2")
    }

    @Test(arguments: [
        "UPDATE user SET active = 0 WHERE id = 1", "UPDATE user SET fs_uniquifier = 'another' WHERE id = 1",
        "DELETE FROM user WHERE id = 1",
    ]) func `a login is granted only to the account that was checked`(change: String) throws {
        let (site, ann, _) = try accounts()
        try Folder.run(site.path, change)
        #expect(throws: StoreError.staleAccount(id: ann.id)) {
            try site.store.recordGrant(.whole(ann.id, ann.fsUniquifier, from: "ip:a", tracks: true))
        }
        #expect(try site.value("SELECT sum(coalesce(login_count, 0)) FROM user") == "0")
        #expect(try site.value("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_origin'") == "0")
    }

    @Test func `a login is recorded for its account alone`() throws {
        let (site, ann, _) = try accounts()
        try site.store.recordGrant(.whole(ann.id, ann.fsUniquifier, from: "ip:a", tracks: true, address: "192.0.2.1"))
        #expect(try site.value("SELECT group_concat(coalesce(login_count, '-')) FROM user") == "1,-")
    }

    @Test func `a column is renewed only for its account, and only while it holds what was read`() throws {
        let (site, ann, bob) = try accounts()
        let (old, new) = (SharedSecret(utf8: "old"), SharedSecret(utf8: "new"))
        let store = site.store
        for column in ["password", "tf_totp_secret", "us_totp_secrets"] {
            func renew(_ id: Int64) throws -> Bool {
                switch column {
                case "password":
                    try store.renewPasswordHash(account: id, old: old, new: Secret(utf8: "new"), now: site.now)
                case "tf_totp_secret": try store.renewTOTPWallet(account: id, old: old, new: new, now: site.now)
                default: try store.renewUnifiedSecrets(account: id, old: old, new: new, now: site.now)
                }
            }
            try Folder.run(site.path, "UPDATE user SET \(column) = 'other'")
            #expect(try !renew(ann.id))
            #expect(try site.value("SELECT group_concat(\(column)) FROM user") == "other,other")
            try Folder.run(site.path, "UPDATE user SET \(column) = 'old'")
            #expect(try renew(bob.id))
            #expect(try site.value("SELECT group_concat(\(column)) FROM user") == "old,new")
        }
    }

    @Test func `a new password is that of its account alone`() throws {
        let (site, ann, bob) = try accounts()
        try site.store.setPassword(account: ann.id, hash: Secret(utf8: "h"), fsUniquifier: "new", now: site.now)
        #expect(try site.store.account(id: bob.id)?.fsUniquifier == bob.fsUniquifier)
        #expect(try site.store.account(id: bob.id)?.password?.text() == bob.password?.text())
    }

    @Test func `a name for tokens is given once, and to its account alone`() throws {
        let (site, ann, bob) = try accounts()
        try Folder.run(site.path, "ALTER TABLE user ADD COLUMN fs_token_uniquifier VARCHAR(64)")
        let store = try SQLiteStore(path: site.path)
        #expect(try store.nameForTokens("first", account: ann.id, now: site.now))
        #expect(try !store.nameForTokens("second", account: ann.id, now: site.now))
        #expect(try store.uniquifier(in: .token, account: ann.id) == "first")
        #expect(try store.uniquifier(in: .token, account: bob.id) == nil)
        try Folder.run(site.path, "UPDATE user SET fs_token_uniquifier = ''")
        #expect(try store.nameForTokens("third", account: bob.id, now: site.now))
        #expect(try store.uniquifier(in: .token, account: ann.id) == nil)
    }

    @Test func `freshness is that of one account and one place`() throws {
        let (site, ann, bob) = try accounts()
        let seal = FreshnessSeal(account: ann.id, place: "p", completedAt: .epoch, digest: "d")
        try site.store.recordGrant(.whole(ann.id, ann.fsUniquifier, from: "ip:a", freshness: seal))
        #expect(try site.store.freshness(account: ann.id, place: "p") == seal)
        for (id, place) in [(bob.id, "p"), (ann.id, "q"), (ann.id, "")] {
            #expect(try site.store.freshness(account: id, place: place) == nil)
        }
    }

    @Test func `a recovery code is its account's alone`() throws {
        let (site, ann, bob) = try accounts()
        for account in [ann, bob] {
            try site.store.setRecoveryCodes(SharedSecret(utf8: "aaaa-bbbb-cccc"), account: account.id, now: site.now)
        }
        let code = Secret(utf8: "aaaa-bbbb-cccc")
        #expect(try site.store.consumeRecoveryCode(code, account: ann.id, digest: "d", now: site.now))
        #expect(try site.store.account(id: bob.id)?.recoveryCodes?.text() == "aaaa-bbbb-cccc")
        #expect(try site.store.consumeRecoveryCode(code, account: bob.id, digest: "d", now: site.now))
    }

    @Test func `a counter is that of one account and one method`() throws {
        let (site, ann, bob) = try accounts()
        for slot in [CodeSlot.authenticator, .email, .sms] {
            for account in [ann, bob] {
                #expect(try site.store.acceptCounter(10, of: slot, account: account.id, now: site.now))
                for used in [10, 9] as [Int64] {
                    #expect(try !site.store.acceptCounter(used, of: slot, account: account.id, now: site.now))
                }
            }
        }
        #expect(try site.store.acceptCounter(11, of: .email, account: ann.id, now: site.now))
        #expect(try !site.store.acceptCounter(11, of: .email, account: ann.id, now: site.now))
        #expect(try site.store.acceptCounter(11, of: .email, account: bob.id, now: site.now))
    }

    // MARK: The throttle's rows

    /// An attempt, and those that differ from it in one column.
    private static let attempt = Attempt.password(1, from: "ip:a")
    private static let neighbours = [
        Attempt.password(2, from: "ip:a"), .code(1, from: "ip:a"), .password(1, from: "ip:b"),
    ]

    private func counts(_ path: String) throws -> String? {
        try Folder.value(
            path,
            """
            SELECT group_concat(subject || factor || origin || ' ' || failures || ' ' || pending, ', ')
            FROM (SELECT * FROM lsec_throttle ORDER BY subject, factor, origin)
            """)
    }

    @Test(arguments: [true, false]) func `the end of an attempt settles its own row`(failed: Bool) throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        for attempt in [Self.attempt] + Self.neighbours {
            #expect(try store.reserveAttempt(attempt, policy: ThrottlePolicy(), now: .epoch) == .admitted)
        }
        try store.settleAttempt(Self.attempt, failed: failed, now: .epoch)
        let own = failed ? "user:1passwordip:a 1 0, " : ""
        #expect(
            try counts(path) == "user:1codeip:a 0 1, \(own)user:1passwordip:b 0 1, user:2passwordip:a 0 1")
    }

    @Test func `an attempt is pending until its time is over, to the second`() throws {
        for (seconds, row) in [(Throttle.pendingSeconds, "0 2"), (Throttle.pendingSeconds + 1, "1 1")] {
            let folder = try Folder()
            let (path, store, _) = try folder.fresh()
            for moment in [Instant.epoch, .epoch.plus(seconds)] {
                #expect(try store.reserveAttempt(Self.attempt, policy: ThrottlePolicy(), now: moment) == .admitted)
            }
            #expect(try counts(path) == "user:1passwordip:a \(row)")
        }
    }

    @Test func `a place is trusted for as long as the store says, to the second`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        var policy = ThrottlePolicy()
        policy.limit = 1
        try store.recordGrant(.whole(ann, from: "ip:home"))
        let days: Int64 = 90 * 86_400
        let stranger = Attempt.password(ann, from: "ip:away")
        #expect(try store.reserveAttempt(stranger, policy: policy, now: .epoch) == .admitted)
        try store.settleAttempt(stranger, failed: true, now: .epoch)
        let home = Attempt.password(ann, from: "ip:home")
        #expect(try store.reserveAttempt(home, policy: policy, now: .epoch.plus(days)) == .admitted)
        #expect(try store.reserveAttempt(home, policy: policy, now: .epoch.plus(days + 1)) == .exhausted)
        #expect(try store.reserveAttempt(stranger, policy: policy, now: .epoch) == .exhausted)
    }

    @Test func `an account's trusted place is none of another's`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let bob = try store.createAccount(.named("bob"), now: .epoch)
        var policy = ThrottlePolicy()
        policy.limit = 1
        try store.recordGrant(.whole(ann, from: "ip:home"))
        for account in [ann, bob] {
            let stranger = Attempt.password(account, from: "ip:away")
            #expect(try store.reserveAttempt(stranger, policy: policy, now: .epoch) == .admitted)
            try store.settleAttempt(stranger, failed: true, now: .epoch)
        }
        #expect(try store.reserveAttempt(.password(ann, from: "ip:home"), policy: policy, now: .epoch) == .admitted)
        #expect(try store.reserveAttempt(.password(bob, from: "ip:home"), policy: policy, now: .epoch) == .exhausted)
    }

    // MARK: Roles, links and sessions

    @Test func `a role is given to one account and taken from it alone`() throws {
        let (site, ann, bob) = try accounts()
        for name in ["editor", "reader"] {
            try site.store.createRole(RoleRecord(name: name, description: nil, permissions: []), now: site.now)
            for account in [ann, bob] { #expect(try site.store.addRole(name, account: account.id) == .changed) }
        }
        #expect(try site.store.removeRole("editor", account: ann.id) == .changed)
        #expect(try site.store.roleNames(ofAccount: ann.id) == ["reader"])
        #expect(try site.store.roleNames(ofAccount: bob.id) == ["editor", "reader"])
    }

    @Test(arguments: ["admin", "admins2", "Admins", "admins ", "dmins"])
    func `a role whose name is only like one that admits does not admit`(name: String) throws {
        var hosts = HostPolicy()
        hosts.admission = .roles(["admins"])
        let site = try Site(hosts: hosts)
        let ann = try site.account("ann")
        for (role, step) in [(name, Step.denied(.notAdmitted)), ("admins", .granted)] {
            try site.store.createRole(RoleRecord(name: role, description: nil, permissions: []), now: site.now)
            #expect(try site.store.addRole(role, account: ann) == .changed)
            #expect(try site.outcome("ann", Site.password) == step)
        }
    }

    @Test(arguments: ["-ann", "+ann"])
    func `a name that begins like an option of a program is not looked up`(name: String) throws {
        let site = try Site()
        try site.account(name)
        #expect(try site.outcome(name, Site.password) == .denied(.unknownAccount))
    }

    @Test func `a deleted account leaves its roles to nobody, and those of others alone`() throws {
        let (site, ann, bob) = try accounts()
        try site.store.createRole(RoleRecord(name: "editor", description: nil, permissions: []), now: site.now)
        for account in [ann, bob] { #expect(try site.store.addRole("editor", account: account.id) == .changed) }
        try site.store.deleteAccount(id: ann.id)
        #expect(try site.value("SELECT group_concat(user_id) FROM roles_users") == "\(bob.id)")
        #expect(try site.value("SELECT group_concat(id) FROM user") == "\(bob.id)")
    }

    @Test func `permissions are changed of one role`() throws {
        let (site, _, _) = try accounts()
        for name in ["editor", "reader"] {
            try site.store.createRole(RoleRecord(name: name, description: nil, permissions: ["see"]), now: site.now)
        }
        #expect(
            try site.store.changePermissions(ofRole: "editor", adding: ["write"], removing: [], now: site.now)
                == .changed)
        #expect(try site.store.roles().map { $0.permissions } == [["see", "write"], ["see"]])
    }

    @Test func `the address of another account in another case is refused`() throws {
        let (site, ann, bob) = try accounts()
        #expect(throws: StoreError.conflict(column: "email")) {
            _ = try site.store.changeAddress(of: ann, to: bob.email.uppercased(), now: site.now)
        }
    }

    @Test func `used recovery codes do not tell that two accounts had the same`() throws {
        let site = try Site(factors: .site())
        for name in ["ann", "bob"] {
            try site.account(name, withApp: true, codes: "aaaa-bbbb-cccc")
            #expect(try site.outcome(name, Site.password, "aaaa-bbbb-cccc") == .granted)
        }
        #expect(try site.value("SELECT count(*) FROM lsec_recovery_used") == "2")
        #expect(try site.value("SELECT count(DISTINCT digest) FROM lsec_recovery_used") == "2")
    }

    @Test func `a link and a session are told from others by their digests`() throws {
        let (site, _, _) = try accounts()
        #expect(try site.store.spendToken(digest: "a", expires: site.now.plus(60), now: site.now))
        #expect(try site.store.isTokenSpent(digest: "a"))
        #expect(try !site.store.isTokenSpent(digest: "b"))
        try site.store.recordSessionUse(digest: "a", now: site.now.plus(60), keptSeconds: 3600)
        try site.store.recordSessionUse(digest: "a", now: site.now, keptSeconds: 3600)
        #expect(try site.store.sessionUse(digest: "a") == site.now.plus(60))
        #expect(try site.store.sessionUse(digest: "b") == nil)
    }
}

/// Who sends a message of the outbox.
@Suite struct OutboxClaimTests {
    private let text = QueuedMessage(.text, sender: "+1", recipient: "+2", content: SharedSecret(utf8: "1"))

    @Test func `a message is claimed by one worker until the claim ends`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        let other = try SQLiteStore(path: path)
        let id = try store.enqueue(text, due: .epoch, now: .epoch)
        let until = Instant.epoch.plus(60)
        #expect(try store.claimMessages(9, now: .epoch, until: until).map { $0.id } == [id])
        for store in [store, other] {
            #expect(try store.claimMessages(9, now: .epoch.plus(59), until: until).isEmpty)
        }
        #expect(try other.claimMessages(9, now: until, until: until.plus(60)).map { $0.id } == [id])
        #expect(try store.claimMessages(9, now: until, until: until.plus(60)).isEmpty)
    }

    @Test func `a message is claimed when it is due, the oldest first, and no more than were asked for`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        let late = try store.enqueue(text, due: .epoch.plus(10), now: .epoch)
        let early = try store.enqueue(text, due: .epoch.plus(5), now: .epoch)
        let until = Instant.epoch.plus(600)
        #expect(try store.claimMessages(9, now: .epoch.plus(4), until: until).isEmpty)
        #expect(try store.claimMessages(1, now: .epoch.plus(10), until: until).map { $0.id } == [early])
        #expect(try store.claimMessages(1, now: .epoch.plus(10), until: until).map { $0.id } == [late])
        #expect(try store.message(id: late)?.due == until)
    }

    @Test func `of twenty workers one claims a message`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        _ = try store.enqueue(text, due: .epoch, now: .epoch)
        let winners = race(20, path: path) { store in
            try !store.claimMessages(1, now: .epoch, until: .epoch.plus(60)).isEmpty
        }
        #expect(winners == 1)
    }

    @Test func `what becomes of a message is written to its row alone`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        let ids = try (0..<3).map { _ in try store.enqueue(text, due: .epoch, now: .epoch) }
        #expect(try store.postponeMessage(ids[0], until: .epoch.plus(30), error: "later"))
        #expect(try store.postponeMessage(ids[1], until: nil, error: "never"))
        #expect(try !store.postponeMessage(99, until: nil, error: "never"))
        #expect(
            try Folder.value(
                path, "SELECT group_concat(attempts || coalesce(error, '-') || (due IS NULL), ' ') FROM lsec_outbox")
                == "1later0 1never1 0-0")
        // A message that was given up is never due.
        #expect(try store.claimMessages(9, now: .epoch.plus(9), until: .epoch.plus(60)).map { $0.id } == [ids[2]])
        #expect(try store.removeMessage(ids[1]))
        #expect(try !store.removeMessage(ids[1]))
        #expect(try store.messages(after: 0, count: 9).map { $0.id } == [ids[0], ids[2]])
    }
}
