import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

@Suite struct TokenStoreTests {
    @Test func `an account is found by exactly its uniquifier`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        let uniquifier = NewAccount.ann.fsUniquifier
        #expect(try store.account(bearing: uniquifier, in: .session)?.id == ann)
        #expect(try store.uniquifier(in: .session, account: ann) == uniquifier)
        for other in ["", uniquifier.uppercased(), uniquifier + "a", String(repeating: "a", count: 5000)] {
            #expect(try store.account(bearing: other, in: .session)?.id == nil)
        }
        #expect(try store.uniquifier(in: .session, account: ann + 1) == nil)
    }

    @Test func `a model without token uniquifiers has none`() throws {
        let folder = try Folder()
        let (_, store, ann) = try folder.fresh()
        #expect(!store.hasTokenUniquifiers)
        #expect(try store.account(bearing: NewAccount.ann.fsUniquifier, in: .token)?.id == nil)
        #expect(try store.uniquifier(in: .token, account: ann) == nil)
    }

    @Test func `a model with token uniquifiers is asked for them`() throws {
        let folder = try Folder()
        let (path, _, ann) = try folder.fresh()
        try Folder.run(path, "ALTER TABLE user ADD COLUMN fs_token_uniquifier VARCHAR(64)")
        let store = try SQLiteStore(path: path)
        #expect(store.hasTokenUniquifiers)
        #expect(try store.uniquifier(in: .token, account: ann) == nil)
        try Folder.run(path, "UPDATE user SET fs_token_uniquifier = 'tok'")
        #expect(try store.uniquifier(in: .token, account: ann) == "tok")
        #expect(try store.account(bearing: "tok", in: .token)?.id == ann)
        #expect(try store.account(bearing: "tok", in: .session)?.id == nil)
    }
}
