import Foundation
import Testing

@testable import SecurityCore

/// Tests/Vectors/email-addresses.json: the published test cases of email_validator 2.4.0, and some thousand addresses
/// that were changed at random, judged by it.
@Suite struct EmailVectorTests {
    struct Case: CustomTestStringConvertible {
        let address: String
        let policy: EmailPolicy
        let normalized: String?
        let message: String?
        var testDescription: String { address.debugDescription }
    }

    static func cases() throws -> [Case] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/email-addresses.json")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[Any]])
        return try rows.map { row in
            let arguments = try #require(row[1] as? [String: Bool])
            return Case(
                address: try #require(row[0] as? String), policy: policy(arguments), normalized: row[2] as? String,
                message: row[3] as? String)
        }
    }

    private static func policy(_ arguments: [String: Bool]) -> EmailPolicy {
        var policy = EmailPolicy()
        for (name, isOn) in arguments {
            switch name {
            case "allow_smtputf8": policy.allowsSMTPUTF8 = isOn
            case "allow_empty_local": policy.allowsEmptyLocal = isOn
            case "allow_quoted_local": policy.allowsQuotedLocal = isOn
            case "allow_domain_literal": policy.allowsDomainLiteral = isOn
            case "allow_display_name": policy.allowsDisplayName = isOn
            case "strict": policy.isStrict = isOn
            case "globally_deliverable": policy.isGloballyDeliverable = isOn
            case "test_environment": policy.isTestEnvironment = isOn
            default: Issue.record("unknown argument \(name)")
            }
        }
        return policy
    }

    /// Sentences of the packages idna and ipaddress stand in brackets, and are theirs.
    private static func outer(_ message: String) -> String {
        for phrase in ["contains invalid characters", "is invalid", "is not valid IDNA", "not an IPv4 address"] {
            for end in [" (", " or is missing"] {
                if let range = message.range(of: phrase + end) { return String(message[..<range.lowerBound]) + phrase }
            }
        }
        let address = "The IPv6 address in brackets after the @-sign is not valid"
        return message.hasPrefix(address) ? address : message
    }

    @Test func `addresses are judged as email_validator judges them`() throws {
        let cases = try Self.cases()
        #expect(cases.count > 3000)
        for one in cases {
            let verdict = Result { () throws(EmailFlaw) in try EmailAddress(one.address, one.policy) }
            switch verdict {
            case .success(let address):
                // Bytes: to String the two forms of a letter are equal.
                #expect(
                    one.normalized.map { Array($0.utf8) } == Array(address.normalized.utf8),
                    "\(one.address.debugDescription) \(one.message ?? "")")
            case .failure(let flaw):
                #expect(one.normalized == nil, "\(one.address.debugDescription): \(flaw)")
                guard let message = one.message else { continue }
                #expect(Self.outer(flaw.description) == Self.outer(message), "\(one.address.debugDescription)")
            }
        }
    }
}
