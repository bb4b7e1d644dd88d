import SecurityCore

extension Instant {
    /// `YYYY-MM-DD HH:MM:SS.ffffff`, UTC: how SQLAlchemy writes a DateTime to SQLite. Always six digits, because it
    /// reads a fraction as a number of microseconds.
    var sqlAlchemyText: String {
        let second = seconds
        let day = second >= 0 ? second / 86400 : (second - 86399) / 86400
        let clock = second &- day &* 86400
        let date = Instant.civilDate(ofDay: day)
        let fraction = microseconds &- second &* 1_000_000
        return Instant.padded(date.year, 4) + "-" + Instant.padded(date.month, 2) + "-" + Instant.padded(date.day, 2)
            + " " + Instant.padded(clock / 3600, 2) + ":" + Instant.padded(clock / 60 % 60, 2) + ":"
            + Instant.padded(clock % 60, 2) + "." + Instant.padded(fraction, 6)
    }

    /// This moment moved into the past; at most to the beginning of time.
    func minus(seconds: Int64) -> Instant {
        let (earlier, overflow) = microseconds.subtractingReportingOverflow(Instant(seconds: seconds).microseconds)
        return Instant(microseconds: overflow ? .min : earlier)
    }

    /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin on 1 March.
    private static func civilDate(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
