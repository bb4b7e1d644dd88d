import Testing

@testable import SecurityCore

/// Characters that join with a delimiter to their right (Prepend) or to their left (Extend), so that Swift's `Character` hides it.
enum Joining {
    static let marks = [
        "\u{600}", "\u{8E2}", "\u{110BD}", "\u{301}", "\u{34F}", "\u{180B}", "\u{200D}", "\u{FE0F}",
        "\u{E0100}",
    ]
}

@Suite struct ByteTextTests {
    @Test(arguments: Joining.marks)
    func `a delimiter is found whatever stands beside it`(mark: String) {
        let text = ByteText("a\(mark),\(mark)b,\(mark)")
        #expect(text.holds(0x2C) && text.holds(","))
        #expect(text.parts(at: 0x2C) == [ByteText("a\(mark)"), ByteText("\(mark)b"), ByteText(mark)])
        #expect(
            text.parts(at: 0x2C, atMost: 2) == [ByteText("a\(mark)"), ByteText("\(mark)b,\(mark)")])
        #expect(text.cut(at: 0x2C).before == ByteText("a\(mark)"))
        #expect(text.cut(at: 0x2C).behind == ByteText("\(mark)b,\(mark)"))
        #expect(text.cutLast(at: 0x2C)?.behind == ByteText(mark))
        #expect(ByteText("/\(mark)").has(prefix: "/") && ByteText("\(mark)/").has(suffix: "/"))
        #expect(ByteText("/\(mark)").dropping(prefix: "/") == ByteText(mark))
        #expect(ByteText(" \t\(mark) \t").trimmed == ByteText(mark))
        #expect(ByteText("A\(mark)Z").lowered == ByteText("a\(mark)z"))
        #expect(ByteText("\(mark)%s\(mark)").replacing("%s", with: "x") == ByteText("\(mark)x\(mark)"))
    }

    @Test func `texts are equal when their bytes are`() {
        #expect(ByteText("\u{E9}") != ByteText("e\u{301}"))
        #expect(ByteText("K") != ByteText("\u{212A}"))
        #expect(!ByteText("K").equalsIgnoringCase(ByteText("\u{212A}")))
        #expect(ByteText("\u{C9}").lowered == ByteText("\u{C9}"))
        #expect(ByteText("\u{130}").lowered == ByteText("\u{130}"))
        #expect(Set([ByteText("\u{E9}"), ByteText("e\u{301}"), ByteText("\u{E9}")]).count == 2)
        #expect("K".equals("K") && !"K".equals("\u{212A}"))
    }

    @Test func `the edges of texts`() {
        #expect(ByteText("").parts(at: 0x2C) == [""])
        #expect(ByteText(",").parts(at: 0x2C) == ["", ""])
        #expect(ByteText("  ").trimmed == "")
        #expect(ByteText(" a  b ").words() == ["a", "b"])
        #expect(ByteText("a").cut(at: 0x2C).behind == nil)
        #expect(ByteText("ab").begin(5) == "ab")
        #expect(ByteText("a\u{E9}").begin(2) == "a")
        #expect(ByteText("aaa").replacing("aa", with: "b") == "ba")
        #expect(ByteText("ab") < "b" && !(ByteText("ab") < "ab"))
        #expect(ByteText("a").has(prefix: "ab") == false && ByteText("a").has(suffix: "ba") == false)
    }
}

@Suite struct OriginSpellingTests {
    @Test(arguments: [
        ("host.example.", "host:host.example"), ("HOST.example", "host:host.example"),
        ("64:ff9b::c000:207", "ip:192.0.2.7"), ("64:FF9B::192.0.2.7", "ip:192.0.2.7"),
        ("64:ff9b:1::192.0.2.7", "ip:64:ff9b:1:0::/64"), ("64:ff9b::1:c000:207", "ip:64:ff9b:0:0::/64"),
    ])
    func `spellings of one place are one origin`(given: String, text: String) {
        #expect(Origin(remoteHost: given).text.equals(text))
    }

    @Test(arguments: Joining.marks)
    func `a zone is cut off at its byte, and is no part of a bare address`(mark: String) {
        #expect(Origin(remoteHost: "192.0.2.7%\(mark)").text == "ip:192.0.2.7")
        #expect(Origin(remoteHost: "fe80::1%\(mark)eth0").text == "ip:fe80:0:0:0::/64")
        #expect(Origin(remoteHost: "192.0.2.7\(mark)").text.equals("host:192.0.2.7\(mark)"))
        #expect(Origin(remoteHost: "Host\(mark).").text.equals("host:host\(mark)"))
        #expect(Origin.isBareAddress("192.0.2.7") && Origin.isBareAddress("2001:db8::7"))
        for text in [
            "192.0.2.7\(mark)", "\(mark)192.0.2.7", "192.0.2.7%\(mark)", "fe80::1%eth0", "[::1]",
            "1.2.3.4:5",
        ] {
            #expect(!Origin.isBareAddress(ByteText(text)))
        }
        #expect(Origin.bytes(ofAddress: "192.0.2.7\0") == nil)
    }

    @Test func `only A to Z is lowered in a host's name`() {
        #expect(Origin(remoteHost: "\u{C9}.example").text.equals("host:\u{C9}.example"))
        #expect(Origin(remoteHost: "\u{212A}.example").text.equals("host:\u{212A}.example"))
    }
}

/// Each mark before and behind each delimiter of each parser of the core.
@Suite struct CoreParserTests {
    @Test(arguments: Joining.marks)
    func `languages are split at bytes`(mark: String) {
        #expect(LanguagePreferences(acceptLanguage: "de\(mark),fr") == nil)
        #expect(LanguagePreferences(acceptLanguage: "de,\(mark)fr") == nil)
        #expect(LanguagePreferences(acceptLanguage: "de\(mark);q=1") == nil)
        let listed = LanguagePreferences { name in
            ["LANG": "de_DE.UTF-8", "LANGUAGE": "x\(mark):fr:\(mark)es"][name]
        }
        #expect(listed?.locales.map { $0.language } == ["fr"])
    }

    @Test(arguments: Joining.marks)
    func `addresses are split at bytes`(mark: String) {
        for typed in [
            "ann\(mark)@", "@\(mark)", "ann@[127.0.0.1\(mark)]", "ann@\(mark)[127.0.0.1]",
        ] {
            #expect(EmailAddress.normalized(typed) == nil, "\(typed)")
        }
        #expect(EmailAddress.normalized("A <\(mark)>") == nil)
    }

    @Test(arguments: Joining.marks)
    func `durations, choices and keys of the configuration are bytes`(mark: String) {
        #expect(ConfigDuration.parse("30 minutes") != .failure(.malformed))
        for text in ["30\(mark) minutes", "30 \(mark)minutes", "30 minutes\(mark)"] {
            if case .success = ConfigDuration.parse(text) { Issue.record("\(text)") }
        }
        #expect(ConfigKeys.find("SECRET_\u{212A}EY") == nil)
        #expect(ConfigKeys.find("SECRET_KEY\(mark)") == nil)
        #expect(ConfigKeys.isReserved("SECURITY_\(mark)"))
        #expect(!ConfigKeys.isReserved("SECURITY\(mark)_"))
        #expect(PolicyFile.absolute("/\(mark)").equals("/\(mark)"))
    }

    @Test(arguments: Joining.marks)
    func `the parts of a key's URI are bytes`(mark: String) throws {
        func totp(_ rest: String) throws(WalletError) -> TOTP {
            try Secret(utf8: "otpauth://totp/" + rest).withBytes { (bytes) throws(WalletError) in
                try OTPAuthURI.totp(of: bytes)
            }
        }
        let read = try totp(
            "x\(mark):\(mark)y?\(mark)a=\(mark)&secret=GEZDGNBV&digits=8&\(mark)=\(mark)")
        #expect(read.digits == 8)
        #expect(throws: WalletError.self) { try totp("x\(mark):\(mark)y:\(mark)z?secret=GEZDGNBV") }
        #expect(throws: WalletError.self) {
            try totp("x?secret=GEZDGNBV&digits\(mark)=8&secret=GEZDGNBV")
        }
    }

    @Test func `texts of a table are found by their bytes`() {
        let table = SettingValue.table([
            SettingEntry(name: "\u{212A}", value: .bool(true)),
            SettingEntry(name: "K", value: .bool(false)),
        ])
        #expect(table["K"] == .bool(false))
        #expect(table["\u{212A}"] == .bool(true))
    }
}
