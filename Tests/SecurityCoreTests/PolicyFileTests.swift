import Foundation
import Testing

@testable import SecurityCore

/// Who may read and write the configuration file: the numbers are those of ``PolicyFile``.
@Suite struct PolicyFileTests {
    private static let service: uid_t = 64_990
    private static let application: uid_t = 64_991
    private static let stranger: uid_t = 64_992
    private static let group: gid_t = 64_980

    struct Case: CustomTestStringConvertible, Codable, Sendable {
        let owner: uid_t
        let mode: mode_t
        let reader: uid_t
        /// 0, or the code of ``code(of:)``.
        let outcome: Int32
        var testDescription: String { "\(owner) \(String(mode, radix: 8)) read by \(reader)" }
    }

    /// A root:libsecurity 0640 is what `securityctl init --group` makes; the service and the application are in that
    /// group.
    static let cases = [
        Case(owner: 0, mode: 0o640, reader: 0, outcome: 0),
        Case(owner: 0, mode: 0o640, reader: service, outcome: 0),
        Case(owner: 0, mode: 0o640, reader: application, outcome: 0),
        Case(owner: 0, mode: 0o640, reader: stranger, outcome: 1),
        Case(owner: 0, mode: 0o600, reader: 0, outcome: 0),
        Case(owner: 0, mode: 0o600, reader: service, outcome: 1),
        Case(owner: application, mode: 0o600, reader: application, outcome: 0),
        Case(owner: application, mode: 0o600, reader: 0, outcome: 2),
        Case(owner: application, mode: 0o600, reader: service, outcome: 1),
        Case(owner: application, mode: 0o640, reader: application, outcome: 5),
        Case(owner: application, mode: 0o640, reader: service, outcome: 2),
        Case(owner: service, mode: 0o400, reader: service, outcome: 0),
        Case(owner: 0, mode: 0o660, reader: 0, outcome: 3),
        Case(owner: 0, mode: 0o660, reader: service, outcome: 3),
        Case(owner: 0, mode: 0o602, reader: 0, outcome: 3),
        Case(owner: 0, mode: 0o644, reader: 0, outcome: 4),
        Case(owner: 0, mode: 0o644, reader: stranger, outcome: 4),
        Case(owner: 0, mode: 0o641, reader: 0, outcome: 4),
        Case(owner: stranger, mode: 0o644, reader: 0, outcome: 2),
    ]

    private static func code(of error: PolicyFileError) -> Int32 {
        switch error {
        case .forbidden: 1
        case .foreignOwner: 2
        case .writableByOthers: 3
        case .accessibleToOthers: 4
        case .readableByGroup: 5
        case .missing, .unreadable, .notRegular, .tooLong, .changed: 9
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs to become other users"), arguments: cases)
    func `3 to 6: a file is read by whom it may be read, and by nobody whom it cannot trust`(_ row: Case) async throws {
        try await inTemporaryFolder { folder in
            let path = try folder.file("SECRET_KEY = \"x\"\n", mode: row.mode)
            try #require(unsafe chown(path, row.owner, Self.group) == 0)
            let isMember = row.reader == Self.service || row.reader == Self.application
            let groups: [gid_t] = isMember ? [Self.group] : []
            await #expect(processExitsWith: .exitCode(row.outcome)) {
                [row = row as Case, path = path as String, groups = groups as [gid_t]] in
                guard unsafe setgroups(groups.count, groups) == 0, setgid(row.reader) == 0, setuid(row.reader) == 0
                else {
                    exit(99)
                }
                do throws(PolicyFileError) {
                    let text = try PolicyFile.read(path)
                    exit(text.count == 17 ? 0 : 98)
                } catch {
                    exit(PolicyFileTests.code(of: error))
                }
            }
        }
    }

    @Test(
        arguments: [
            (0o100600, 0, 0, nil), (0o100640, 0, 5, nil), (0o100400, 5, 5, nil), (0o100500, 5, 5, nil),
            (0o100600, 5, 5, nil),
            (0o100600, 5, 0, "chown root /f"), (0o100600, 5, 6, "chown root /f"), (0o100620, 0, 0, "chmod go-w /f"),
            (0o100602, 0, 0, "chmod go-w /f"), (0o100622, 5, 5, "chmod go-w /f"), (0o100644, 0, 0, "chmod o= /f"),
            (0o100601, 0, 0, "chmod o= /f"), (0o100640, 5, 5, "chmod g= /f"), (0o040700, 0, 0, "not a regular file"),
            (0o010600, 0, 0, "not a regular file"), (0o020600, 0, 0, "not a regular file"),
            (0o140600, 0, 0, "not a regular file"),
            (0o104600, 0, 0, nil),
        ] as [(UInt32, UInt32, UInt32, String?)])
    func `2 to 6: the error names what mends it`(_ mode: UInt32, _ owner: UInt32, _ reader: UInt32, _ mend: String?) {
        let error = PolicyFile.judge(.init(mode: mode, owner: owner, size: 0), path: "/f", effectiveUser: reader)
        #expect((error == nil) == (mend == nil))
        if let error, let mend { #expect(error.description.contains(mend)) }
    }

    @Test func `2: a FIFO neither blocks nor counts`() async throws {
        try await inTemporaryFolder { folder in
            let path = folder.path("fifo")
            try #require(unsafe mkfifo(path, 0o600) == 0)
            #expect(throws: PolicyFileError.notRegular(path: path)) { _ = try PolicyFile.read(path).count }
        }
    }

    @Test func `2: a folder and a device are no files`() async throws {
        try await inTemporaryFolder { folder in
            let path = folder.url.path
            #expect(throws: PolicyFileError.notRegular(path: path)) { _ = try PolicyFile.read(path).count }
            #expect(throws: PolicyFileError.notRegular(path: "/dev/zero")) {
                _ = try PolicyFile.read("/dev/zero").count
            }
        }
    }

    @Test func `2: one byte too many is too long`() async throws {
        try await inTemporaryFolder { folder in
            let path = try folder.file("", mode: 0o600)
            try #require(unsafe truncate(path, off_t(PolicyFile.longest)) == 0)
            #expect(try PolicyFile.read(path).count == PolicyFile.longest)
            try #require(unsafe truncate(path, off_t(PolicyFile.longest + 1)) == 0)
            #expect(throws: PolicyFileError.tooLong(path: path)) { _ = try PolicyFile.read(path).count }
        }
    }

    @Test(arguments: ["", "/nonexistent/security.toml", "/etc/passwd/security.toml", "a\0b"])
    func `a file that is not there is missing`(_ path: String) {
        #expect(throws: PolicyFileError.missing(path: path)) { _ = try PolicyFile.read(path).count }
    }

    @Test func `a symbolic link leads to what is judged`() async throws {
        try await inTemporaryFolder { folder in
            let path = try folder.file("x", mode: 0o644)
            let link = folder.path("link")
            try #require(unsafe symlink(path, link) == 0)
            #expect(throws: PolicyFileError.accessibleToOthers(path: link, mode: 0o644)) {
                _ = try PolicyFile.read(link).count
            }
            try #require(unsafe chmod(path, 0o600) == 0)
            #expect(try PolicyFile.read(link).count == 1)
        }
    }

    @Test func `a file is read to its last byte`() async throws {
        try await inTemporaryFolder { folder in
            let text = String(repeating: "# a comment\n", count: 10_000)
            let path = try folder.file(text, mode: 0o600)
            let secret = try PolicyFile.read(path)
            let isSame = secret.withBytes { bytes in
                bytes.count == text.utf8.count && zip(bytes.indices, text.utf8).allSatisfy { bytes[$0] == $1 }
            }
            #expect(isSame)
        }
    }

    @Test func `a policy is read from a file, with its database beside it`() async throws {
        try await inTemporaryFolder { folder in
            let text = PolicyTexts.file("SQLALCHEMY_DATABASE_URI = \"sqlite:///users.db\"")
            let path = try folder.file(text, mode: 0o600)
            guard case .sqlite(let database)? = try PolicyReader.read(file: path).policy?.database else {
                Issue.record("no SQLite path")
                return
            }
            #expect(database == folder.path("users.db"))
        }
    }

    @Test func `a relative path is made absolute`() {
        #expect(PolicyFile.absolute("/a/b") == "/a/b")
        #expect(PolicyFile.absolute("b.toml") == FileManager.default.currentDirectoryPath + "/b.toml")
    }
}

/// A folder for the length of `body`.
private func inTemporaryFolder(_ body: (TemporaryFolder) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("policy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try #require(unsafe chmod(folder.path, 0o755) == 0)
    try await body(TemporaryFolder(url: folder))
}

private struct TemporaryFolder {
    let url: URL

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func file(_ text: String, mode: mode_t) throws -> String {
        let path = path("security.toml")
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try #require(unsafe chmod(path, mode) == 0)
        return path
    }
}
