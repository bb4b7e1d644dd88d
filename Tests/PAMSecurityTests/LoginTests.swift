import Foundation
import SecurityCore
import Testing

@testable import PAMSecurity

private let required = [
    "SECURITY_TWO_FACTOR = true", "SECURITY_TWO_FACTOR_REQUIRED = true",
    "SECURITY_TWO_FACTOR_ENABLED_METHODS = [\"authenticator\"]",
]

@Suite struct StackedPasswordTests {
    @Test func `a password of a module above is taken without asking`() throws {
        let host = try Host()
        try host.account()
        host.tokens[.password] = Host.password
        #expect(host.call(.authenticate) == "PAM_SUCCESS")
        #expect(host.prompts.isEmpty)
    }

    @Test func `use_first_pass never asks for the password`() throws {
        let host = try Host()
        try host.account()
        #expect(host.call(.authenticate, "use_first_pass", answers: [Host.password]) == "PAM_AUTH_ERR")
        #expect(host.prompts.isEmpty)
        host.tokens[.password] = "wrong"
        #expect(host.call(.authenticate, "use_first_pass", answers: [Host.password]) == "PAM_AUTH_ERR")
        #expect(host.prompts.isEmpty)
        host.tokens[.password] = Host.password
        #expect(host.call(.authenticate, "use_first_pass") == "PAM_SUCCESS")
    }

    @Test func `try_first_pass asks after a wrong one, and only then`() throws {
        let host = try Host()
        try host.account()
        host.tokens[.password] = Host.password
        #expect(host.call(.authenticate, "try_first_pass") == "PAM_SUCCESS")
        #expect(host.prompts.isEmpty)
        host.tokens[.password] = "wrong"
        #expect(host.call(.authenticate, "try_first_pass", answers: [Host.password]) == "PAM_SUCCESS")
        #expect(host.prompts == ["Password: "])
        #expect(host.tokens[.password] == Host.password)
    }

    @Test func `a stale password of a module above never locks its owner out`() throws {
        let host = try Host()
        let id = try host.account()
        // Every login has two wrong passwords, or a wrong and a right one: counted each, never delayed by the other.
        for _ in 0..<10 {
            host.tokens[.password] = "stale"
            #expect(host.call(.authenticate, "try_first_pass", answers: ["wrong"]) == "PAM_AUTH_ERR")
            host.wait(3600)
        }
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 20)
        host.tokens[.password] = "stale"
        #expect(host.call(.authenticate, "try_first_pass", answers: [Host.password]) == "PAM_SUCCESS")
    }

    @Test func `the same wrong password twice is one guess`() throws {
        let host = try Host()
        let id = try host.account()
        host.tokens[.password] = "wrong"
        #expect(host.call(.authenticate, "try_first_pass", answers: ["wrong"]) == "PAM_AUTH_ERR")
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 1)
    }

    @Test func `a prompt that is cancelled counts nothing more`() throws {
        let host = try Host()
        let id = try host.account()
        host.tokens[.password] = "wrong"
        #expect(host.call(.authenticate, "try_first_pass") == "PAM_CONV_ERR")
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 1)
        host.tokens = [:]
        #expect(host.call(.authenticate) == "PAM_CONV_ERR")
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 1)
    }

    @Test func `an empty password is none`() throws {
        let host = try Host()
        let id = try host.account()
        #expect(host.call(.authenticate, answers: [""]) == "PAM_AUTH_ERR")
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 0)
    }
}

@Suite struct CodePromptTests {
    @Test func `a code is asked for although a password is there`() throws {
        let host = try Host()
        try host.account(withApp: true)
        host.tokens[.password] = host.code()
        #expect(host.call(.authenticate, "factor=code", "use_first_pass") == "PAM_CONV_ERR")
        #expect(host.prompts == ["Verification code: "])
        host.tokens[.password] = Host.password
        #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.tokens[.password] == Host.password)
    }

    @Test func `the prompt is the administrator's`() throws {
        let host = try Host()
        try host.account(withApp: true)
        #expect(
            host.call(.authenticate, "factor=code", "prompt=Your code, please: ", answers: [host.code()])
                == "PAM_SUCCESS")
        #expect(host.prompts == ["Your code, please: "])
    }

    @Test(arguments: ["correct horse battery staple", "12345678", "0123-4567-89ab"])
    func `the password once more is no attempt at a code`(_ password: String) throws {
        let host = try Host(required)
        let id = try host.account(withApp: true, codes: true)
        host.tokens[.password] = password
        #expect(host.call(.authenticate, "factor=code", answers: [password]) == "PAM_AUTH_ERR")
        #expect(try host.store.accountRecord(id: id)?.failedCodes == 0)
        #expect(try host.store.accountRecord(id: id)?.recoveryCodeCount == 1)
    }

    @Test func `answers that sshd makes up burn nothing`() throws {
        let host = try Host(required)
        let id = try host.account(withApp: true)
        let dummy = "\u{08}\n\r\u{7f}INCORRECT"
        #expect(host.call(.authenticate, answers: [dummy, dummy]) == "PAM_AUTH_ERR")
        #expect(host.prompts == ["Password: ", "Verification code: "])
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 0)
        #expect(try host.store.accountRecord(id: id)?.failedCodes == 0)
    }

    @Test func `a code and a recovery code let in once`() throws {
        let host = try Host(required + ["SECURITY_MULTI_FACTOR_RECOVERY_CODES = true"])
        try host.account(withApp: true, codes: true)
        for code in [host.code(), Host.recoveryCode] {
            host.tokens = [:]
            #expect(host.call(.authenticate, answers: [Host.password, code]) == "PAM_SUCCESS")
            host.tokens = [:]
            #expect(host.call(.authenticate, answers: [Host.password, code]) == "PAM_AUTH_ERR")
        }
    }
}

@Suite struct FreshLoginTests {
    private func host() throws -> Host {
        let host = try Host(
            required + ["LIBSECURITY_FRESHNESS = \"15 minutes\"", "LIBSECURITY_FRESHNESS_GRACE_PERIOD = 0"])
        try host.account(withApp: true)
        host.texts[.terminal] = "pts/1"
        return host
    }

    @Test func `a code counts for a while at the same place`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", "fresh", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.call(.reviewAccount) == "PAM_SUCCESS")
        host.wait(899)
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_SUCCESS")
        #expect(host.prompts.isEmpty)
        host.wait(2)
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_CONV_ERR")
    }

    @Test func `nobody else's place is fresh`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", "fresh", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.call(.setCredentials) == "PAM_SUCCESS")
        host.texts[.terminal] = "pts/2"
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_CONV_ERR")
        host.texts[.terminal] = "pts/1"
        host.texts[.remoteHost] = "192.0.2.7"
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_CONV_ERR")
        host.texts[.remoteHost] = nil
        host.uid = 1001
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_CONV_ERR")
    }

    @Test func `without the argument nothing is fresh`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", "fresh", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.call(.setCredentials) == "PAM_SUCCESS")
        #expect(host.call(.authenticate, "factor=code") == "PAM_CONV_ERR")
    }
}

@Suite struct RecordedLaterTests {
    private func host() throws -> Host {
        let host = try Host(required + ["SECURITY_TRACKABLE = true"])
        try host.account(withApp: true)
        host.texts[.remoteHost] = "192.0.2.7"
        return host
    }

    private func count(_ host: Host) throws -> Int64? { try host.store.accountRecord(id: 1)?.loginCount }

    @Test func `a right code is no login until the application goes on`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.lines.contains { $0.text.hasPrefix("verdict=granted user=ann") })
        #expect(try count(host) == 0)
        #expect(host.call(.setCredentials, flags: .deleteCredentials) == "PAM_SUCCESS")
        #expect(try count(host) == 0)
        #expect(host.call(.reviewAccount) == "PAM_SUCCESS")
        #expect(host.lines.contains { $0.text.hasPrefix("verdict=recorded user=ann account=1") })
        #expect(host.call(.setCredentials) == "PAM_SUCCESS")
        #expect(try count(host) == 1)
    }

    @Test func `whatever asks for the password is recorded at once`() throws {
        let host = try host()
        #expect(host.call(.authenticate, answers: [Host.password, host.code()]) == "PAM_SUCCESS")
        #expect(try count(host) == 1)
        #expect(host.kept.isEmpty)
    }

    @Test func `an account that was deactivated meanwhile is not recorded`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
        _ = try host.store.setActive(false, account: 1, now: host.now)
        #expect(host.call(.setCredentials) == "PAM_CRED_ERR")
        #expect(try count(host) == 0)
        // A failure is no second chance.
        _ = try host.store.setActive(true, account: 1, now: host.now)
        #expect(host.call(.reviewAccount) == "PAM_SUCCESS")
        #expect(try count(host) == 0)
    }

    @Test func `a login that cannot be recorded is refused`() throws {
        for (call, result) in [
            (ServiceModule.Call.reviewAccount, "PAM_AUTHINFO_UNAVAIL"), (.setCredentials, "PAM_CRED_UNAVAIL"),
        ] {
            let host = try host()
            #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
            try FileManager.default.removeItem(atPath: host.folder + "/users.db")
            #expect(host.call(call) == result)
        }
    }

    @Test func `account management of another account drops what was kept`() throws {
        let host = try host()
        try host.account("bob", withApp: true)
        #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
        host.name = "bob"
        #expect(host.call(.reviewAccount) == "PAM_SUCCESS")
        #expect(try count(host) == 0)
        #expect(host.kept.isEmpty)
    }

    @Test func `the next attempt drops what was kept`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", answers: [host.code()]) == "PAM_SUCCESS")
        #expect(host.call(.authenticate, "factor=code", answers: ["000000"]) == "PAM_AUTH_ERR")
        #expect(host.call(.reviewAccount) == "PAM_SUCCESS")
        #expect(try count(host) == 0)
    }
}

@Suite struct ChangedUserTests {
    @Test(arguments: ["bob", "root", ""])
    func `nothing is granted for a name that changed at the prompt`(_ name: String) throws {
        let host = try Host(["SECURITY_TRACKABLE = true"])
        let ann = try host.account()
        try host.account("bob")
        host.whileAsking = { $0.name = name }
        #expect(host.call(.authenticate, answers: [Host.password]) == "PAM_SYSTEM_ERR")
        #expect(try host.store.accountRecord(id: ann)?.loginCount == 0)
        #expect(host.lines.contains { $0.text.hasPrefix("verdict=error reason=user-changed") })
    }

    @Test func `no password is stored for a name that changed at the prompt`() throws {
        let host = try Host()
        let ann = try host.account()
        let old = try host.store.account(id: ann)?.fsUniquifier
        host.uid = 0
        host.whileAsking = { $0.name = "bob" }
        #expect(host.call(.changePassword, answers: ["a new and long password"], flags: .update) == "PAM_SYSTEM_ERR")
        #expect(try host.store.account(id: ann)?.fsUniquifier == old)
    }
}

/// Root, when it can never be granted: another module lets root in, whatever the state of the site.
@Suite struct SuperuserTests {
    private static let words = ["factor=all", "factor=password", "factor=code"]

    @Test(arguments: Failure.all) func `a name of uid 0 does not depend on the site`(_ failure: Failure) throws {
        for name in ["toor", "root"] {
            let host = try Host()
            try failure.cause(host)
            host.name = name
            for word in SuperuserTests.words {
                host.tokens = [:]
                let found = host.call(.authenticate, word, "unknown=user_unknown", answers: ["a", "b"])
                #expect(found == "PAM_USER_UNKNOWN")
                #expect(host.lines.contains { $0.text.hasPrefix("verdict=denied reason=superuser") })
                // A module below takes the password that was typed.
                #expect(host.tokens[.password] == (word == "factor=code" ? nil : "a"))
                host.tokens = [:]
                #expect(host.call(.authenticate, word, answers: ["a", "b"]) == "PAM_AUTH_ERR")
            }
            #expect(host.call(.reviewAccount, "unknown=user_unknown") == "PAM_USER_UNKNOWN")
            #expect(host.call(.reviewAccount) == "PAM_PERM_DENIED")
            for phase in [Flags.preliminary, .update] {
                #expect(host.call(.changePassword, flags: phase) == "PAM_USER_UNKNOWN")
            }
        }
    }

    @Test func `where root may log in, it depends on the site as everybody`() throws {
        let host = try Host(["LIBSECURITY_PAM_ALLOW_ROOT = true"])
        try FileManager.default.removeItem(atPath: host.folder + "/users.db")
        host.name = "root"
        #expect(host.call(.authenticate, "unknown=user_unknown", answers: ["a"]) == "PAM_AUTHINFO_UNAVAIL")
    }

    @Test func `a name of uid 0 writes nothing to the account database`() throws {
        let host = try Host(required)
        let before = FileManager.default.contents(atPath: host.folder + "/users.db")
        host.name = "root"
        #expect(host.call(.authenticate, answers: ["a", "000000"]) == "PAM_AUTH_ERR")
        #expect(host.call(.authenticate, "factor=code", answers: ["000000"]) == "PAM_AUTH_ERR")
        #expect(FileManager.default.contents(atPath: host.folder + "/users.db") == before)
    }
}

@Suite struct UnknownAccountTests {
    @Test(arguments: ["ann", "toor", "", "-ann", "ann\u{7}"])
    func `an account that is none of ours is told only where the line says so`(_ name: String) throws {
        let host = try Host(required)
        host.name = name
        #expect(host.call(.authenticate, answers: ["a", "b"]) == "PAM_AUTH_ERR")
        #expect(host.prompts == ["Password: ", "Verification code: "])
        host.tokens = [:]
        #expect(host.call(.authenticate, "unknown=user_unknown", answers: ["a", "b"]) == "PAM_USER_UNKNOWN")
        #expect(host.prompts == ["Password: ", "Verification code: "])
    }

    @Test func `a name that is not UTF-8 is nobody's`() throws {
        let host = try Host()
        host.name = nil
        #expect(host.call(.authenticate, answers: ["a"]) == "PAM_AUTH_ERR")
    }

    @Test func `a known account is not told`() throws {
        let host = try Host()
        try host.account(isActive: false)
        #expect(host.call(.authenticate, "unknown=user_unknown", answers: [Host.password]) == "PAM_AUTH_ERR")
    }
}
