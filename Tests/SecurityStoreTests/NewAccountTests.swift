import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct NewAccountTests {
    @Test func `phone numbers are the columns that a new database leaves open`() throws {
        let folder = try Folder()
        let columns = try folder.fresh().store.attributeColumns()
        #expect(Set(columns.map { $0.name }) == ["tf_phone_number", "us_phone_number"])
        #expect(columns.allSatisfy { $0.kind == .text })
    }

    @Test(arguments: ["email", "password", "fs_uniquifier", "id", "nonsense", "tf_phone_number) --", ""])
    func `a column that is not open is refused`(_ column: String) throws {
        let folder = try Folder()
        let store = try folder.fresh().store
        var account = NewAccount.named("bob")
        account.attributes = [AccountAttribute(column: column, value: .text("x"))]
        #expect(throws: StoreError.schema(detail: "column \(column) of table user")) {
            try store.createAccount(account, now: .epoch)
        }
        #expect(try store.accountRecords(after: 0, count: 10).count == 1)
    }

    @Test func `an open column is filled`() throws {
        let folder = try Folder()
        let (path, store, _) = try folder.fresh()
        var account = NewAccount.named("bob")
        account.attributes = [AccountAttribute(column: "us_phone_number", value: .text("+16505551234"))]
        let id = try store.createAccount(account, now: .epoch)
        #expect(
            try Folder.value(path, "SELECT us_phone_number FROM user WHERE id = \(id)") == "+16505551234")
    }
}
