/// What mail addresses and phone numbers may be.
extension PolicyDraft {
    /// The arguments of email_validator that are true or false.
    private static func setSwitch(_ name: String, _ isOn: Bool, in policy: inout EmailPolicy) -> Bool {
        switch name {
        case "allow_smtputf8": policy.allowsSMTPUTF8 = isOn
        case "allow_empty_local": policy.allowsEmptyLocal = isOn
        case "allow_quoted_local": policy.allowsQuotedLocal = isOn
        case "allow_domain_literal": policy.allowsDomainLiteral = isOn
        case "allow_display_name": policy.allowsDisplayName = isOn
        case "strict": policy.isStrict = isOn
        case "globally_deliverable": policy.isGloballyDeliverable = isOn
        case "test_environment": policy.isTestEnvironment = isOn
        case "check_deliverability": policy.checksDeliverability = isOn
        default: return false
        }
        return true
    }

    private static let switches = [
        "allow_smtputf8", "allow_empty_local", "allow_quoted_local", "allow_domain_literal", "allow_display_name",
        "strict", "globally_deliverable", "test_environment", "check_deliverability",
    ]

    /// SECURITY_EMAIL_VALIDATOR_ARGS and SECURITY_PHONE_REGION_DEFAULT.
    func addressPolicy() -> AddressPolicy {
        var policy = AddressPolicy()
        let arguments = "SECURITY_EMAIL_VALIDATOR_ARGS"
        if has(arguments), let node = self[arguments] {
            for argument in node.children { read(argument, of: arguments, into: &policy.email) }
        }
        let region = "SECURITY_PHONE_REGION_DEFAULT"
        policy.phoneRegion = self[region]?.string ?? policy.phoneRegion
        if policy.phoneRegion.utf8.count != 2 || !policy.phoneRegion.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            report(
                .error, region, "is \"\(policy.phoneRegion)\", and must be a country as two capitals, such as \"DE\"")
        }
        return policy
    }

    private func read(_ argument: TOMLNode, of key: String, into policy: inout EmailPolicy) {
        switch argument.key {
        case "timeout":
            guard let seconds = argument.integer.flatMap({ Int(exactly: $0) }), (1...300).contains(seconds) else {
                return report(
                    .error, argument, "\(key): \"timeout\" must be a whole number of seconds from 1 to 300", key: key)
            }
            policy.timeoutSeconds = seconds
        case "dns_resolver":
            report(.error, argument, "\(key): \"dns_resolver\" is a Python object; leave it out", key: key)
        default:
            guard let isOn = argument.boolean, PolicyDraft.setSwitch(argument.key, isOn, in: &policy) else {
                return reportUnknown(argument, of: key)
            }
        }
    }

    private func reportUnknown(_ argument: TOMLNode, of key: String) {
        let name = argument.key
        guard !PolicyDraft.switches.contains(name) else {
            return report(.error, argument, "\(key): \"\(name)\" must be true or false", key: key)
        }
        let mend = NearestName.of(name, among: PolicyDraft.switches + ["timeout"]).map { "; did you mean \"\($0)\"?" }
        report(
            .error, argument, "\(key) has \"\(name)\", which is no argument of email_validator\(mend ?? "")", key: key)
    }
}
