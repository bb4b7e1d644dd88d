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
        host.wait(899)
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_SUCCESS")
        #expect(host.prompts.isEmpty)
        host.wait(2)
        #expect(host.call(.authenticate, "factor=code", "fresh") == "PAM_CONV_ERR")
    }

    @Test func `nobody else's place is fresh`() throws {
        let host = try host()
        #expect(host.call(.authenticate, "factor=code", "fresh", answers: [host.code()]) == "PAM_SUCCESS")
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
        #expect(host.call(.authenticate, "factor=code") == "PAM_CONV_ERR")
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
