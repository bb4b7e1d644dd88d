import Testing

@testable import SecurityCore

/// Durations as Flask-Security writes them, and as ours may be written beyond that.
@Suite struct PolicyDurationTests {
    private func parse(_ text: String) -> Int64? {
        if case .success(let reading) = ConfigDuration.parse(text) { reading.microseconds } else { nil }
    }

    @Test(
        arguments: [
            ("5 days", 432_000_000_000), ("-1 days", -86_400_000_000), ("1 day", 86_400_000_000), ("0 seconds", 0),
            ("3 weeks", 1_814_400_000_000), ("90 seconds", 90_000_000), ("24 hours", 86_400_000_000),
            ("+30  minutes", 1_800_000_000), (" 1\tmilliseconds ", 1000), ("7 microseconds", 7),
        ] as [(String, Int64)])
    func `a whole number and a unit is a duration`(_ text: String, _ microseconds: Int64) {
        #expect(parse(text) == microseconds)
    }

    @Test(arguments: [
        "", "5", "days", "5days", "1.5 hours", "1 months", "5 days ago", "five days", "5 Days", "5 dayss",
        "1e3 seconds",
        "٣ days", "9223372036854775807 weeks", "-9223372036854775808 seconds", "99999999999999999999 seconds",
    ])
    func `anything else is not`(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `only the plural can be read by Flask-Security`() {
        #expect(ConfigDuration.parse("1 days") == .success(.init(microseconds: 86_400_000_000, isPortable: true)))
        #expect(ConfigDuration.parse("1 day") == .success(.init(microseconds: 86_400_000_000, isPortable: false)))
    }

    @Test(arguments: [(0.0015, 1500), (-0.5, -500_000), (1e12, 1_000_000_000_000_000_000)] as [(Double, Int64)])
    func `seconds may have a fraction`(_ seconds: Double, _ microseconds: Int64) {
        #expect(ConfigDuration.seconds(seconds) == .success(.init(microseconds: microseconds, isPortable: false)))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e13])
    func `seconds beyond any date are refused`(_ seconds: Double) {
        #expect(ConfigDuration.seconds(seconds) == .failure(.tooLong))
    }

    @Test func `whole seconds beyond any date are refused`() {
        #expect(ConfigDuration.seconds(Int64.max) == .failure(.tooLong))
        #expect(ConfigDuration.seconds(Int64.min) == .failure(.tooLong))
    }
}
