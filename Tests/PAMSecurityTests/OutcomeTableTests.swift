import Foundation
import SecurityCore
import Testing

@testable import PAMSecurity

/// One combination of policy, account and `factor=` out of pam/outcomes.tsv.
struct OutcomeCase: Sendable, CustomTestStringConvertible {
    var policy: String
    var account: String
    var factor: String
    var prompts: [String]
    var result: String
    var promptsAfterWrong: [String]
    var testDescription: String { "\(policy), \(account), factor=\(factor)" }

    static let policies = ["off", "opt-in", "required"]
    static let usable = ["app", "codes", "other", "none"]
    static let barred = ["unknown", "inactive", "unconfirmed", "not-admitted", "superuser"]
    static let factors = ["password", "code", "code nullok", "all"]

    static let rows: [[String]] = {
        let file = ManualPage.repository.appendingPathComponent("pam/outcomes.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.components(separatedBy: "\t") }
    }()

    /// Every combination that a row stands for.
    static let all = rows.filter { $0.count == 6 }.flatMap { row in
        expand(row[0], policies).flatMap { policy in
            expand(row[1], usable + barred).flatMap { account in
                expand(row[2], factors).map { factor in
                    OutcomeCase(
                        policy: policy, account: account, factor: factor, prompts: words(row[3]), result: row[4],
                        promptsAfterWrong: words(row[5]))
                }
            }
        }
    }

    private static func expand(_ field: String, _ any: [String]) -> [String] {
        if field == "any" { return any }
        return field.components(separatedBy: ", ").flatMap { $0 == "barred" ? barred : [$0] }
    }

    private static func words(_ field: String) -> [String] {
        field.split(separator: " ").compactMap { ["P": "Password: ", "C": "Verification code: "][$0] }
    }

    /// A site with this policy and account, and the answers that are right.
    func host() throws -> (host: Host, password: String, code: String) {
        let settings = [
            "SECURITY_TWO_FACTOR = \(policy != "off")", "SECURITY_TWO_FACTOR_REQUIRED = \(policy == "required")",
            "SECURITY_TWO_FACTOR_ENABLED_METHODS = [\"authenticator\"]", "SECURITY_CONFIRMABLE = true",
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES = true", "LIBSECURITY_PAM_ROLES_ACCEPTED = [\"staff\"]",
        ]
        let host = try Host(settings)
        host.name = account == "superuser" ? "toor" : "ann"
        if account != "unknown" {
            let id = try host.account(
                host.name ?? "", isActive: account != "inactive", isConfirmed: account != "unconfirmed",
                withApp: account != "none", codes: account == "codes", role: account == "not-admitted" ? nil : "staff")
            if account == "codes" || account == "other" { try host.setMethod("something-new", account: id) }
        }
        return (host, Host.password, account == "codes" ? Host.recoveryCode : host.code())
    }
}

@Suite struct OutcomeTableTests {
    @Test func `each combination stands in one row`() {
        let expected = OutcomeCase.policies.flatMap { policy in
            (OutcomeCase.usable + OutcomeCase.barred).flatMap { account in
                OutcomeCase.factors.map { "\(policy), \(account), factor=\($0)" }
            }
        }
        #expect(OutcomeCase.all.map { $0.testDescription }.sorted() == expected.sorted())
    }

    @Test(arguments: OutcomeCase.all) func `right answers give the result of the table`(_ row: OutcomeCase) throws {
        let (host, password, code) = try row.host()
        let words = row.factor.components(separatedBy: " ")
        let answers = row.factor.hasPrefix("code") ? [code] : [password, code]
        let result =
            words.count == 1
            ? host.call(.authenticate, "factor=" + words[0], answers: answers)
            : host.call(.authenticate, "factor=" + words[0], words[1], answers: answers)
        #expect(result == row.result)
        #expect(host.prompts == row.prompts)
    }

    @Test(arguments: OutcomeCase.all) func `wrong answers are never enough`(_ row: OutcomeCase) throws {
        let (host, _, code) = try row.host()
        let words = row.factor.components(separatedBy: " ")
        let answers = row.factor.hasPrefix("code") ? ["000000"] : ["wrong", code]
        let result =
            words.count == 1
            ? host.call(.authenticate, "factor=" + words[0], answers: answers)
            : host.call(.authenticate, "factor=" + words[0], words[1], answers: answers)
        #expect(result == (row.result == "PAM_IGNORE" ? "PAM_IGNORE" : "PAM_AUTH_ERR"))
        #expect(host.prompts == row.promptsAfterWrong)
    }

    @Test func `pam_security(8) prints the table`() throws {
        let expected = OutcomeCase.rows.map { row in
            row.map { $0.replacingOccurrences(of: "PAM_", with: "") }
        }
        #expect(try ManualPage.rows(of: "WHAT IS ASKED") == expected)
    }
}
