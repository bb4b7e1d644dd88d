import Testing

@testable import SecurityCore

/// Numbers are those of the requirements in MOFile.swift.
@Suite struct MOFileTests {
    private static let header = ("", "Content-Type: text/plain; charset=UTF-8\n")
    private static let entries = [
        header, ("Hello", "Hallo"), ("Yes", "Ja, natürlich"), ("day\u{0}days", "Tag\u{0}Tage"),
    ]

    /// A file of sorted entries, as msgfmt writes it without a hash table.
    static func make(
        _ entries: [(String, String)], bigEndian: Bool = false, revision: UInt32 = 0, isSorted: Bool = true
    ) -> [UInt8] {
        let sorted = isSorted ? entries.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) } : entries
        let count = sorted.count
        var words: [UInt32] = [
            0x9504_12DE, revision, UInt32(count), 28, UInt32(28 + 8 * count), 0, UInt32(28 + 16 * count),
        ]
        var texts: [UInt8] = []
        for text in sorted.map(\.0) + sorted.map(\.1) {
            words += [UInt32(text.utf8.count), UInt32(28 + 16 * count + texts.count)]
            texts += Array(text.utf8) + [0]
        }
        return words.flatMap { word in
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            return bigEndian ? bytes.reversed() : bytes
        } + texts
    }

    @Test(arguments: [false, true], [UInt32(0), 1, 0x1_0000]) func `both byte orders and revisions are read (2)`(
        _ bigEndian: Bool, _ revision: UInt32
    ) throws {
        let file = try #require(MOFile(Self.make(Self.entries, bigEndian: bigEndian, revision: revision)))
        #expect(file.translation(of: "Hello") == "Hallo")
        #expect(file.translation(of: "Yes") == "Ja, natürlich")
        #expect(file.translation(of: "No") == nil)
        #expect(file.translation(of: "") == nil)
    }

    @Test func `another revision is another format (2)`() {
        #expect(MOFile(Self.make(Self.entries, revision: 0x2_0000)) == nil)
    }

    @Test func `a file that is not sorted is read as well`() throws {
        let file = try #require(MOFile(Self.make(Self.entries.reversed(), isSorted: false)))
        #expect(file.translation(of: "Hello") == "Hallo")
    }

    @Test(arguments: ["ISO-8859-1", "UTF-16", "UTF-8859"]) func `another charset holds no translations (3)`(
        _ name: String
    ) {
        #expect(MOFile(Self.make([("", "Content-Type: text/plain; charset=\(name)\n"), ("a", "b")])) == nil)
    }

    @Test(arguments: ["utf-8", "UTF-8", "utf8", "US-ASCII"]) func `UTF-8 by its names is read (3)`(_ name: String) {
        #expect(
            MOFile(Self.make([("", "Content-Type: text/plain; charset=\(name)"), ("a", "b")]))?.translation(of: "a")
                == "b")
    }

    @Test func `a plural gives its first form, a context hides its text (4)`() throws {
        let file = try #require(MOFile(Self.make(Self.entries + [("menu\u{4}Open", "Auf")])))
        #expect(file.translation(of: "day") == "Tag")
        #expect(file.translation(of: "Open") == nil)
        #expect(file.translation(of: "menu\u{4}Open") == "Auf")
    }

    @Test(arguments: ["\u{1B}[2J", "a\rb", "\u{9B}2J", "tab\t", ""])
    func `a translation that would reach a terminal as commands is none (5)`(_ text: String) {
        #expect(MOFile(Self.make([Self.header, ("a", text)]))?.translation(of: "a") == nil)
    }

    @Test func `invalid UTF-8 is no translation (3)`() throws {
        var bytes = Self.make([Self.header, ("a", "?")])
        bytes[bytes.count - 2] = 0xFF
        #expect(try #require(MOFile(bytes)).translation(of: "a") == nil)
    }

    @Test(arguments: [false, true]) func `no byte of a file, changed or missing, makes it trap (1)`(_ bigEndian: Bool) {
        let whole = Self.make(Self.entries, bigEndian: bigEndian)
        var read = 0
        for index in whole.indices {
            _ = MOFile(Array(whole[..<index]))?.translation(of: "Hello")
            for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[index] = value
                if MOFile(changed)?.translation(of: "Hello") == "Hallo" { read += 1 }
            }
        }
        #expect(read > 0 && read < 5 * whole.count)
    }
}
