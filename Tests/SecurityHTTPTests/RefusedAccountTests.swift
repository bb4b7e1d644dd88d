import SecurityCore
import SecurityStore
import SecurityTokens
import Testing

@testable import SecurityHTTP

/// Accounts that may not sign in: no way leads in, and no mail offers one.
@Suite struct RefusedAccountTests {
    @Test(arguments: WayIn.allCases.filter { $0 != .registration })
    func `no way signs an inactive account in`(way: WayIn) throws {
        let live = try LiveSite(way.settings)
        let ann = try live.account()
        _ = try live.store.setActive(false, account: ann.id, now: live.now)
        #expect(try !way.isOpen(live, ann, live.browser()))
        #expect(try live.signIns() == 0)
        #expect(try live.store.account(id: ann.id)?.fsUniquifier == ann.fsUniquifier)
    }

    @Test(arguments: [WayIn.form, .json, .basic, .reset])
    func `no way but its link signs in an account whose address is not confirmed`(way: WayIn) throws {
        let live = try LiveSite()
        #expect(try !way.isOpen(live, live.account(isConfirmed: false), live.browser()))
        #expect(try live.signIns() == 0)
        let lenient = try LiveSite(["SECURITY_LOGIN_WITHOUT_CONFIRMATION": "true"])
        #expect(try way.isOpen(lenient, lenient.account(isConfirmed: false), lenient.browser()))
    }

    @Test func `confirming an inactive account signs nobody in and is told`() throws {
        let live = try LiveSite()
        let ann = try live.account(isConfirmed: false)
        let link = "/confirm/" + (try live.token(.confirmation, ann))
        _ = try live.store.setActive(false, account: ann.id, now: live.now)
        let browser = live.browser()
        #expect(browser.post(link, []).status == 302)
        _ = try live.store.setActive(true, account: ann.id, now: live.now)
        #expect(!browser.isSignedIn)
        #expect(try live.signIns() == 0)
    }

    @Test(arguments: [
        ("/reset", "UPDATE user SET active = 0", "false"), ("/reset", "UPDATE user SET confirmed_at = NULL", "false"),
        ("/login", "UPDATE user SET active = 0", "true"), ("/confirm", "UPDATE user SET username = NULL", "false"),
        ("/reset", "DELETE FROM user", "false"), ("/confirm", "DELETE FROM user", "false"),
    ]) func `no link is mailed to an account that it would not serve`(
        path: String, change: String, passwordless: String
    ) throws {
        let live = try LiveSite(["SECURITY_PASSWORDLESS": passwordless])
        let ann = try live.account()
        try live.run(change)
        #expect(live.browser().postJSON(path, [("email", ann.email)]).status == 400)
        #expect(live.browser().post(path, [("email", ann.email)]).status == 200)
        #expect(try live.mails() == 0)
    }

    @Test(arguments: [("/reset", true, "false"), ("/confirm", false, "false"), ("/login", true, "true")])
    func `a link is mailed to an account that it serves`(
        path: String, isConfirmed: Bool, passwordless: String
    ) throws {
        let live = try LiveSite(["SECURITY_PASSWORDLESS": passwordless])
        let ann = try live.account(isConfirmed: isConfirmed)
        #expect(live.browser().postJSON(path, [("email", ann.email)]).status == 200)
        #expect(try live.value("SELECT group_concat(recipient) FROM lsec_outbox") == ann.email)
    }

    @Test(arguments: ["ann@example.org", "ANN@example.org"])
    func `an address that an account has is not registered again`(email: String) throws {
        let live = try LiveSite(["SECURITY_CONFIRMABLE": "false"])
        try live.account()
        let browser = live.browser()
        let form = [("email", email), ("password", "battery staple two"), ("password_confirm", "battery staple two")]
        #expect(browser.postJSON("/register", form).status == 400)
        #expect(browser.post("/register", form).status == 200)
        #expect(!browser.isSignedIn)
        #expect(try live.value("SELECT count(*) FROM user") == "1")
    }

    @Test(arguments: [("", true), ("battery", true), ("battery staple two", false)])
    func `a new password is judged by each flow`(new: String, isRefused: Bool) throws {
        let live = try LiveSite(["SECURITY_PASSWORD_LENGTH_MIN": "10", "SECURITY_CONFIRMABLE": "false"])
        let ann = try live.account()
        let change = [("password", LiveSite.password), ("new_password", new), ("new_password_confirm", new)]
        #expect((live.browser(ann).postJSON("/change", change).status == 400) == isRefused)
        let register = [("email", "bob@example.org"), ("password", new)]
        #expect((live.browser().postJSON("/register", register).status == 400) == isRefused)
        let eve = try live.account("eve")
        let reset = "/reset/" + (try live.token(.reset, eve))
        #expect(
            (live.browser().postJSON(reset, [("password", new), ("password_confirm", new)]).status == 400) == isRefused)
    }

    @Test func `a new password and its repetition do not differ`() throws {
        let live = try LiveSite()
        let ann = try live.account()
        let new = [("new_password", "battery staple two"), ("new_password_confirm", "battery staple three")]
        #expect(live.browser(ann).postJSON("/change", [("password", LiveSite.password)] + new).status == 400)
        let reset = "/reset/" + (try live.token(.reset, ann))
        let form = [("password", "battery staple two"), ("password_confirm", "battery staple three")]
        #expect(live.browser().postJSON(reset, form).status == 400)
        #expect(try live.store.account(id: ann.id)?.fsUniquifier == ann.fsUniquifier)
    }

    @Test func `the end of the other sessions does not make this one fresh`() throws {
        let live = try LiveSite()
        let ann = try live.account()
        let browser = live.browser(ann, authenticated: 1000)
        #expect(browser.post("/end-sessions", []).status == 200)
        let bytes = Array((browser.cookies["session"] ?? "").utf8)
        guard case .valid(let session, _, _) = live.site.sessionCookies.read(bytes.span, maxAge: 60, now: live.now)
        else {
            Issue.record("no session")
            return
        }
        let age = Double(live.now.seconds) - (session.authenticatedAt ?? 0)
        #expect((999...1060).contains(age))
    }
}
