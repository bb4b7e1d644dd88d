import Testing

@testable import SecurityCore

/// Which language somebody reads, and where its catalogue is looked for.
@Suite struct LanguageTests {
    @Test(arguments: [
        ("de_DE.UTF-8@euro", ["de_DE@euro", "de_DE", "de@euro", "de"]), ("de", ["de_DE", "de"]),
        ("de_AT", ["de_AT", "de"]),
        ("fr-CA", ["fr_CA", "fr"]), ("zh-Hans-CN", ["zh_Hans_CN", "zh"]), ("da", ["da_DK", "da"]),
        ("DE.utf8", ["de_DE", "de"]),
    ])
    func `catalogues are looked for as gettext does`(_ name: String, _ folders: [String]) {
        #expect(LocaleName(name)?.folders == folders)
    }

    @Test(arguments: [
        "", "C", "POSIX", "C.UTF-8", "../de", "de/..", "de_..", "/etc", "de DE", "de\u{0}", "1de", "é",
        "de_DE.ISO-8859-1",
        "de_DE@" + String(repeating: "x", count: 30), ".de", "-de", "@de", "d",
    ])
    func `a name that is no locale, or is unsafe in a path, is none`(_ name: String) {
        #expect(LocaleName(name) == nil)
    }

    struct Variables: Sendable {
        let values: [String: String]
        let languages: [String]?
    }

    @Test(arguments: [
        Variables(values: [:], languages: nil), Variables(values: ["LANG": ""], languages: nil),
        Variables(values: ["LANGUAGE": "de"], languages: nil),
        Variables(values: ["LANG": "C", "LANGUAGE": "de"], languages: []),
        Variables(values: ["LANG": "de_DE.UTF-8"], languages: ["de"]),
        Variables(values: ["LANG": "de_DE", "LC_ALL": "C"], languages: []),
        Variables(values: ["LANG": "de_DE", "LC_MESSAGES": "fr_FR.UTF-8"], languages: ["fr"]),
        Variables(values: ["LANG": "de_DE", "LC_MESSAGES": "fr_FR", "LC_ALL": "it_IT.utf8"], languages: ["it"]),
        Variables(values: ["LANG": "de_DE", "LANGUAGE": "fr:../x::es"], languages: ["fr", "es"]),
        Variables(values: ["LANG": "de_DE.ISO-8859-15"], languages: []),
        Variables(values: ["LANG": "../../etc"], languages: []),
    ])
    func `the environment is read as gettext reads it`(_ variables: Variables) {
        let preferences = LanguagePreferences { variables.values[$0] }
        #expect(preferences?.locales.map(\.language) == variables.languages)
    }

    @Test(arguments: [
        ("de", ["de"]), ("da, en-GB;q=0.8, en;q=0.7", ["da", "en_GB", "en"]),
        ("en;q=0.5,de,fr;q=0.500", ["de", "en", "fr"]),
        ("*", []), ("de;q=0, fr;q=0.001", ["fr"]), ("", []), ("de ;  Q=1.000 , fr;q=1", ["de", "fr"]),
    ])
    func `Accept-Language is sorted by its weights`(_ header: String, _ expected: [String]) {
        let locales = LanguagePreferences(acceptLanguage: header)?.locales
        #expect(locales?.map { $0.territory.isEmpty ? $0.language : $0.language + "_" + $0.territory } == expected)
    }

    @Test(arguments: [
        "de;q=2", "de;q=1.001", "de;q=0.1234", "de;x=1", "d e", "de;q=", "de;q=.5", "de;q=0.5;q=1", "<de>", "de/..",
    ])
    func `a malformed Accept-Language says nothing`(_ header: String) {
        #expect(LanguagePreferences(acceptLanguage: header) == nil)
    }

    @Test(arguments: [
        ("de-AT", "de"), ("de", "de"), ("fr", "fr_FR"), ("zh-Hans-CN-x", "zh_Hans_CN"),
        ("es, it;q=0.9, de;q=0.1", "de"), ("es", nil),
        ("FR-ca", "fr_FR"),
    ])
    func `the best language of a site is looked up by RFC 4647`(_ header: String, _ expected: String?) {
        let available = ["en", "de", "fr_FR", "zh_Hans_CN"]
        #expect(LanguagePreferences(acceptLanguage: header)?.best(among: available) == expected)
    }
}
