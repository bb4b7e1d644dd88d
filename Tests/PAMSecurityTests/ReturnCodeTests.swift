import CPAM
import Foundation
import Testing

@testable import PAMSecurity

@Suite struct ReturnCodeTests {
    @Test func `every outcome has one row`() {
        #expect(Outcome.table.map { $0.outcome } == Outcome.allCases)
    }

    @Test func `an outcome that cannot come up in a group is no success there`() {
        for row in Outcome.table {
            for group in Group.allCases where row.code(in: group) == nil {
                #expect(row.outcome.code(in: group) == .systemErr)
            }
        }
    }

    @Test func `success and ignore have one outcome each`() {
        for group in Group.allCases {
            #expect(Outcome.allCases.filter { $0.code(in: group) == .success } == [.done])
            #expect(
                Outcome.allCases.filter { $0.code(in: group) == .ignore } == (group == .authenticate ? [.ignored] : []))
        }
    }

    @Test func `pam_security(8) prints the table`() throws {
        let groups: [(name: String, group: Group)] = [
            ("auth", .authenticate), ("account", .account), ("setcred", .credentials), ("password", .password),
            ("session", .session),
        ]
        let expected = Outcome.table.map { row in
            let codes = groups.compactMap { name, group in
                row.code(in: group).map { name + " " + $0.name.dropFirst("PAM_".count) }
            }
            return [row.outcome.words, codes.joined(separator: ", ")]
        }
        let found = try ManualPage.items(of: "DIAGNOSTICS", subsection: "RETURN VALUES")
        #expect(found == expected)
    }
}

extension Outcome {
    /// How pam_security(8) names the outcome.
    var words: String {
        switch self {
        case .done: "granted, allowed, changed, nothing to do"
        case .refused: "not granted: wrong answers, or an account that may not log in"
        case .unknownAccount: "the account is not ours, and the line or the change tells"
        case .notAllowed: "the account may not be used, or its password not be changed"
        case .passwordRefused: "the new password is refused, or use_authtok finds none"
        case .entriesDiffer: "the new password was typed differently the second time"
        case .busy: "another process holds the account database, or it is too slow"
        case .unavailable: "configuration or account database missing, damaged or invalid"
        case .noRights: "the caller may not read them, or their owner or mode is not safe"
        case .noAnswer: "the application gave no answer"
        case .badArgument: "bad argument"
        case .outOfMemory: "out of memory"
        case .systemFailure: "internal error"
        case .ignored: "nullok, and the account has no second factor"
        }
    }
}

/// The tables of pam_security(8).
enum ManualPage {
    static let text = Result {
        try String(contentsOf: repository.appendingPathComponent("pam/pam_security.8"), encoding: .utf8)
    }

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The lines of a section.
    static func lines(of section: String) throws -> [String] {
        let lines = try text.get().components(separatedBy: "\n")
        let start = try #require(lines.firstIndex(of: ".Sh " + section))
        return Array(lines[(start + 1)...].prefix { !$0.hasPrefix(".Sh ") })
    }

    /// The items of a subsection's list: each with the text below it, on one line.
    static func items(of section: String, subsection: String) throws -> [[String]] {
        let lines = try lines(of: section)
        let start = try #require(lines.firstIndex(of: ".Ss " + subsection))
        var items: [[String]] = []
        for line in lines[(start + 1)...] {
            if line.hasPrefix(".It ") {
                items.append([String(line.dropFirst(".It ".count)), ""])
            } else if !line.hasPrefix("."), let last = items.indices.last {
                items[last][1] += (items[last][1].isEmpty ? "" : " ") + line
            }
        }
        return items
    }

    /// The rows of a section's table, its head left out.
    static func rows(of section: String) throws -> [[String]] {
        try lines(of: section).filter { $0.hasPrefix(".It ") && $0.contains(" Ta ") }.dropFirst().map { line in
            line.dropFirst(".It ".count).components(separatedBy: " Ta ")
        }
    }
}
