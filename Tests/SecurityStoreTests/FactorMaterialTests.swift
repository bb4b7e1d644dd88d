import SecurityCore
import Testing

@testable import SecurityStore

private let right = Site.password

/// Mailed and texted codes, encrypted recovery codes, seals that are brought up to date.
@Suite struct FactorMaterialTests {
    private func site(method: String, _ totp: @escaping (inout TOTPPolicy) -> Void = { _ in }) throws -> Site {
        let site = try Site(factors: .site(), totp: totp)
        try site.account("ann", withApp: true)
        try Folder.run(site.path, "UPDATE user SET tf_primary_method = '\(method)'")
        return site
    }

    @Test(arguments: ["email", "mail", "sms"]) func `a code that was sent is accepted once`(method: String) throws {
        let site = try site(method: method)
        let code = site.code()
        #expect(try site.outcome("ann", right, code) == .granted)
        #expect(try site.outcome("ann", right, code) == .denied(.usedCode))
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        site.wait(30)
        #expect(try site.outcome("ann", right, site.code()) == .granted)
    }

    @Test func `LIBSECURITY_CODE_SINGLE_USE is not asked of an app, nor the other way round`() throws {
        let mail = try site(method: "email") { $0.sentSingleUse = false }
        #expect(try mail.outcome("ann", right, mail.code()) == .granted)
        #expect(try mail.outcome("ann", right, mail.code()) == .granted)
        let app = try site(method: "authenticator") { $0.sentSingleUse = false }
        #expect(try app.outcome("ann", right, app.code()) == .granted)
        #expect(try app.outcome("ann", right, app.code()) == .denied(.usedCode))
    }

    /// The window of the method in half minutes: the last code of it, and the first behind it.
    @Test(arguments: [("authenticator", Int64(1)), ("email", 10), ("sms", 4)])
    func `each method has its window`(method: String, steps: Int64) throws {
        // The clock stands at the twentieth second of a step.
        let site = try site(method: method) { $0.sentSingleUse = false }
        #expect(try site.outcome("ann", right, site.code(-steps - 1)) == .denied(.wrongCode))
        #expect(try site.outcome("ann", right, site.code(-steps)) == .granted)
        #expect(try site.outcome("ann", right, site.code(steps + 1)) == .denied(.wrongCode))
        #expect(try site.outcome("ann", right, site.code(steps)) == .granted)
    }

    @Test func `a code of the app and one that was mailed do not use each other up`() throws {
        let site = try site(method: "authenticator")
        #expect(try site.outcome("ann", right, site.code(1)) == .granted)
        try Folder.run(site.path, "UPDATE user SET tf_primary_method = 'email'")
        #expect(try site.outcome("ann", right, site.code()) == .granted)
    }

    @Test func `a right code brings the seal up to date, a wrong one does not`() throws {
        let site = try site(method: "authenticator")
        let plain = #"{"key":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","type":"totp","v":1}"#
        try Folder.run(site.path, "UPDATE user SET tf_totp_secret = '\(plain)'")
        #expect(try site.outcome("ann", right, "000000") == .denied(.wrongCode))
        #expect(try site.value("SELECT tf_totp_secret FROM user") == plain)
        #expect(try site.outcome("ann", right, site.code()) == .granted)
        let sealed = try #require(try site.value("SELECT tf_totp_secret FROM user"))
        #expect(sealed.contains(#""enckey":{"c":4,"#) && sealed.contains(#""t":"1""#))
        site.wait(30)
        #expect(try site.outcome("ann", right, site.code()) == .granted)
        #expect(try site.value("SELECT tf_totp_secret FROM user") == sealed)
    }

    @Test func `LIBSECURITY_TOTP_RESEAL leaves seals alone`() throws {
        let site = try site(method: "authenticator") { $0.reseals = false }
        let plain = #"{"key":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","type":"totp","v":1}"#
        try Folder.run(site.path, "UPDATE user SET tf_totp_secret = '\(plain)'")
        #expect(try site.outcome("ann", right, site.code()) == .granted)
        #expect(try site.value("SELECT tf_totp_secret FROM user") == plain)
    }

    @Test func `a wallet that was replaced meanwhile is not overwritten`() throws {
        let site = try site(method: "authenticator")
        let (old, new) = (SharedSecret(utf8: "old"), SharedSecret(utf8: "new"))
        #expect(try !site.store.renewTOTPWallet(account: 1, old: old, new: new, now: site.now))
        try Folder.run(site.path, "UPDATE user SET tf_totp_secret = 'old'")
        #expect(try site.store.renewTOTPWallet(account: 1, old: old, new: new, now: site.now))
        #expect(try site.value("SELECT tf_totp_secret FROM user") == "new")
    }

    @Test func `freshness survives a seal of its own login`() throws {
        let site = try site(method: "authenticator")
        try Folder.run(
            site.path,
            #"UPDATE user SET tf_totp_secret = '{"key":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","type":"totp","v":1}'"#)
        let place = FreshPlace(uid: 1000, terminal: "pts/1")
        #expect(try site.steps(site.login("ann", scope: .code, fresh: place), site.code()).last == .granted)
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .granted)
    }

    @Test func `encrypted recovery codes are good once`() throws {
        let key = try #require(
            Secret(utf8: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").withBytes { Fernet(key: $0) })
        let site = try Site(factors: .site(), vault: RecoveryCodeVault(keys: [key], maxAge: 3600))
        let ann = try site.account("ann", withApp: true)
        let enrolment = FactorEnrolment(policy: site.policy, store: site.store, environment: site.environment)
        let codes = try enrolment.replaceRecoveryCodes(account: ann)
        let column = try #require(try site.value("SELECT mf_recovery_codes FROM user"))
        #expect(column.hasPrefix("gAAAAA"))
        #expect(try site.store.accountRecord(id: ann)?.recoveryCodeCount == codes.count)
        #expect(try site.outcome("ann", right, codes[0].text()) == .granted)
        #expect(try site.outcome("ann", right, codes[0].text()) == .denied(.wrongCode))
        try Folder.run(site.path, "UPDATE user SET mf_recovery_codes = '\(column)'")
        #expect(try site.outcome("ann", right, codes[0].text()) == .denied(.wrongCode))
        site.wait(3601)
        #expect(try site.outcome("ann", right, codes[1].text()) == .denied(.wrongCode))
    }
}
