import Testing

@testable import SecurityCore

/// Answers of the range API.
@Suite struct RangeAnswerTests {
    /// The SHA-1 of "password" without its first five digits.
    private static let rest = "1E4C9B93F3F0682250B6CF8331B7EE68FD8"
    private static let other = "0000A6E44ED9A04F57A8C6B1F4CF2C1A7DA"

    private func count(_ answer: String) throws(BreachedError) -> Int {
        try RangeAnswer.count(of: PasswordHash(of: Array("password".utf8).span), in: Array(answer.utf8))
    }

    @Test func `five digits are asked for`() {
        #expect(RangeAnswer.prefix(of: PasswordHash(of: Array("password".utf8).span)) == "5BAA6")
    }

    @Test(arguments: [
        ("\(rest):52579", 52579), ("\(other):1\r\n\(rest):3\r\n", 3), ("\(rest):3\r\n\(other):1", 3),
        ("\u{FEFF}\(rest):3", 3), ("\(rest.lowercased()):4", 4), ("\(other):7", 0), ("\(rest):0", 0),
        ("\(rest):3\n\(other):1\n", 3), ("\(rest):3\r\n\(rest):9\r\n\(rest):0", 9),
    ])
    func `a count is found wherever it stands`(_ answer: String, _ expected: Int) throws {
        #expect(try count(answer) == expected)
    }

    @Test(arguments: [
        "", "\u{FEFF}", "\r\n", "\(rest)", "\(rest):", "\(rest):x", "\(rest):-1", "\(rest):1,5", "5BAA6\(rest):3",
        "\(rest):3\r\n\r\n\(other):1", "\(rest):3\r\n<html>", "\(rest):3 \r\n", "\(rest):3\rX",
        "\(rest):9999999999999999999999", "\(rest):3\r\n\(other.dropLast())",
    ])
    func `an answer with a line that is none is an error`(_ answer: String) {
        #expect(throws: BreachedError.malformedAnswer) { try count(answer) }
    }
}
