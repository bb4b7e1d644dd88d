import Testing

@testable import SecurityCore

struct FreshnessRow: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var within: Int64 = 86_400
    var grace: Int64 = 3600
    /// Seconds before now at which the session authenticated; nil = never.
    var age: Int64?
    /// Seconds after now at which the grace period ends; nil = none.
    var graceEnds: Int64?
    var isBasic = false
    var isFresh: Bool
    /// Seconds after now to which the grace period moves; nil = it stays.
    var newGrace: Int64?
}

@Suite struct FreshnessTests {
    private static let now: Int64 = 1_700_000_000

    @Test(
        arguments: [
            FreshnessRow(testDescription: "basic", isBasic: true, isFresh: true),
            FreshnessRow(testDescription: "switched off", within: -1, isFresh: true),
            FreshnessRow(testDescription: "never authenticated", isFresh: false),
            FreshnessRow(testDescription: "never authenticated, in grace", graceEnds: 10, isFresh: false),
            FreshnessRow(testDescription: "in grace", age: 1_000_000, graceEnds: 1, isFresh: true, newGrace: 3600),
            FreshnessRow(testDescription: "grace just over", age: 1_000_000, graceEnds: 0, isFresh: false),
            FreshnessRow(
                testDescription: "zero: not fresh, but opens grace", within: 0, age: 0, isFresh: false, newGrace: 3600),
            FreshnessRow(
                testDescription: "zero, in grace", within: 0, age: 0, graceEnds: 5, isFresh: true, newGrace: 3600),
            FreshnessRow(testDescription: "young", age: 10, isFresh: true, newGrace: 3600),
            FreshnessRow(
                testDescription: "one second too young to be stale", age: 86_399, isFresh: true, newGrace: 3600),
            FreshnessRow(testDescription: "exactly within is stale", age: 86_400, isFresh: false),
            FreshnessRow(testDescription: "a clock ahead", age: -86_399, isFresh: true, newGrace: 3600),
            FreshnessRow(testDescription: "a clock too far ahead", age: -86_400, isFresh: false),
        ])
    func `the session rule holds`(_ row: FreshnessRow) {
        var policy = FreshnessPolicy()
        policy.within = row.within * 1_000_000
        policy.grace = row.grace * 1_000_000
        let session = Freshness.Session(
            authenticatedAt: row.age.map { Instant(seconds: Self.now - $0) },
            graceEndSeconds: row.graceEnds.map { Self.now + $0 })
        let verdict = Freshness.check(
            session, policy: policy, now: Instant(seconds: Self.now), isBasic: row.isBasic)
        #expect(verdict.isFresh == row.isFresh)
        #expect(verdict.newGraceEndSeconds == row.newGrace.map { Self.now + $0 })
    }

    /// fs_paa has microseconds, fs_gexp whole seconds, and both comparisons are strict.
    @Test(
        arguments: [
            (Int64(86_400_000_000 - 1), Int64?.none, true), (86_400_000_000, nil, false),
            (-86_400_000_000 + 1, nil, true), (-86_400_000_000, nil, false),
            (200_000_000_000, Self.now + 1, true), (200_000_000_000, Self.now, false), (200_000_000_000, 0, false),
        ])
    func `the last microsecond decides`(age: Int64, graceEnd: Int64?, isFresh: Bool) {
        let now = Instant(microseconds: Self.now * 1_000_000 + 999_999)
        let session = Freshness.Session(
            authenticatedAt: Instant(microseconds: now.microseconds - age), graceEndSeconds: graceEnd)
        let verdict = Freshness.check(session, policy: FreshnessPolicy(), now: now)
        #expect(verdict.isFresh == isFresh)
        #expect(verdict.newGraceEndSeconds == (isFresh ? Self.now + 3600 : nil))
    }

    @Test(
        arguments: [
            (Int64(0), Int64(10), true), (9, 10, true), (10, 10, false), (-1, 10, false), (0, 0, false), (0, -5, false),
        ])
    func `the prompt's rule is stricter`(age: Int64, within: Int64, isFresh: Bool) {
        let completed = Instant(microseconds: 1_000_000 - age)
        #expect(
            Freshness.isFresh(completedAt: completed, now: Instant(microseconds: 1_000_000), within: within) == isFresh)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func `no moment traps`(edge: Int64) {
        for other in [Int64.min, -1, 0, 1, Int64.max] {
            var policy = FreshnessPolicy()
            policy.within = edge
            policy.grace = other
            let session = Freshness.Session(authenticatedAt: Instant(microseconds: other), graceEndSeconds: edge)
            _ = Freshness.check(session, policy: policy, now: Instant(microseconds: edge))
            _ = Freshness.isFresh(
                completedAt: Instant(microseconds: other), now: Instant(microseconds: edge), within: other)
        }
    }
}
