import Testing

@testable import SecurityCore

extension PolicyValueTests {
    /// What the keys of messages do.
    static let messageEffects = [
        Effect("SECURITY_MSG_PASSWORD_NOT_PROVIDED", "[\"Nothing typed\", \"info\"]") {
            $0.messages.text(PasswordFlaw.empty.message) == "Nothing typed"
                && $0.messages.level(of: .passwordNotProvided) == .info
        },
        Effect("SECURITY_MSG_PASSWORD_INVALID_LENGTH", "[\"%(length)s characters, 100%%\", \"error\"]") {
            $0.messages.text(PasswordFlaw.tooShort(minimum: 12).message) == "12 characters, 100%"
        },
        Effect("SECURITY_MSG_PASSWORD_IS_THE_SAME", "[\"Another one\", \"error\"]") {
            $0.messages.text(PasswordFlaw.sameAsOld.message) == "Another one"
        },
        Effect("SECURITY_MSG_PASSWORD_BREACHED", "[\"Known to thieves\", \"error\"]") {
            $0.messages.text(PasswordFlaw.breached.message) == "Known to thieves"
        },
        Effect("SECURITY_MSG_PASSWORD_BREACHED_SITE_ERROR", "[\"Nobody knows\", \"error\"]") {
            $0.messages.text(Message(.passwordBreachedSiteError)) == "Nobody knows"
        },
        Effect("SECURITY_MSG_PASSWORD_TOO_SIMPLE", "[\"Harder, please\", \"error\"]") {
            $0.messages.text(Message(.passwordTooSimple)) == "Harder, please"
        },
        Effect("SECURITY_MSG_DISABLED_ACCOUNT", "[\"Ask the porter\", \"error\"]") {
            $0.messages.text(Message(.disabledAccount)) == "Ask the porter"
        },
        Effect("SECURITY_MSG_CONFIRMATION_REQUIRED", "[\"Read your mail\", \"error\"]") {
            $0.messages.text(Message(.confirmationRequired)) == "Read your mail"
        },
        Effect("SECURITY_I18N_DIRNAME", "[\"/a\", \"builtin\", \"b\"]") {
            $0.messages.sources == [
                TranslationSource(folder: "/etc/libsecurity/b", domain: "flask_security"),
                TranslationSource(folder: "/usr/share/locale", domain: "libsecurity"),
                TranslationSource(folder: "/a", domain: "flask_security"),
            ]
        },
        Effect("SECURITY_I18N_DOMAIN", "\"site\"", with: "SECURITY_I18N_DIRNAME = \"/a\"") {
            $0.messages.sources.first == TranslationSource(folder: "/a", domain: "site")
        },
        Effect("LIBSECURITY_I18N_DIRNAME", "\"\"") { $0.messages.sources.isEmpty },
        Effect("BABEL_DEFAULT_LOCALE", "\"de\"") { $0.messages.defaultLanguage.locales.map(\.language) == ["de"] },
    ]
}

/// The keys of messages: every one may be reworded, and only with what the program fills in.
@Suite struct PolicyMessageTests {
    @Test(arguments: MessageKey.allCases) func `every message can be reworded`(_ key: MessageKey) throws {
        let values = key.placeholders.map { "%(\($0))s" }.joined(separator: ", ")
        let reading = PolicyTexts.read("\(key.settingName) = [\"Reworded: \(values)\", \"success\"]")
        let messages = try #require(reading.policy, "\(reading.errors)").messages
        let arguments = key.placeholders.map { Message.Argument($0, "<\($0)>") }
        let expected = "Reworded: " + key.placeholders.map { "<\($0)>" }.joined(separator: ", ")
        #expect(messages.text(Message(key, arguments: arguments)) == expected)
        #expect(messages.level(of: key) == .success)
    }

    @Test func `every key of the table but one without a text is a message`() {
        let names = ConfigKeys.messages.filter { !$0.fallback.isEmpty }.map(\.name)
        #expect(Set(names) == Set(MessageKey.allCases.map(\.settingName)))
    }

    @Test(arguments: ConfigKeys.messages.map(\.name)) func `an unknown level is refused`(_ name: String) {
        let errors = PolicyTexts.read("\n\(name) = [\"text\", \"eror\"]").errors
        #expect(errors.map(\.line) == [5])
        #expect(errors.first?.message.contains("did you mean \"error\"?") == true)
    }

    @Test(arguments: [
        ("SECURITY_MSG_LOGIN = [\"%(name)s\", \"info\"]", "the placeholder %(name), and this message has none"),
        (
            "SECURITY_MSG_CONFIRMATION_EXPIRED = [\"%(within)s %(who)s\", \"info\"]",
            "the placeholder %(who), and this message has %(within)s, %(email)s"
        ),
        ("SECURITY_MSG_USE_CODE = [\"100% %(code)s\", \"info\"]", "a % that begins no placeholder; write %%"),
        ("SECURITY_I18N_DOMAIN = \"../x\"", "must not lead elsewhere"),
        ("BABEL_DEFAULT_LOCALE = \"../../de\"", "is not the name of a locale"),
    ])
    func `a text that cannot be filled is refused`(_ line: String, _ words: String) {
        let errors = PolicyTexts.read(line).errors
        #expect(errors.map(\.line) == [4])
        #expect(errors.first?.message.contains(words) == true, "\(errors)")
    }

    @Test func `a placeholder without its letter is remarked upon and filled`() throws {
        let key = "SECURITY_MSG_INVALID_INPUT_LENGTH"
        let reading = PolicyTexts.read("\(key) = [\"at most %(length) letters\", \"error\"]")
        #expect(reading.diagnostics.map(\.severity) == [.warning])
        let message = Message(.invalidInputLength, Message.Argument("length", "7"))
        #expect(try #require(reading.policy).messages.text(message) == "at most 7 letters")
    }

    @Test func `a percent sign is one where there is nothing to fill in`() {
        #expect(PolicyTexts.read("SECURITY_MSG_LOGIN = [\"100% safe\", \"info\"]").diagnostics.isEmpty)
    }
}
