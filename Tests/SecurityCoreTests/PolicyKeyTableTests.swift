import Testing

@testable import SecurityCore

/// The table of configuration keys.
@Suite struct PolicyKeyTableTests {
    static let keys = ConfigKeys.sections.flatMap(\.keys)

    @Test func `every name stands once`() {
        #expect(Set(Self.keys.map(\.name)).count == Self.keys.count)
    }

    @Test func `none is left out`() {
        let byTitle = Dictionary(uniqueKeysWithValues: ConfigKeys.sections.map { ($0.title, $0.keys.count) })
        let documented = ConfigKeys.sections.prefix(14).map(\.keys.count).reduce(0, +)
        #expect(documented == 188)
        #expect(byTitle["Later releases"] == 77)
        #expect(byTitle["Messages"] == 79 + 15)
        #expect(Self.keys.filter { $0.name.hasSuffix("_FORM") && $0.type.kind == .python }.count == 30)
    }

    @Test(arguments: keys.map(\.name)) func `a key is found by its name`(_ name: String) {
        #expect(ConfigKeys.find(name)?.name == name)
    }

    @Test(arguments: keys.filter { !$0.fallback.isEmpty && $0.fallback != ConfigKeys.null }.map(\.name))
    func `a key accepts its own default`(_ name: String) throws {
        let key = try #require(ConfigKeys.find(name))
        #expect(PolicyTexts.read("\(name) = \(key.fallback)").errors.isEmpty)
    }

    @Test func `the defaults of the table are those of the policy`() throws {
        let lines = Self.keys.filter { $0.isHonoured && !$0.fallback.isEmpty && $0.name != "SECURITY_PASSWORD_SALT" }
            .map { "\($0.name) = \($0.fallback)" }
        let written = try #require(PolicyTexts.read(lines.joined(separator: "\n")).policy)
        let absent = try #require(PolicyTexts.read("").policy)
        #expect(written.passwords.scheme == absent.passwords.scheme)
        #expect(written.passwords.schemes == absent.passwords.schemes)
        #expect(written.passwords.deprecated == absent.passwords.deprecated)
        #expect(written.passwords.singleHash == absent.passwords.singleHash)
        #expect(written.passwords.options == absent.passwords.options)
        #expect(written.passwords.normalization == absent.passwords.normalization)
        #expect(written.passwords.minimumLength == absent.passwords.minimumLength)
        #expect(written.passwords.maximumLength == absent.passwords.maximumLength)
        #expect(written.factors == absent.factors)
        #expect(written.throttle == absent.throttle)
        #expect(written.freshness == absent.freshness)
        #expect(written.usernames == absent.usernames)
        #expect(written.identities == absent.identities)
        #expect(written.addresses == absent.addresses)
        #expect(written.totp.issuer == absent.totp.issuer)
        #expect(written.totp.authenticatorValidity == absent.totp.authenticatorValidity)
        #expect(written.totp.walletCost == absent.totp.walletCost)
        #expect(written.hosts.identities == absent.hosts.identities)
        #expect(written.hosts.admission == absent.hosts.admission)
    }

    @Test(arguments: keys.filter { $0.type.isNullable }.map(\.name))
    func `an empty string is None where None is allowed`(_ name: String) {
        let reading = PolicyTexts.read("\(name) = \"\"")
        #expect(!reading.errors.contains { $0.key == name && $0.message.contains(" must ") })
    }

    @Test(arguments: keys.filter { $0.type.isSecret }.map(\.name))
    func `a secret is marked as one`(_ name: String) {
        let words = ["SECRET", "SALT", "PASSWORD", "KEYS", "SMS_SERVICE_CONFIG", "URI"]
        #expect(words.contains { name.contains($0) })
    }

    @Test func `each row says who reads it and what it is for`() {
        let readers: Set = ["core", "pam", "http", "mail", "cli"]
        for key in Self.keys {
            #expect(
                key.component == "none"
                    || Set(key.component.split(separator: "+").map(String.init)).isSubset(of: readers))
            #expect(!key.meaning.isEmpty && key.meaning.hasSuffix("."), "\(key.name)")
        }
    }

    @Test(arguments: [
        ("SECURITY_PASWORD_HASH", "SECURITY_PASSWORD_HASH"), ("SECURITY_PASSWORD_HAHS", "SECURITY_PASSWORD_HASH"),
        ("SECURITY_TOTP_SECRET", "SECURITY_TOTP_SECRETS"), ("LIBSECURITY_THROTLE", "LIBSECURITY_THROTTLE"),
        ("SECURITY_MAIL_SERVER", "MAIL_SERVER"), ("SECURITY_MSG_LOGN", "SECURITY_MSG_LOGIN"),
    ])
    func `the nearest name is offered`(_ typed: String, _ meant: String) {
        #expect(ConfigKeys.nearest(to: typed) == meant)
    }

    @Test(arguments: [
        ("abc", "abc", false), ("abc", "abcd", true), ("abc", "ab", true), ("abc", "axc", true), ("abc", "acb", true),
        ("abc", "cba", false), ("abc", "abcde", false), ("", "a", true), ("aab", "ab", true), ("abc", "bca", false),
    ])
    func `one edit is a letter more, less, other, or two swapped`(_ left: String, _ right: String, _ isOne: Bool) {
        #expect(NearestName.areOneEditApart(left, right) == isOne)
        #expect(NearestName.areOneEditApart(right, left) == isOne)
        let edits = NearestName.edits(Array(left.utf8), Array(right.utf8), atMost: 5)
        #expect((edits == 1) == isOne)
    }
}
