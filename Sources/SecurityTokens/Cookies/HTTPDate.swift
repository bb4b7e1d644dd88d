import SecurityCore

/// Moments as HTTP writes them (RFC 9110 section 5.6.7, IMF-fixdate): `Tue, 14 Nov 2023 22:13:20 GMT`.
public enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// The years 1 to 9999, as Python's.
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// The text of seconds since the epoch; years before 1 and after 9999 become their ends.
    public static func text(of seconds: Int64) -> String {
        let seconds = min(max(seconds, range.lowerBound), range.upperBound)
        let day = floorDivide(seconds, 86_400)
        let time = seconds - day * 86_400
        let (year, month, dayOfMonth) = civil(day)
        let weekday = days[Int((day % 7 + 7) % 7)]
        return "\(weekday), \(two(dayOfMonth)) \(months[Int(month) - 1]) \(two(year / 100))\(two(year % 100)) "
            + "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT"
    }

    /// Seconds since the epoch of a text in exactly that form; nil for any other. The name of the day is not compared.
    public static func seconds(of text: String) -> Int64? {
        let words = ByteText(text).words()
        guard words.count == 6, words[5] == "GMT", let weekday = words[0].dropping(suffix: ","),
            days.contains(where: weekday.string.equals), let day = number(words[1], 1...2),
            let month = months.firstIndex(where: words[2].string.equals), let year = number(words[3], 4...4), year > 0
        else { return nil }
        let time = words[4].parts(at: 0x3A)
        guard time.count == 3, let hour = number(time[0], 2...2), let minute = number(time[1], 2...2),
            let second = number(time[2], 2...2), hour < 24, minute < 60, second < 60
        else { return nil }
        let date = dayNumber(year, Int64(month) + 1, day)
        // The 31st of February is the 3rd of March to the arithmetic, and not a date.
        guard day >= 1, civil(date) == (year, Int64(month) + 1, day) else { return nil }
        return date * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func number(_ text: ByteText, _ digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.count), text.holdsOnly({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text.string)
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value / by - (value % by < 0 ? 1 : 0)
    }

    /// The proleptic Gregorian date of days since the epoch (H. Hinnant, chrono-Compatible Low-Level Date Algorithms).
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Days since the epoch of a date.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
