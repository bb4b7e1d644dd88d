import SecurityCore
import SecurityTokens
import Testing

@testable import SecurityStore

/// The link that gives an account another address. The numbers are those of the requirements of ``AccountTokens``.
@Suite struct ChangeEmailTests {
    private func link(_ site: Site, _ id: Int64, to email: String = "new@example.org") throws -> [UInt8] {
        let account = try #require(try site.store.account(id: id))
        return try site.tokens.make(.changeEmail, for: account, newEmail: email)
            .withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test func `redeeming it changes the address, confirmed, once`() throws {
        let site = try Site()
        let ann = try site.account("ann", isConfirmed: false)
        let link = try link(site, ann)
        #expect(try site.check(.changeEmail, link).newEmail == "new@example.org")
        #expect(try site.redeem(.changeEmail, link).verdict == .valid)
        let account = try #require(try site.store.account(id: ann))
        #expect(account.email == "new@example.org")
        #expect(account.isConfirmed)
        #expect(try site.redeem(.changeEmail, link).verdict == .used)
        #expect(try site.check(.changeEmail, link).verdict == .used)
    }

    @Test func `4 it stays used when the old address comes back`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let old = try #require(try site.store.account(id: ann)).email
        let link = try link(site, ann)
        #expect(try site.redeem(.changeEmail, link).verdict == .valid)
        try Folder.run(site.path, "UPDATE user SET email = '\(old)'")
        #expect(try site.redeem(.changeEmail, link).verdict == .used)
        #expect(try site.store.account(id: ann)?.email == old)
    }

    @Test func `3 it ends when the old address changes`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let link = try link(site, ann)
        try Folder.run(site.path, "UPDATE user SET email = 'third@example.org'")
        #expect(try site.redeem(.changeEmail, link).verdict == .changed)
        #expect(try site.store.account(id: ann)?.email == "third@example.org")
    }

    @Test func `3 it ends when another account has the address, in any spelling`() throws {
        let site = try Site()
        let ann = try site.account("ann")
        let bob = try #require(try site.store.account(id: site.account("bob"))).email
        for taken in [bob, "B" + bob.dropFirst()] {
            let link = try link(site, ann, to: taken)
            #expect(try site.check(.changeEmail, link).verdict == .changed)
            #expect(try site.redeem(.changeEmail, link).verdict == .changed)
        }
    }

    @Test func `the database refuses an address that was taken since the check`() throws {
        let site = try Site()
        let ann = try #require(try site.store.account(id: site.account("ann")))
        let bob = try #require(try site.store.account(id: site.account("bob"))).email
        #expect(throws: StoreError.conflict(column: "email")) {
            _ = try site.store.changeAddress(of: ann, to: bob, now: site.now)
        }
        #expect(try site.store.account(id: ann.id)?.email == ann.email)
    }

    @Test func `4 of twenty who redeem it one wins`() throws {
        let site = try Site()
        let link = try link(site, site.account("ann"))
        let (policy, now) = (site.policy, site.now)
        let winners = race(20, path: site.path) { store in
            let environment = Environment(now: { now }, random: SystemRandom.bytes)
            let tokens = AccountTokens(policy: policy, store: store, environment: environment)
            return try tokens.redeem(.changeEmail, link.span).verdict == .valid
        }
        #expect(winners == 1)
    }

    @Test func `the new address is stored as mail addresses are`() throws {
        let site = try Site()
        let link = try link(site, site.account("ann"), to: "new@EXAMPLE.org")
        #expect(try site.check(.changeEmail, link).newEmail == "new@example.org")
    }

    @Test func `it is not made without an address, nor for none that is one, nor another link with one`() throws {
        let site = try Site()
        let ann = try #require(try site.store.account(id: site.account("ann")))
        #expect(throws: AccountTokenError.newEmail) { _ = try site.tokens.make(.changeEmail, for: ann) }
        #expect(throws: AccountTokenError.newEmail) {
            _ = try site.tokens.make(.reset, for: ann, newEmail: "new@example.org")
        }
        #expect(throws: AccountTokenError.self) {
            _ = try site.tokens.make(.changeEmail, for: ann, newEmail: "no address")
        }
    }
}
