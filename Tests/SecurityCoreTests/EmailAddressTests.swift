import Testing

@testable import SecurityCore

/// Expected values: Python's email_validator 1.3.1 and 2.4.0, which Flask-Security 5.0.2 and 5.9.2 normalise with.
@Suite struct EmailAddressTests {
    @Test(
        arguments: [
            ("ann@example.org", "ann@example.org"), ("Ann@Example.ORG", "Ann@example.org"),
            ("ann+tag@example.org", "ann+tag@example.org"), ("J\u{d6}RG@example.org", "J\u{d6}RG@example.org"),
            ("jo\u{308}rg@example.org", "j\u{f6}rg@example.org"), ("\u{fb01}n@example.org", "\u{fb01}n@example.org"),
            ("ann@B\u{dc}CHER.example", "ann@b\u{fc}cher.example"),
            ("ann@bu\u{308}cher.example", "ann@b\u{fc}cher.example"),
            ("ann@\u{ff45}\u{ff58}ample.org", "ann@example.org"), ("ann@a--b.org", "ann@a--b.org"),
            ("ann@xn--bcher-kva.example", "ann@b\u{fc}cher.example"),
            ("PostMaster@example.org", "postmaster@example.org"),
            ("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"),
        ])
    func `an address is normalised as Flask-Security stores it`(typed: String, stored: String) {
        // Bytes: to String the two forms of a letter are equal.
        #expect(EmailAddress.normalized(typed).map { Array($0.utf8) } == Array(stored.utf8))
    }

    @Test(
        arguments: [
            "", "ann", "ann@", "@example.org", "a b@example.org", "ann@example", "ann@@example.org", "ann@-x.org",
            "ann@x-.org", "ann@example..org", ".ann@example.org", "ann.@example.org", "a..b@example.org",
            "\"ann\"@example.org", "ann@[127.0.0.1]", "ann@example.org.", "ann(c)@example.org", "ann@exa_mple.org",
            "ann@\u{2100}x.org", "ann\0@example.org", "ann@ab--cd.org", "ann@xn---bbk.example",
            "ann@" + String(repeating: "l", count: 64) + ".org",
        ])
    func `other texts are no addresses`(typed: String) {
        #expect(EmailAddress.normalized(typed) == nil)
    }
}
