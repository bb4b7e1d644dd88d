import Foundation
import SecurityCore
import Testing

@testable import PAMSecurity

/// Numbers are those of the requirements in ChangePassword.swift.
@Suite struct ChangePasswordTests {
    private static let new = "another long password"

    @Test func `a user changes a password with the old one`() throws {
        let host = try Host()
        let id = try host.account()
        let before = try host.store.account(id: id)?.fsUniquifier
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_SUCCESS")
        #expect(host.prompts == ["Current password: ", "Password: "])
        #expect(try host.store.account(id: id)?.fsUniquifier != before)
        #expect(host.tokens[.password] == Self.new)
        host.tokens = [:]
        #expect(host.call(.authenticate, answers: [Host.password]) == "PAM_AUTH_ERR")
        #expect(host.call(.authenticate, answers: [Self.new]) == "PAM_AUTH_ERR")
        host.tokens = [:]
        #expect(host.call(.authenticate, answers: [Self.new]) == "PAM_SUCCESS")
    }

    @Test func `root needs no old password, unless a login forces the change (3)`() throws {
        let host = try Host()
        try host.account()
        host.uid = 0
        #expect(host.change(answers: [Self.new]) == "PAM_SUCCESS")
        #expect(host.prompts == ["Password: "])
        host.tokens = [:]
        #expect(host.change(answers: ["wrong"], flags: .changeExpired) == "PAM_AUTH_ERR")
        #expect(host.prompts == ["Current password: "])
    }

    @Test func `a wrong old password ends the change and is counted (3)`() throws {
        let host = try Host()
        let id = try host.account()
        #expect(host.change(answers: ["wrong", Self.new]) == "PAM_AUTH_ERR")
        #expect(host.prompts == ["Current password: "])
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 1)
        #expect(host.tokens[.oldPassword] == nil)
    }

    @Test func `the preliminary call changes nothing (1)`() throws {
        let host = try Host()
        let id = try host.account()
        let before = try host.store.account(id: id)?.fsUniquifier
        host.tokens[.password] = Self.new
        #expect(host.call(.changePassword, answers: [Host.password], flags: .preliminary) == "PAM_SUCCESS")
        #expect(try host.store.account(id: id)?.fsUniquifier == before)
    }

    @Test func `an updating call without a right old password changes nothing (2)`() throws {
        let host = try Host()
        let id = try host.account()
        let before = try host.store.account(id: id)?.fsUniquifier
        #expect(host.call(.changePassword, answers: ["wrong", Self.new], flags: .update) == "PAM_AUTH_ERR")
        #expect(host.call(.changePassword, answers: [Host.password, Self.new]) == "PAM_SYSTEM_ERR")
        #expect(try host.store.account(id: id)?.fsUniquifier == before)
    }

    @Test func `a password on the list of breached ones is refused with its reason`() throws {
        let host = try Host()
        let list = host.folder + "/breached.txt"
        try "981D855E4536D28F418DB5064BC49A156FAE1C3E:12\r\n".write(toFile: list, atomically: true, encoding: .utf8)
        try host.configure([
            "SECURITY_PASSWORD_CHECK_BREACHED = \"strict\"",
            "LIBSECURITY_BREACHED_FILE = \"\(list)\"",
        ])
        let id = try host.account()
        let before = try host.store.account(id: id)?.fsUniquifier
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_AUTHTOK_ERR")
        #expect(host.shown == ["Password on breached list"])
        #expect(try host.store.account(id: id)?.fsUniquifier == before)
        host.tokens = [:]
        #expect(host.change(answers: [Host.password, Self.new + "!"]) == "PAM_SUCCESS")
    }

    @Test func `a password is refused where nobody can tell whether it was breached, if that is strict`() throws {
        let host = try Host()
        try host.configure(["SECURITY_PASSWORD_CHECK_BREACHED = \"strict\""])
        try host.account()
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_AUTHTOK_ERR")
        #expect(host.shown.first == "Failed to contact breached passwords site")
    }

    @Test func `use_authtok takes the new password of a module above, or none`() throws {
        let host = try Host()
        try host.account()
        #expect(host.change("use_authtok", answers: [Host.password, Self.new]) == "PAM_AUTHTOK_ERR")
        #expect(host.prompts == ["Current password: "])
        host.tokens = [.password: Self.new]
        #expect(host.change("use_authtok", answers: [Host.password]) == "PAM_SUCCESS")
    }

    @Test func `every flaw is shown, and the password is left to nobody (4)`() throws {
        let host = try Host(["SECURITY_PASSWORD_LENGTH_MIN = 40"])
        let id = try host.account()
        #expect(host.change(answers: [Host.password, Host.password]) == "PAM_AUTHTOK_ERR")
        #expect(
            host.shown == [
                "Password must be at least 40 characters",
                "Your new password must be different than your previous password.",
            ])
        #expect(host.tokens[.password] == nil)
        #expect(try host.store.accountRecord(id: id)?.failedPasswords == 0)
        host.tokens = [:]
        #expect(host.change(answers: [Host.password, "short"], flags: .silent) == "PAM_AUTHTOK_ERR")
        #expect(host.shown.isEmpty)
    }

    @Test func `a site without SECURITY_CHANGEABLE says why`() throws {
        let host = try Host(["SECURITY_CHANGEABLE = false"])
        try host.account()
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_PERM_DENIED")
        #expect(host.shown == ["Passwords cannot be changed here: SECURITY_CHANGEABLE is false."])
        #expect(host.prompts.isEmpty)
    }

    @Test func `an account that may not log in changes nothing`() throws {
        let host = try Host()
        try host.account(isActive: false)
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_PERM_DENIED")
        host.name = "bob"
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_USER_UNKNOWN")
        host.name = "toor"
        #expect(host.change(answers: [Host.password, Self.new]) == "PAM_USER_UNKNOWN")
        #expect(host.prompts.isEmpty)
    }
}
