import Testing

@testable import SecurityCore

/// One row of the decision table: who, what was presented, what comes next.
struct DecisionRow: CustomTestStringConvertible, Sendable {
    var policy: FactorPolicy
    var account: AccountFacts
    var scope: FactorScope
    var evidence: Evidence
    var allowsNoFactor = false
    var expected: Step
    var testDescription: String

    init(
        _ testDescription: String, _ policy: FactorPolicy, _ account: AccountFacts, scope: FactorScope = .all,
        password: Proof = .absent, code: Proof = .absent, nullok: Bool = false, _ expected: Step
    ) {
        self.testDescription = testDescription
        self.policy = policy
        self.account = account
        self.scope = scope
        evidence = Evidence(password: password, code: code)
        allowsNoFactor = nullok
        self.expected = expected
    }
}

private func policy(_ change: (inout FactorPolicy) -> Void = { _ in }) -> FactorPolicy {
    var policy = FactorPolicy()
    change(&policy)
    return policy
}

private func facts(_ change: (inout AccountFacts) -> Void = { _ in }) -> AccountFacts {
    var facts = AccountFacts()
    facts.isKnown = true
    facts.isActive = true
    facts.isConfirmed = true
    facts.isAdmitted = true
    change(&facts)
    return facts
}

private let off = policy()
private let optIn = policy { $0.twoFactor = true }
private let required = policy {
    $0.twoFactor = true
    $0.twoFactorRequired = true
}
private let requiredWithoutFeature = policy { $0.twoFactorRequired = true }
private let keysOnly = policy { $0.webAuthn = true }
private let confirmable = policy { $0.confirmable = true }
private let confirmableLater = policy {
    $0.confirmable = true
    $0.loginWithoutConfirmation = true
}

private let plain = facts()
private let withApp = facts { $0.factors = [.authenticator] }
private let withMail = facts { $0.factors = [.email] }
private let withKey = facts { $0.factors = [.webAuthn] }
private let optInUnified = policy {
    $0.twoFactor = true
    $0.unifiedStandIns = [.authenticator, .sms]
}
private let requiredUnified = policy {
    $0.twoFactor = true
    $0.twoFactorRequired = true
    $0.unifiedStandIns = [.authenticator, .sms]
}
private let withUnifiedApp = facts { $0.unified = [.authenticator] }
private let withUnifiedMail = facts { $0.unified = [.email] }
private let unknown = AccountFacts()
private let inactive = facts { $0.isActive = false }
private let inactiveWithApp = facts {
    $0.isActive = false
    $0.factors = [.authenticator]
}
private let unconfirmed = facts { $0.isConfirmed = false }
private let notAdmitted = facts { $0.isAdmitted = false }

private let wrong = Proof.refused(.wrongPassword)
private let bad = Proof.refused(.wrongCode)

private let rows: [DecisionRow] = [
    // Two-factor off: the password alone, whatever the account has.
    DecisionRow("off: the password is asked first", off, plain, .ask(.password)),
    DecisionRow("off: right password", off, plain, password: .accepted, .granted),
    DecisionRow("off: wrong password", off, plain, password: wrong, .denied(.wrongPassword)),
    DecisionRow("off: a factor is not asked", off, withApp, password: .accepted, .granted),
    DecisionRow(
        "off: required without the feature asks nothing", requiredWithoutFeature, plain, password: .accepted, .granted),
    DecisionRow("off: unknown account is asked too", off, unknown, .ask(.password)),
    DecisionRow("off: unknown account", off, unknown, password: .refused(.unknownAccount), .denied(.unknownAccount)),
    // Opt-in: the code only after a right password of an account with a factor.
    DecisionRow("opt-in: no factor", optIn, plain, password: .accepted, .granted),
    DecisionRow("opt-in: a factor", optIn, withApp, password: .accepted, .ask(.code)),
    DecisionRow("opt-in: both right", optIn, withApp, password: .accepted, code: .accepted, .granted),
    DecisionRow("opt-in: wrong code", optIn, withApp, password: .accepted, code: bad, .denied(.wrongCode)),
    DecisionRow("opt-in: wrong password asks no code", optIn, withApp, password: wrong, .denied(.wrongPassword)),
    DecisionRow(
        "opt-in: unknown asks no code", optIn, unknown, password: .refused(.unknownAccount), .denied(.unknownAccount)),
    DecisionRow(
        "opt-in: a factor that cannot be asked here still needs a code", optIn, withMail, password: .accepted,
        .ask(.code)),
    DecisionRow("opt-in: a security key counts as a factor", optIn, withKey, password: .accepted, .ask(.code)),
    DecisionRow("webauthn alone switches factors on", keysOnly, withKey, password: .accepted, .ask(.code)),
    DecisionRow(
        "opt-in: an inactive account is not asked for its code", optIn, inactiveWithApp, password: .accepted,
        .denied(.inactive)),
    // Required: both, for everybody.
    DecisionRow("required: code after a right password", required, withApp, password: .accepted, .ask(.code)),
    DecisionRow("required: code after a wrong password", required, withApp, password: wrong, .ask(.code)),
    DecisionRow(
        "required: code of an unknown account", required, unknown, password: .refused(.unknownAccount), .ask(.code)),
    DecisionRow("required: both right", required, withApp, password: .accepted, code: .accepted, .granted),
    DecisionRow(
        "required: a right code does not mend a wrong password", required, withApp, password: wrong, code: .accepted,
        .denied(.wrongPassword)),
    DecisionRow("required: no factor set up", required, plain, password: .accepted, code: bad, .denied(.noFactor)),
    DecisionRow(
        "required: no factor set up, and yet a code", required, plain, password: .accepted, code: .accepted,
        .denied(.noFactor)),
    DecisionRow(
        "required: inactive", required, inactiveWithApp, password: .accepted, code: .accepted, .denied(.inactive)),
    DecisionRow("required: inactive is asked for a code", required, inactiveWithApp, password: .accepted, .ask(.code)),
    // Unified sign-in: a method that needs nothing beside it on the web stands for a second factor, and makes none due.
    DecisionRow("unified, opt-in: makes no code due", optInUnified, withUnifiedApp, password: .accepted, .granted),
    DecisionRow(
        "unified, required: is a factor", requiredUnified, withUnifiedApp, password: .accepted, code: .accepted,
        .granted),
    DecisionRow(
        "unified, required: wrong code", requiredUnified, withUnifiedApp, password: .accepted, code: bad,
        .denied(.wrongCode)),
    DecisionRow(
        "unified, required: a right code does not mend a wrong password", requiredUnified, withUnifiedApp,
        password: wrong, code: .accepted, .denied(.wrongPassword)),
    DecisionRow(
        "unified, required: a method that needs a second factor itself is none", requiredUnified, withUnifiedMail,
        password: .accepted, code: .accepted, .denied(.noFactor)),
    DecisionRow(
        "unified is off: a wallet of it is no factor", required, withUnifiedApp, password: .accepted, code: .accepted,
        .denied(.noFactor)),
    DecisionRow(
        "unified, factor=code: right", optInUnified, withUnifiedApp, scope: .code, code: .accepted, .granted),
    DecisionRow(
        "unified, factor=code: a method that needs more", optInUnified, withUnifiedMail, scope: .code, code: .accepted,
        .denied(.noFactor)),
    DecisionRow(
        "unified, factor=code nullok: still no factor set up", optInUnified, withUnifiedApp, scope: .code, nullok: true,
        .ignored),
    // Accounts that may not log in.
    DecisionRow("inactive", off, inactive, password: .accepted, .denied(.inactive)),
    DecisionRow("inactive with a wrong password", off, inactive, password: wrong, .denied(.inactive)),
    DecisionRow("unconfirmed", confirmable, unconfirmed, password: .accepted, .denied(.unconfirmed)),
    DecisionRow("unconfirmed where nothing is confirmed", off, unconfirmed, password: .accepted, .granted),
    DecisionRow("unconfirmed, but allowed", confirmableLater, unconfirmed, password: .accepted, .granted),
    DecisionRow("not admitted to hosts", off, notAdmitted, password: .accepted, .denied(.notAdmitted)),
    // The password alone, for stacks that ask the code elsewhere.
    DecisionRow("factor=password: asks no code", required, withApp, scope: .password, password: .accepted, .granted),
    DecisionRow(
        "factor=password: wrong", required, withApp, scope: .password, password: wrong, .denied(.wrongPassword)),
    DecisionRow("factor=password: inactive", off, inactive, scope: .password, password: .accepted, .denied(.inactive)),
    // The code alone, behind another module.
    DecisionRow("factor=code: asks", optIn, withApp, scope: .code, .ask(.code)),
    DecisionRow("factor=code: right", optIn, withApp, scope: .code, code: .accepted, .granted),
    DecisionRow("factor=code: wrong", optIn, withApp, scope: .code, code: bad, .denied(.wrongCode)),
    DecisionRow("factor=code: asks although two-factor is off", off, withApp, scope: .code, .ask(.code)),
    DecisionRow("factor=code: no factor is asked", optIn, plain, scope: .code, .ask(.code)),
    DecisionRow("factor=code: no factor", optIn, plain, scope: .code, code: bad, .denied(.noFactor)),
    DecisionRow(
        "factor=code: no factor, and yet a code", optIn, plain, scope: .code, code: .accepted, .denied(.noFactor)),
    DecisionRow("factor=code nullok: no factor", optIn, plain, scope: .code, nullok: true, .ignored),
    DecisionRow("factor=code nullok: required", required, plain, scope: .code, nullok: true, .ask(.code)),
    DecisionRow("factor=code nullok: a factor", optIn, withApp, scope: .code, nullok: true, .ask(.code)),
    DecisionRow("factor=code nullok: unknown", optIn, unknown, scope: .code, nullok: true, .ask(.code)),
    DecisionRow("factor=code nullok: inactive", optIn, inactive, scope: .code, nullok: true, .ask(.code)),
    DecisionRow("factor=code nullok: not admitted", optIn, notAdmitted, scope: .code, nullok: true, .ask(.code)),
    DecisionRow(
        "factor=code: inactive with a right code", optIn, inactiveWithApp, scope: .code, code: .accepted,
        .denied(.inactive)),
]

@Suite struct DecisionTests {
    @Test(arguments: rows)
    func `the table holds`(_ row: DecisionRow) {
        let step = Decision.next(
            policy: row.policy, account: row.account, evidence: row.evidence, scope: row.scope,
            allowsNoFactor: row.allowsNoFactor)
        #expect(step == row.expected)
    }

    /// Every combination of policy, account, scope and evidence: what must hold in all of them.
    @Test func `nothing is granted without every factor that is due`() {
        let policies = [off, optIn, required, requiredWithoutFeature, keysOnly, confirmable, confirmableLater]
        let accounts = [
            plain, withApp, withMail, withKey, unknown, inactive, inactiveWithApp, unconfirmed, notAdmitted,
        ]
        let proofs: [Proof] = [.absent, .accepted, wrong, bad]
        for policy in policies {
            for account in accounts {
                for scope in FactorScope.allCases {
                    for password in proofs {
                        for code in proofs {
                            let step = Decision.next(
                                policy: policy, account: account, evidence: Evidence(password: password, code: code),
                                scope: scope)
                            guard step == .granted else { continue }
                            #expect(Decision.obstacle(policy, account) == nil)
                            if scope != .code { #expect(password == .accepted) }
                            let isDue = policy.isRequired || policy.isActive && !account.factors.isEmpty
                            if scope == .code || scope == .all && isDue { #expect(code == .accepted) }
                        }
                    }
                }
            }
        }
    }

    @Test func `a code after a wrong password is not looked up`() {
        let evidence = Evidence(password: wrong, code: .absent)
        #expect(!Decision.mayCheckCode(required, withApp, evidence))
        #expect(!Decision.mayCheckCode(required, inactiveWithApp, Evidence(password: .accepted, code: .absent)))
        #expect(Decision.mayCheckCode(required, withApp, Evidence(password: .accepted, code: .absent)))
    }

    @Test func `a required factor that is not set up is seen by account management`() {
        #expect(Decision.missingFactor(required, plain))
        #expect(!Decision.missingFactor(required, withApp))
        #expect(!Decision.missingFactor(optIn, plain))
        #expect(!Decision.missingFactor(requiredWithoutFeature, plain))
    }
}
