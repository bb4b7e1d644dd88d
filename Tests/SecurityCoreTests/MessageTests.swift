import Testing

@testable import SecurityCore

/// Texts and their placeholders.
@Suite struct MessageTests {
    @Test(arguments: [
        ("%(a)s and %(b)d", "1 and 2"), ("%%(a)s", "%(a)s"), ("%", "%"), ("100%", "100%"), ("%(a", "%(a"),
        ("%()s", "%()s"),
        ("%(a)", "1"), ("%(a)%", "1%"), ("%(a) characters", "1 characters"), ("", ""), ("é%(b)sü", "é2ü"),
    ])
    func `placeholders are filled as Python fills them, and nothing traps`(_ text: String, _ expected: String) {
        let arguments = [Message.Argument("a", "1"), Message.Argument("b", "2")]
        #expect(MessageText(text).filled(with: arguments) == expected)
    }

    @Test func `a value is not looked into for placeholders`() {
        let filled = MessageText("%(a)s").filled(with: [Message.Argument("a", "%(a)s %d")])
        #expect(filled == "%(a)s %d")
    }

    @Test func `a text that cannot be filled stays as it is`() {
        #expect(MessageCatalogue().text(Message(.loginExpired, Message.Argument("x", "1"))).contains("%(within)s"))
    }

    @Test(arguments: MessageKey.allCases) func `every message has a text and a level`(_ key: MessageKey) {
        #expect(!key.standardWording.text.isEmpty && key.standardWording.text != key.rawValue)
        #expect(MessageText(key.standardWording.text).flaws.allSatisfy { $0 == .unfinished("length") })
    }

    @Test func `texts and levels are those of the table`() {
        #expect(MessageKey.confirmRegistration.standardWording.level == .success)
        #expect(MessageKey.confirmRegistration.placeholders == ["email"])
        #expect(MessageCatalogue().text(Message(.login)) == "Please log in to access this page.")
    }
}
