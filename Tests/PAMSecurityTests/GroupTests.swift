import Foundation
import SecurityCore
import Testing

@testable import PAMSecurity

/// What account management says to an account.
struct ReviewCase: Sendable, CustomTestStringConvertible {
    var account: String
    var settings: [String] = []
    var result: String
    var shown: [String] = []
    var testDescription: String { account }

    static let required = ["SECURITY_TWO_FACTOR = true", "SECURITY_TWO_FACTOR_REQUIRED = true"]
    static let all = [
        ReviewCase(account: "usable", result: "PAM_SUCCESS"),
        ReviewCase(account: "app", settings: required, result: "PAM_SUCCESS"),
        ReviewCase(
            account: "no factor", settings: required, result: "PAM_PERM_DENIED",
            shown: ["This account needs a second factor, and none is set up."]),
        ReviewCase(account: "no factor, not required", settings: [required[0]], result: "PAM_SUCCESS"),
        ReviewCase(account: "inactive", result: "PAM_PERM_DENIED", shown: ["Account is disabled."]),
        ReviewCase(
            account: "unconfirmed", settings: ["SECURITY_CONFIRMABLE = true"], result: "PAM_PERM_DENIED",
            shown: ["Email requires confirmation."]),
        ReviewCase(account: "unconfirmed, not asked for", result: "PAM_SUCCESS"),
        ReviewCase(
            account: "not admitted", settings: ["LIBSECURITY_PAM_ROLES_ACCEPTED = [\"staff\"]"],
            result: "PAM_PERM_DENIED"),
        ReviewCase(account: "superuser", result: "PAM_PERM_DENIED"),
        ReviewCase(account: "unknown", result: "PAM_AUTH_ERR"),
    ]
}

@Suite struct AccountManagementTests {
    @Test(arguments: ReviewCase.all) func `an account is reviewed`(_ row: ReviewCase) throws {
        let host = try Host(row.settings + ["SECURITY_TWO_FACTOR_ENABLED_METHODS = [\"authenticator\"]"])
        if row.account == "superuser" { host.name = "toor" }
        if row.account != "unknown" {
            try host.account(
                host.name ?? "", isActive: row.account != "inactive",
                isConfirmed: !row.account.hasPrefix("unconfirmed"), withApp: row.account == "app")
        }
        #expect(host.call(.reviewAccount) == row.result)
        #expect(host.prompts.isEmpty)
        #expect(host.shown == row.shown)
        #expect(host.call(.reviewAccount, flags: .silent) == row.result)
        #expect(host.shown.isEmpty)
    }

    @Test func `an unknown account is told where the line says so`() throws {
        let host = try Host()
        #expect(host.call(.reviewAccount, "unknown=user_unknown") == "PAM_USER_UNKNOWN")
        host.name = "toor"
        #expect(host.call(.reviewAccount, "unknown=user_unknown") == "PAM_USER_UNKNOWN")
    }
}

@Suite struct CredentialAndSessionTests {
    @Test(arguments: [ServiceModule.Call.setCredentials, .openSession, .closeSession])
    func `there is nothing to do, whatever the state of the site`(_ call: ServiceModule.Call) throws {
        let host = try Host()
        try FileManager.default.removeItem(atPath: host.config)
        #expect(host.call(call) == "PAM_SUCCESS")
        #expect(host.lines.isEmpty)
    }
}

/// A site that cannot decide, and the code in each group.
struct Failure: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var authenticate: String
    var change: String
    var cause: @Sendable (Host) throws -> Void

    static let all = [
        Failure(testDescription: "no configuration", authenticate: unavailable, change: unavailable) {
            try FileManager.default.removeItem(atPath: $0.config)
        },
        Failure(testDescription: "configuration open to others", authenticate: unavailable, change: unavailable) {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: $0.config)
        },
        Failure(testDescription: "not TOML", authenticate: unavailable, change: unavailable) {
            try $0.configure(["SECRET_KEY ="])
        },
        Failure(testDescription: "misspelt key", authenticate: unavailable, change: unavailable) {
            try $0.configure(["SECURITY_TWO_FACTER = true"])
        },
        Failure(testDescription: "no database", authenticate: unavailable, change: unavailable) {
            try FileManager.default.removeItem(atPath: $0.folder + "/users.db")
        },
        Failure(testDescription: "no SQLite file", authenticate: unavailable, change: unavailable) {
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: $0.folder + "/users.db"))
        },
        Failure(testDescription: "no table of users", authenticate: unavailable, change: unavailable) {
            try $0.sql("DROP TABLE user")
        },
        Failure(testDescription: "PostgreSQL", authenticate: unavailable, change: unavailable) {
            try $0.configure(["SQLALCHEMY_DATABASE_URI = \"postgresql://localhost/users\""])
        },
    ]
    private static let unavailable = "PAM_AUTHINFO_UNAVAIL"
}

@Suite struct FailClosedTests {
    @Test(arguments: Failure.all) func `a site that cannot decide lets nobody in`(_ failure: Failure) throws {
        let host = try Host()
        try host.account()
        try failure.cause(host)
        #expect(host.call(.authenticate, answers: [Host.password]) == failure.authenticate)
        #expect(host.prompts.isEmpty)
        #expect(host.lines.contains { $0.level == .error && $0.text.hasPrefix("verdict=error") })
        #expect(host.call(.authenticate, "factor=code", "nullok") == failure.authenticate)
        #expect(host.call(.reviewAccount) == failure.authenticate)
        #expect(host.change(answers: [Host.password, "a new password"]) == failure.change)
    }

    @Test(arguments: ServiceModule.Call.allCases)
    func `a line that is not understood is refused in every group`(_ call: ServiceModule.Call) throws {
        let host = try Host()
        try host.account()
        #expect(host.call(call, "nulok", answers: [Host.password]) == "PAM_SERVICE_ERR")
        #expect(host.prompts.isEmpty)
        #expect(host.lines.map { $0.text } == ["unknown module argument: nulok"])
    }
}
