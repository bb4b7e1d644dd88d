import CLibc
import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// Whose database is opened. Numbers are those of ``DatabaseFile``'s requirements.
@Suite(.enabled(if: getuid() == 0, "needs root to make files of others")) struct DatabaseFileTests {
    private let web: uid_t = 40001

    private func failure(_ path: String) -> StoreError? {
        do throws(StoreError) {
            _ = try SQLiteStore(path: path)
            return nil
        } catch {
            return error
        }
    }

    private func own(_ path: String, _ owner: uid_t) { unsafe lchown(path, owner, owner) }

    @Test func `1 a link counts only where root alone could have made it`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let link = folder.path + "/current"
        unsafe symlink(path, link)
        #expect(failure(link) == nil)
        own(link, web)
        #expect(failure(link) == .untrusted(.foreignLink(path: link)))
        own(link, 0)
        for (owner, mode) in [(web, 0o755), (0, 0o777), (0, 0o1777)] as [(uid_t, mode_t)] {
            own(folder.path, owner)
            unsafe chmod(folder.path, mode)
            #expect(failure(link) == .untrusted(.foreignLink(path: link)))
        }
    }

    @Test func `1 each link of a chain, and each folder on the way, is judged`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        let names = ["a", "b", "c"].map { folder.path + "/" + $0 }
        unsafe symlink(folder.path, names[0])
        unsafe symlink("a", names[1])
        unsafe symlink(names[1] + "/./sample.db", names[2])
        #expect(failure(names[2]) == nil)
        #expect(failure(names[0] + "/../" + URL(fileURLWithPath: folder.path).lastPathComponent + "/sample.db") == nil)
        own(names[0], web)
        #expect(failure(names[2]) == .untrusted(.foreignLink(path: names[0])))
        unsafe unlink(names[0])
        unsafe symlink("b", names[0])
        #expect(failure(names[2]) == .untrusted(.tooManyLinks(path: names[2])))
        _ = path
    }

    @Test func `2 what is not a regular file is refused, and never waited for`() throws {
        let folder = try Folder()
        let pipe = folder.path + "/pipe"
        unsafe mkfifo(pipe, 0o600)
        #expect(failure(pipe) == .untrusted(.notRegular(path: pipe)))
        let inner = folder.path + "/inner"
        unsafe mkdir(inner, 0o700)
        #expect(failure(inner) == .untrusted(.notRegular(path: inner)))
        #expect(failure("/") == .untrusted(.notRegular(path: "/")))
    }

    @Test func `3 any user may own it but those who are nobody in particular`() throws {
        let folder = try Folder()
        let path = try folder.sample()
        own(path, web)
        own(folder.path, web)
        #expect(failure(path) == nil)
        own(path, 65534)
        #expect(failure(path) == .untrusted(.nobody(path: path, owner: 65534)))
        own(path, web)
        own(folder.path, 65534)
        #expect(failure(path) == .untrusted(.nobody(path: folder.path, owner: 65534)))
    }

    @Test(arguments: [0o666, 0o662, 0o602] as [mode_t]) func `4 others may not write to it`(mode: mode_t) throws {
        let folder = try Folder()
        let path = try folder.sample()
        unsafe chmod(path, mode)
        #expect(failure(path) == .untrusted(.writableByOthers(path: path)))
    }

    @Test(arguments: [0o777, 0o1777, 0o703] as [mode_t]) func `4 others may not write to its folder`(mode: mode_t)
        throws
    {
        let folder = try Folder()
        let path = try folder.sample()
        unsafe chmod(folder.path, mode)
        #expect(failure(path) == .untrusted(.writableByOthers(path: folder.path)))
    }

    @Test func `each refusal names the file and a way out`() {
        let flaws: [DatabaseFlaw] = [
            .notRegular(path: "/a/b"), .foreignLink(path: "/a/b"), .tooManyLinks(path: "/a/b"),
            .nobody(path: "/a/b", owner: 65534), .writableByOthers(path: "/a/b"), .secondName(path: "/a/b"),
            .replaced(path: "/a/b"), .foreignFile(path: "/a/b"),
        ]
        for flaw in flaws {
            let text = StoreError.untrusted(flaw).description
            #expect(text.contains("/a/b") && text.contains(": "), "\(text)")
        }
    }
}
