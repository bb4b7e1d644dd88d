import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// What only several processes can show.
@Suite struct ProcessTests {
    @Test func `of fifty processes that present a counter one wins`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let (path, _, ann) = try folder.fresh()
            let winners = try Processes.race(50, path: path, folder: folder) { store in
                try store.acceptCounter(77, account: ann, now: .epoch)
            }
            #expect(winners == 1)
        }
    }

    @Test func `of fifty processes that present a recovery code one wins`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let path = try folder.sample()
            let winners = try Processes.race(50, path: path, folder: folder) { store in
                try store.consumeRecoveryCode(Secret(utf8: "aaaa-bbbb-cccc"), account: 1, digest: "d", now: .epoch)
            }
            #expect(winners == 1)
            #expect(
                try Folder.value(path, "SELECT mf_recovery_codes FROM user WHERE id = 1")
                    == "0123-4567-89ab,1111-2222-3333,dead-beef-0001,cafe-f00d-9999")
        }
    }

    @Test func `of fifty processes that guess one is checked when one guess is left`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let (path, store, ann) = try folder.fresh()
            var policy = ThrottlePolicy()
            policy.freeFailures = 1000
            policy.hostFreeFailures = 1000
            let attempt = Attempt.code(ann, from: "ip:192.0.2.1")
            for _ in 1..<policy.limit {
                #expect(try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted)
                try store.settleAttempt(attempt, failed: true, now: .epoch)
            }
            let admitted = try Processes.race(50, path: path, folder: folder) { [policy] store in
                try store.reserveAttempt(attempt, policy: policy, now: .epoch) == .admitted
            }
            #expect(admitted == 1)
        }
    }

    @Test func `a lock of another process is waited for, and told when it lasts`() async throws {
        let folder = try Folder()
        let path = try folder.sample()
        let barrier = Barrier(folder.path + "/barrier")
        let pidFile = folder.path + "/pid"
        let told = Counter()
        barrier.after(1) {
            do {
                _ = try SQLiteStore(path: path, busyMilliseconds: 20).acceptCounter(1, account: 1, now: .epoch)
            } catch {
                if case .locked? = error as? StoreError { told.add() }
            }
            ProcessTests.kill(pidFile)
        }
        await lockUntilKilled(path, barrier.path, pidFile)
        #expect(told.value == 1)
        #expect(try SQLiteStore(path: path).account(id: 1)?.isActive == true)
        #expect(try SQLiteStore(path: path).acceptCounter(1, account: 1, now: .epoch))
    }

    private func lockUntilKilled(_ path: String, _ barrier: String, _ pidFile: String) async {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, barrier = barrier as String, pidFile = pidFile as String] in
            let connection = try SQLiteConnection(path: path)
            try connection.execute("BEGIN EXCLUSIVE")
            try connection.run("UPDATE user SET active = 0")
            try "\(getpid())".write(toFile: pidFile, atomically: true, encoding: .utf8)
            Barrier.arrive(barrier)
            Barrier.waitForTheEnd()
        }
    }

    private static func kill(_ pidFile: String) {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8), let pid = Int32(text) else { return }
        _ = Foundation.kill(pid, SIGKILL)
    }

    /// Invariant: a code is either in the column or among the used ones, whenever the process dies.
    @Test(arguments: ["wal", "delete"])
    func `a process that is killed while it writes leaves whole transactions`(mode: String) async throws {
        let folder = try Folder()
        let path = try folder.sample()
        try Folder.run(path, "PRAGMA journal_mode=\(mode)")
        let codes = (0..<2000).map { String(format: "0000-0000-%04x", $0) }
        try Folder.run(
            path, "UPDATE user SET mf_recovery_codes = '\(codes.joined(separator: ","))', active = 1 WHERE id = 1")
        for round in 0..<3 {
            let barrier = Barrier(folder.path + "/barrier-\(round)")
            let pidFile = folder.path + "/pid-\(round)"
            barrier.after(30) { ProcessTests.kill(pidFile) }
            await consumeUntilKilled(path, barrier.path, pidFile)
            let store = try SQLiteStore(path: path)
            let left = try #require(try store.accountRecord(id: 1)?.recoveryCodeCount)
            let used = try #require(try Folder.value(path, "SELECT count(*) FROM lsec_recovery_used"))
            #expect(left + (Int(used) ?? 0) == codes.count)
            #expect(try Folder.value(path, "PRAGMA integrity_check") == "ok")
        }
    }

    private func consumeUntilKilled(_ path: String, _ barrier: String, _ pidFile: String) async {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, barrier = barrier as String, pidFile = pidFile as String] in
            try "\(getpid())".write(toFile: pidFile, atomically: true, encoding: .utf8)
            let store = try SQLiteStore(path: path)
            let pipe = unsafe open(barrier, O_WRONLY)
            let column = try store.account(id: 1)?.recoveryCodes?.text() ?? ""
            for code in column.split(separator: ",") {
                _ = try store.consumeRecoveryCode(
                    Secret(utf8: String(code)), account: 1, digest: String(code), now: .epoch)
                _ = unsafe write(pipe, "x", 1)
            }
            Barrier.waitForTheEnd()
        }
    }

    @Test func `too many open files are told`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let path = try folder.sample()
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let usual = limit.rlim_cur
            defer {
                limit.rlim_cur = usual
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            }
            // No number at all is left: another thread of this process may close a file at any time.
            limit.rlim_cur = 0
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #expect(throws: StoreError.failed(code: 14, detail: "too many open files")) {
                _ = try SQLiteStore(path: path)
            }
        }
    }
}

@Suite(.enabled(if: SmallDisk.isAvailable, "needs root and the right to mount a tmpfs"))
struct FullDiskTests {
    @Test(arguments: ["wal", "delete"])
    func `a full disk is told, changes nothing, and is over when there is room`(mode: String) throws {
        let folder = try Folder()
        let disk = try SmallDisk(in: folder, kilobytes: 400)
        let path = disk.path + "/users.db"
        try FileManager.default.copyItem(atPath: folder.sample(), toPath: path)
        try Folder.run(path, "PRAGMA journal_mode=\(mode)")
        let store = try SQLiteStore(path: path)
        #expect(try store.acceptCounter(1, account: 1, now: .epoch))
        let filler = try disk.fill(leaving: 0)
        var counter: Int64 = 1
        #expect(throws: StoreError.diskFull) {
            for _ in 0..<1000 {
                _ = try store.setPassword(
                    account: 1, hash: Secret(count: 4000) { out in for index in out.indices { out[index] = 65 } },
                    fsUniquifier: "u\(counter)", now: .epoch)
                counter += 1
            }
        }
        #expect(try store.account(id: 1)?.fsUniquifier != "u\(counter)")
        try FileManager.default.removeItem(atPath: filler)
        #expect(try store.acceptCounter(counter + 1, account: 1, now: .epoch))
        #expect(try Folder.value(path, "PRAGMA integrity_check") == "ok")
    }

    @Test func `no room for the files of WAL mode is a full disk`() throws {
        let folder = try Folder()
        let disk = try SmallDisk(in: folder, kilobytes: 400)
        let path = disk.path + "/users.db"
        try FileManager.default.copyItem(atPath: folder.sample(), toPath: path)
        try Folder.run(path, "PRAGMA journal_mode=wal")
        _ = try disk.fill(leaving: 0)
        #expect(throws: StoreError.diskFull) {
            _ = try SQLiteStore(path: path).acceptCounter(1, account: 1, now: .epoch)
        }
    }

    @Test func `a database that cannot be finished leaves nothing`() throws {
        let folder = try Folder()
        let disk = try SmallDisk(in: folder, kilobytes: 64)
        #expect(throws: StoreError.diskFull) { try SQLiteStore.create(path: disk.path + "/users.db") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
    }
}
