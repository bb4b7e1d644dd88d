import CSQLite
import Foundation
import SecurityCore
import Testing

@testable import SecurityStore

/// Counts, for every statement of this process, the rows that it went through without an index. Only inside an exit
/// test: SQLite hands every connection of the process to it.
private enum ScanMeter {
    nonisolated(unsafe) static var worst: [String: Int32] = [:]

    static func install() {
        typealias Entry = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafeRawPointer?) -> Int32
        let watch: Entry = { database, _, _ in
            unsafe sqlite3_trace_v2(
                database, UInt32(SQLITE_TRACE_PROFILE),
                { _, _, statement, _ in
                    guard let statement = unsafe statement else { return 0 }
                    let handle = OpaquePointer(statement)
                    let steps = unsafe sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0)
                    let sql = unsafe sqlite3_sql(handle).map { unsafe String(cString: $0) } ?? ""
                    unsafe ScanMeter.worst[sql] = max(steps, ScanMeter.worst[sql] ?? 0)
                    return 0
                }, nil)
        }
        typealias Registered = @convention(c) () -> Void
        unsafe sqlite3_auto_extension(unsafeBitCast(watch, to: Registered.self))
    }
}

@Suite struct ScanTests {
    @Test func `no statement of a login goes through a table`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let (path, first, _) = try folder.fresh()
            try first.connection.execute("PRAGMA synchronous=OFF")
            try first.createRole(RoleRecord(name: "staff", description: nil, permissions: []), now: .epoch)
            try first.connection.transaction { () throws(StoreError) in
                try first.connection.execute(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
                    INSERT INTO user (id, email, username, active, fs_uniquifier, password, mf_recovery_codes)
                    SELECT i, 'u' || i || '@example.org', 'u' || i, 1, 'f' || i, 'h', '0000-0000-0001' FROM n;
                    INSERT INTO roles_users SELECT id, 1 FROM user;
                    INSERT INTO web_authn (credential_id, public_key, backup_state, device_type, lastuse_datetime, name,
                    usage, user_id) SELECT id, id, 0, '', '', '', 'first', id FROM user
                    """)
            }
            for user in Int64(2)...300 {
                let attempt = Attempt.password(user, from: "ip:\(user)")
                _ = try first.reserveAttempt(attempt, policy: ThrottlePolicy(), now: .epoch)
                try first.recordGrant(
                    .whole(
                        user, "f\(user)", from: "ip:g\(user)",
                        freshness: FreshnessSeal(account: user, place: "p", completedAt: .epoch, digest: "d")))
                _ = try first.acceptCounter(1, account: user, now: .epoch)
            }

            ScanMeter.install()
            let store = try SQLiteStore(path: path)
            for column in [IdentityAttribute.Column.email, .username] {
                for value in ["u200@example.org", "U200@Example.org", "nobody"] {
                    _ = try store.accounts(where: column, equals: value, ignoringCase: true)
                }
            }
            let seal = FreshnessSeal(account: 200, place: "q", completedAt: .epoch, digest: "d")
            _ = try store.account(id: 200)
            for uniquifier in ["f200", "nobody"] { _ = try store.account(bearing: uniquifier, in: .session) }
            _ = try store.uniquifier(in: .session, account: 200)
            _ = try store.spendToken(digest: "d", expires: .epoch, now: .epoch)
            _ = try store.roleNames(ofAccount: 200)
            _ = try store.freshness(account: 200, place: "q")
            for factor in Attempt.Factor.allCases {
                let attempt = Attempt(subject: "user:200", factor: factor, origin: "ip:200")
                _ = try store.reserveAttempt(attempt, policy: ThrottlePolicy(), now: .epoch)
                try store.settleAttempt(attempt, failed: true, now: .epoch)
            }
            _ = try store.acceptCounter(2, account: 200, now: .epoch)
            _ = try store.consumeRecoveryCode(
                Secret(utf8: "0000-0000-0001"), account: 200, digest: "d", now: .epoch)
            _ = try store.renewPasswordHash(
                account: 200, old: SharedSecret(utf8: "h"), new: Secret(utf8: "i"), now: .epoch)
            try store.recordGrant(.whole(200, "f200", from: "ip:200", tracks: true, freshness: seal))
            try store.setPassword(account: 200, hash: Secret(utf8: "j"), fsUniquifier: "g", now: .epoch)

            let counted = unsafe ScanMeter.worst
            #expect(counted.count > 20)
            // The schema itself has some twenty rows, a neighbourhood eight.
            for (sql, rows) in counted where rows > 40 { Issue.record("\(rows) rows without an index: \(sql)") }
        }
    }
}
