import SecurityCore
import Testing

@testable import PAMSecurity

/// A word of a service file and what it does to the arguments.
struct GoodWord: Sendable, CustomTestStringConvertible {
    var word: String
    var set: @Sendable (inout ModuleArguments) -> Void
    var testDescription: String { word }

    static let all = [
        GoodWord(word: "config=/srv/a b/security.toml") { $0.configPath = "/srv/a b/security.toml" },
        GoodWord(word: "debug") { $0.isDebugging = true },
        GoodWord(word: "quiet") { $0.isQuiet = true },
        GoodWord(word: "factor=password") { $0.factor = .password },
        GoodWord(word: "factor=code") { $0.factor = .code },
        GoodWord(word: "factor=all") { $0.factor = .all },
        GoodWord(word: "prompt=Code of ann@example: ") { $0.codePrompt = "Code of ann@example: " },
        GoodWord(word: "prompt=Prüfziffern=") { $0.codePrompt = "Prüfziffern=" },
        GoodWord(word: "use_first_pass") { $0.usesFirstPass = true },
        GoodWord(word: "try_first_pass") { $0.triesFirstPass = true },
        GoodWord(word: "use_authtok") { $0.usesAuthtok = true },
        GoodWord(word: "nullok") { $0.allowsNoFactor = true },
        GoodWord(word: "unknown=user_unknown") { $0.tellsUnknown = true },
        GoodWord(word: "fresh") { $0.honoursFreshness = true },
    ]
}

/// A line that is refused, and why.
struct BadLine: Sendable, CustomTestStringConvertible {
    var words: [String?]
    var error: ArgumentError
    var testDescription: String { words.map { $0 ?? "(not UTF-8)" }.joined(separator: " ") }

    static let all = [
        BadLine(words: [""], error: .unknown("")),
        BadLine(words: ["Debug"], error: .unknown("Debug")),
        BadLine(words: ["no_warn"], error: .unknown("no_warn")),
        BadLine(words: ["debugging"], error: .unknown("debugging")),
        BadLine(words: ["debug=1"], error: .unknown("debug=1")),
        BadLine(words: ["debug "], error: .unknown("debug ")),
        BadLine(words: ["nullok", "nulok"], error: .unknown("nulok")),
        BadLine(words: ["configuration=/etc/x"], error: .unknown("configuration=/etc/x")),
        BadLine(words: ["debug", "debug"], error: .repeated("debug")),
        BadLine(words: ["factor=all", "quiet", "factor=all"], error: .repeated("factor")),
        BadLine(words: ["config=/a", "config=/b"], error: .repeated("config")),
        BadLine(words: ["config"], error: .malformed("config")),
        BadLine(words: ["config="], error: .malformed("config=")),
        BadLine(words: ["config=security.toml"], error: .malformed("config=security.toml")),
        BadLine(words: ["config=/etc/\n"], error: .malformed("config=/etc/\n")),
        BadLine(words: ["factor"], error: .malformed("factor")),
        BadLine(words: ["factor="], error: .malformed("factor=")),
        BadLine(words: ["factor=both"], error: .malformed("factor=both")),
        BadLine(words: ["factor=ALL"], error: .malformed("factor=ALL")),
        BadLine(words: ["prompt="], error: .malformed("prompt=")),
        BadLine(words: ["prompt=a\u{1b}[2J"], error: .malformed("prompt=a\u{1b}[2J")),
        BadLine(words: ["unknown=ignore"], error: .malformed("unknown=ignore")),
        BadLine(words: ["unknown=user_unknown2"], error: .malformed("unknown=user_unknown2")),
        BadLine(words: [nil], error: .malformed("(not UTF-8)")),
    ]
}

@Suite struct ArgumentTests {
    @Test(arguments: GoodWord.all) func `a word sets its argument and nothing else`(_ good: GoodWord) throws {
        var expected = ModuleArguments()
        good.set(&expected)
        #expect(try ModuleArguments([good.word]) == expected)
    }

    @Test(arguments: BadLine.all) func `a line that is not understood is refused`(_ bad: BadLine) {
        #expect(throws: bad.error) { try ModuleArguments(bad.words) }
    }

    @Test func `all arguments go together`() throws {
        let words = GoodWord.all.filter { $0.word != "factor=password" && $0.word != "factor=all" }
            .filter { !$0.word.hasPrefix("prompt=P") }
        var expected = ModuleArguments()
        for good in words { good.set(&expected) }
        #expect(try ModuleArguments(words.map { $0.word }) == expected)
    }

    @Test func `a path and a prompt have a longest length`() throws {
        let path = "/" + String(repeating: "a", count: 4094)
        #expect(try ModuleArguments(["config=" + path]).configPath == path)
        #expect(throws: ArgumentError.malformed("config=" + path + "a")) {
            try ModuleArguments(["config=" + path + "a"])
        }
        let prompt = String(repeating: "p", count: 255)
        #expect(try ModuleArguments(["prompt=" + prompt]).codePrompt == prompt)
        #expect(throws: ArgumentError.malformed("prompt=" + prompt + "p")) {
            try ModuleArguments(["prompt=" + prompt + "p"])
        }
    }

    @Test func `a refused word cannot forge a line of the log`() {
        #expect(
            ArgumentError.unknown("x\nverdict=granted").description
                == "unknown module argument: x\\x0averdict\\x3dgranted")
    }
}
