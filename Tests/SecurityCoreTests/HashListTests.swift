import Foundation
import Testing

@testable import SecurityCore

/// The published list, searched in place.
@Suite struct HashListTests {
    let fixture: BreachedFixture

    init() throws {
        fixture = try BreachedFixture()
    }

    private func open(_ path: String) throws(BreachedError) -> any BreachedPasswords {
        try BreachedSource.open(path, count: 1)
    }

    private func error(_ text: String, _ password: String = "password") throws -> BreachedError? {
        let path = try fixture.write(text)
        do throws(BreachedError) {
            _ = try open(path).count(of: password)
            return nil
        } catch {
            return error
        }
    }

    @Test func `SHA-1 is that of the published list`() {
        #expect(BreachedFixture.hash("password") == "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8")
        #expect(PasswordHash(of: Array("password".utf8).span).key == 0x5BAA_61E4_C9B9_3F3F)
    }

    @Test(arguments: [1, 2, 60, 91, 92, 93, 200, 1000, 20_000], ["\r\n", "\n"])
    func `every hash of a list is found, and no other`(_ count: Int, _ end: String) throws {
        let list = try open(fixture.write(BreachedFixture.list(count, end: end)))
        for number in stride(from: 0, to: count, by: max(count / 1000, 1)) {
            #expect(try list.count(of: "password \(number)") == number % 50 + 1)
            #expect(try list.count(of: "no password \(number)") == 0)
        }
    }

    @Test(arguments: [1, 300]) func `the last line needs no end`(_ count: Int) throws {
        let text = BreachedFixture.list(count)
        let list = try open(fixture.write(String(text.unicodeScalars.dropLast(2))))
        for number in 0..<count { #expect(try list.count(of: "password \(number)") == number % 50 + 1) }
    }

    @Test func `hashes that are spread badly are found all the same`() throws {
        // All in one 65536th of the range, but for the two ends.
        let clustered = (0..<5000).map { "80000" + String(format: "%035X", $0 * 7919) + ":3\n" }
        let hashes = ["0" + String(repeating: "1", count: 39) + ":3\n"] + clustered
        let path = try fixture.write((hashes + ["FF" + String(repeating: "1", count: 38) + ":3\n"]).joined())
        let list = try HashList(BreachedFile(path: path))
        #expect(try list.count(of: "password") == 0)
    }

    @Test func `a count has up to 18 digits`() throws {
        let hash = BreachedFixture.hash("password")
        #expect(
            try open(fixture.write("\(hash):999999999999999999\n")).count(of: "password") == 999_999_999_999_999_999)
        #expect(try error("\(hash):1000000000000000000\n") == .malformed(path: fixture.path("list.txt"), offset: 0))
    }

    @Test(arguments: [
        "garbage", "<html></html>\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n", "\n", "\0\0\0\0",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:-1\n",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FDG:1\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:1 \n",
        "8846F7EAEE8FB117AD06BDD830B7586C:1\n",
    ])
    func `what is no list is an error`(_ text: String) throws {
        #expect(try error(text) == .malformed(path: fixture.path("list.txt"), offset: 0))
        #expect(try error(String(repeating: text, count: 20_000 / text.utf8.count)) != nil)
    }

    @Test func `an empty file is an error`() throws {
        #expect(try error("") == .empty(path: fixture.path("list.txt")))
    }

    @Test(arguments: [0.3, 0.9, 0.98]) func `a download that stopped is an error`(_ part: Double) throws {
        let whole = BreachedFixture.list(20_000)
        let cut = String(whole.unicodeScalars.prefix(Int(Double(whole.unicodeScalars.count) * part) / 45 * 45))
        let error = try error(cut, "password 5")
        #expect(error != nil)
        let tail = whole.split(separator: "\r\n").suffix(10_000).map { $0 + "\r\n" }.joined()
        #expect(try self.error(tail, "password 5") == .incomplete(path: fixture.path("list.txt")))
    }

    @Test func `a list in another order is an error or says nothing wrong of what it finds`() throws {
        var lines = (0..<20_000).map { "\(BreachedFixture.hash("password \($0)")):7\n" }
        lines.swapAt(0, 1)
        let path = try fixture.write(lines.joined())
        var errors = 0
        for number in 0..<200 {
            do throws(BreachedError) {
                let count = try open(path).count(of: "password \(number)")
                #expect(count == 0 || count == 7)
            } catch {
                errors += 1
            }
        }
        #expect(errors > 190)
    }

    @Test func `a file that becomes shorter is an error`() throws {
        let path = try fixture.write(BreachedFixture.list(20_000))
        let list = try open(path)
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 100)
        #expect(throws: BreachedError.changed(path: path)) { try list.count(of: "password 7") }
    }
}

/// Which files are believed.
@Suite struct BreachedFileTests {
    @Test func `a missing file is named`() {
        #expect(throws: BreachedError.missing(path: "/nonexistent/list")) {
            try BreachedFile(path: "/nonexistent/list")
        }
        #expect(throws: BreachedError.missing(path: "")) { try BreachedFile(path: "") }
    }

    @Test func `a folder and a device are no lists`() {
        for path in ["/", "/dev/null"] {
            #expect(throws: BreachedError.notRegular(path: path)) { try BreachedFile(path: path) }
        }
    }

    @Test(arguments: [
        (UInt32(0o100644), UInt32(0), nil), (0o100640, 1000, nil), (0o100444, 0, nil),
        (0o100664, 0, BreachedError.writableByOthers(path: "x")), (0o100646, 1000, .writableByOthers(path: "x")),
        (0o100644, 1001, .foreignOwner(path: "x", owner: 1001)), (0o010644, 0, .notRegular(path: "x")),
        (0o040755, 0, .notRegular(path: "x")),
    ])
    func `nobody else may write what is believed`(_ mode: UInt32, _ owner: UInt32, _ error: BreachedError?) {
        #expect(BreachedFile.judge(mode: mode, owner: owner, user: 1000, path: "x") == error)
    }

    @Test func `a list that everybody may write is refused`() throws {
        let fixture = try BreachedFixture()
        let path = try fixture.write(BreachedFixture.list(3), mode: 0o666)
        #expect(throws: BreachedError.writableByOthers(path: path)) { try BreachedSource.open(path, count: 1) }
    }

    @Test func `every error names a way out`() {
        for error: BreachedError in [
            .notConfigured, .missing(path: "/x"), .unreadable(path: "/x", code: 13), .notRegular(path: "/x"),
            .foreignOwner(path: "/x", owner: 7), .writableByOthers(path: "/x"), .changed(path: "/x"),
            .empty(path: "/x"),
            .incomplete(path: "/x"), .malformed(path: "/x", offset: 7), .unsorted(path: "/x", offset: 7),
            .damaged(path: "/x"), .unknownVersion(path: "/x", version: 7), .otherCount(path: "/x", made: 7, wanted: 1),
        ] {
            #expect(error.description.contains("/x") || error.description.contains("LIBSECURITY_BREACHED_FILE"))
        }
    }
}
