import SecurityCore
import Testing

@testable import SecurityStore

/// A character that joins with a comma, a dot or a colon beside it hides none of them.
@Suite struct StoreCharacterTests {
    private static let marks = [
        "\u{600}", "\u{8E2}", "\u{110BD}", "\u{301}", "\u{34F}", "\u{180B}", "\u{200D}", "\u{FE0F}", "\u{E0100}",
    ]

    @Test(arguments: marks)
    func `permissions are split at the bytes of their commas`(mark: String) throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        try store.createRole(
            RoleRecord(name: "a", description: nil, permissions: ["x\(mark)", "\(mark)y", "z"]), now: .epoch)
        _ = try store.changePermissions(ofRole: "a", adding: [], removing: ["z"], now: .epoch)
        let permissions = try #require(try store.roles().first?.permissions)
        #expect(Set(permissions.map { ByteText($0) }) == [ByteText("x\(mark)"), ByteText("\(mark)y")])
    }

    @Test func `permissions are equal when their bytes are`() throws {
        let folder = try Folder()
        let (_, store, _) = try folder.fresh()
        try store.createRole(RoleRecord(name: "a", description: nil, permissions: ["caf\u{E9}"]), now: .epoch)
        #expect(
            try store.changePermissions(ofRole: "a", adding: ["cafe\u{301}"], removing: [], now: .epoch) == .changed)
        #expect(try store.roles().first?.permissions.count == 2)
    }

    @Test(arguments: marks)
    func `messages of SQLite are split at bytes`(mark: String) {
        let error = StoreError.sqlite(
            code: 19, systemError: 0, message: "UNIQUE constraint failed: user.a\(mark), user.\(mark)b", path: "x")
        guard case .conflict(let column) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(column.equals("a\(mark), \(mark)b"))
    }
}
