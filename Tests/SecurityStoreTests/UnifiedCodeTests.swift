import SecurityCore
import Testing

@testable import SecurityStore

/// Codes of unified sign-in at the code question; see the table in UnifiedMethod.swift.
@Suite struct UnifiedCodeTests {
    private static let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    /// Python's json.dumps of a wallet that is not encrypted.
    private static let wallet = #"{\"key\":\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\",\"type\":\"totp\",\"v\":1}"#

    private func site(
        _ standIns: FactorSet, isRequired: Bool = true, column: String?, withApp: Bool = false,
        totp: (inout TOTPPolicy) -> Void = { _ in }
    ) throws -> Site {
        var factors = FactorPolicy()
        factors.twoFactor = true
        factors.twoFactorRequired = isRequired
        factors.unifiedStandIns = standIns
        var throttle = ThrottlePolicy()
        throttle.isEnabled = false
        let site = try Site(factors: factors, throttle: throttle, totp: totp)
        try site.account("ann", withApp: withApp)
        if let column { try Folder.run(site.path, "UPDATE user SET us_totp_secrets = '\(column)'") }
        return site
    }

    private func column(_ methods: String...) -> String {
        "{" + methods.map { "\"\($0)\": \"\(Self.wallet)\"" }.joined(separator: ", ") + "}"
    }

    static let methods: [(String, FactorSet, Bool)] = [
        ("authenticator", FactorSet.authenticator, true), ("email", .email, true), ("sms", .sms, true),
        ("authenticator", [.email, .sms], false), ("email", [.authenticator, .sms], false), ("sms", [], false),
        ("mail", [.authenticator, .email, .sms], false),
    ]

    @Test(arguments: methods)
    func `a code is good where its method stands in, once`(method: String, standIns: FactorSet, isGood: Bool) throws {
        let site = try site(standIns, column: column(method))
        let first = try site.outcome("ann", Site.password, site.code())
        #expect(first == (isGood ? .granted : .denied(.noFactor)))
        #expect(try site.outcome("ann", "wrong", site.code(1)) == .denied(.wrongPassword))
        guard isGood else { return }
        #expect(try site.outcome("ann", Site.password, site.code()) == .denied(.usedCode))
        #expect(try site.outcome("ann", Site.password, "000000") == .denied(.wrongCode))
        #expect(try site.outcome("ann", Site.password, site.code(1)) == .granted)
        #expect(try site.value("SELECT slot FROM lsec_code_counter") == "us-" + method)
    }

    @Test func `SECURITY_US_TOKEN_VALIDITY is the window of every method`() throws {
        let site = try site(.authenticator, column: column("authenticator")) {
            $0.authenticatorValidity = 600
            $0.unifiedValidity = 60
        }
        #expect(try site.outcome("ann", Site.password, site.code(3)) == .denied(.wrongCode))
        #expect(try site.outcome("ann", Site.password, site.code(2)) == .granted)
    }

    @Test func `a key in two wallets is good once for both`() throws {
        let site = try site(.authenticator, column: column("authenticator"), withApp: true)
        #expect(try site.outcome("ann", Site.password, site.code()) == .granted)
        try Folder.run(site.path, "UPDATE user SET us_totp_secrets = NULL")
        #expect(try site.outcome("ann", Site.password, site.code()) == .denied(.usedCode))
    }

    @Test func `a new authenticator leaves the counters of unified sign-in`() throws {
        let site = try site(.authenticator, column: column("authenticator"), withApp: true)
        #expect(try site.outcome("ann", Site.password, site.code()) == .granted)
        try site.store.setTOTPWallet(nil, account: 1, now: site.now)
        #expect(try site.outcome("ann", Site.password, site.code()) == .denied(.usedCode))
    }

    @Test func `opt-in: it makes no code due, and answers one that is due`() throws {
        let alone = try site(.authenticator, isRequired: false, column: column("authenticator"))
        #expect(try alone.outcome("ann", Site.password) == .granted)
        let both = try site(.authenticator, isRequired: false, column: column("authenticator"), withApp: true)
        #expect(try both.outcome("ann", Site.password) == .ask(.code))
        try Folder.run(both.path, "UPDATE user SET tf_totp_secret = '{}'")
        #expect(try both.outcome("ann", Site.password, both.code()) == .granted)
    }

    @Test func `a right code seals its wallet anew and leaves the others`() throws {
        let site = try site([.authenticator, .sms], column: #"{"own": "x", "sms": "\#(Self.wallet)"}"#)
        #expect(try site.outcome("ann", Site.password, site.code()) == .granted)
        let sealed = try #require(try site.value("SELECT us_totp_secrets FROM user"))
        #expect(sealed.hasPrefix(#"{"own": "x", "sms": "{\"enckey\":{\"c\":4,"#))
        #expect(!sealed.contains(Self.key))
        site.wait(30)
        #expect(try site.outcome("ann", Site.password, site.code()) == .granted)
        #expect(try site.value("SELECT us_totp_secrets FROM user") == sealed)
    }

    @Test func `two wallets of one key are both sealed anew`() throws {
        let site = try site([.email, .sms], column: column("email", "sms"))
        #expect(try site.outcome("ann", Site.password, site.code()) == .granted)
        #expect(try site.value("SELECT us_totp_secrets FROM user")?.contains(Self.key) == false)
    }

    @Test func `a column that was changed meanwhile is not overwritten`() throws {
        let site = try site(.sms, column: "now")
        let (old, new) = (SharedSecret(utf8: "old"), SharedSecret(utf8: "new"))
        #expect(try !site.store.renewUnifiedSecrets(account: 1, old: old, new: new, now: site.now))
        try Folder.run(site.path, "UPDATE user SET us_totp_secrets = 'old'")
        #expect(try site.store.renewUnifiedSecrets(account: 1, old: old, new: new, now: site.now))
        #expect(try site.value("SELECT us_totp_secrets FROM user") == "new")
    }

    static let damage: [(String, DenialReason, String?)] = [
        ("[]", DenialReason.noFactor, nil), (#"{"sms": {}}"#, .noFactor, nil),
        (#"{"sms": "{}"}"#, .unusableFactor, "malformed"),
    ]

    @Test(arguments: damage)
    func `damage is no factor, and the log says so`(column: String, reason: DenialReason, detail: String?) throws {
        let site = try site(.sms, column: column)
        let login = site.login("ann")
        #expect(try site.steps(login, Site.password, site.code()).last == .denied(reason))
        #expect(AuditRecord(login).detail == (detail ?? ""))
    }

    @Test func `a change of the wallets voids freshness`() throws {
        let site = try site(.sms, column: column("sms"), withApp: true)
        let place = FreshPlace(uid: 1000, terminal: "pts/1")
        #expect(try site.steps(site.login("ann", scope: .code, fresh: place), site.code()).last == .granted)
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .granted)
        try Folder.run(site.path, "UPDATE user SET us_totp_secrets = NULL")
        #expect(try site.login("ann", scope: .code, fresh: place).begin() == .ask(.code))
    }

    @Test func `an account review takes it for a factor`() throws {
        let site = try site(.sms, column: column("sms"))
        let identity = LoginIdentity.host(name: "ann", isSuperuser: false)
        #expect(try AccountReview.verdict(on: identity, policy: site.policy, store: site.store) == .allowed)
        try Folder.run(site.path, "UPDATE user SET us_totp_secrets = NULL")
        let verdict = try AccountReview.verdict(on: identity, policy: site.policy, store: site.store)
        #expect(verdict == .refused(.noFactor))
    }
}
