/// Asks the DNS.
public protocol MailResolver: AnyObject {
    /// The records of a kind of a whole domain in ASCII, within so many seconds.
    func records(_ kind: DNSRecordKind, of domain: String, timeoutSeconds: Int) -> DNSAnswer
}

/// Kinds of records (RFC 1035 section 3.2.2), by their numbers.
public enum DNSRecordKind: Int32, Sendable {
    /// An IPv4 address: 4 bytes.
    case a = 1
    /// An IPv6 address: 16 bytes (RFC 3596).
    case aaaa = 28
    /// A mail exchange: the name of a host; empty for the root.
    case mx = 15
    /// Text: its strings in one.
    case txt = 16
}

/// What a question gave.
public enum DNSAnswer: Equatable, Sendable {
    /// The data of the records, at least one.
    case records([[UInt8]])
    /// The domain has no record of this kind.
    case noData
    /// There is no such domain.
    case noDomain
    /// Nobody answered in time, or no server could.
    case unknown
}

/// Whether a domain takes mail, as email_validator 2.4 decides. Only for addresses that are new, never at a login.
public struct EmailDeliverability {
    private let resolver: any MailResolver
    private let now: () -> Instant

    /// A check over a resolver and a clock.
    public init(resolver: any MailResolver, now: @escaping () -> Instant) {
        self.resolver = resolver
        self.now = now
    }

    /// Why mail cannot reach an address; nil when it can, when nobody could say in time, or when the policy does not ask.
    public func flaw(of address: EmailAddress, _ policy: EmailPolicy) -> EmailFlaw? {
        guard policy.checksDeliverability, !policy.isTestEnvironment, !address.isLiteral else { return nil }
        let start = now().seconds
        return flaw(of: address) { kind in
            let passed = now().seconds &- start
            // A clock that was set meanwhile ends the questions, too.
            guard passed >= 0, passed < policy.timeoutSeconds else { return .unknown }
            let left = policy.timeoutSeconds - Int(passed)
            return resolver.records(kind, of: address.asciiDomain, timeoutSeconds: left)
        }
    }

    private func flaw(of address: EmailAddress, _ ask: (DNSRecordKind) -> DNSAnswer) -> EmailFlaw? {
        switch ask(.mx) {
        case .records(let hosts):
            // RFC 7505: a record of the root alone says that the domain takes no mail.
            return hosts.allSatisfy { $0.isEmpty } ? .acceptsNoMail(address.domain) : nil
        case .noDomain: return .unknownDomain(address.domain)
        case .unknown: return nil
        case .noData: break
        }
        // RFC 5321 section 5.1: without such records, the domain's own address, if the whole world can reach it.
        switch reachable(ask) {
        case .noDomain: return .unknownDomain(address.domain)
        case .noData: return .acceptsNoMail(address.domain)
        case .unknown: return nil
        case .records: break
        }
        switch ask(.txt) {
        case .records(let texts):
            // RFC 7208: a domain that sends none, and has no record for mail, is not used for it.
            let sendsNone = texts.contains { $0.elementsEqual("v=spf1 -all".utf8) }
            return sendsNone ? .sendsNoMail(address.domain) : nil
        case .noDomain: return .unknownDomain(address.domain)
        case .noData, .unknown: return nil
        }
    }

    private func reachable(_ ask: (DNSRecordKind) -> DNSAnswer) -> DNSAnswer {
        for kind in [DNSRecordKind.a, .aaaa] {
            switch ask(kind) {
            case .records(let addresses):
                if addresses.contains(where: { GlobalAddress.contains($0) }) { return .records(addresses) }
            case .noData: break
            case .noDomain: return .noDomain
            case .unknown: return .unknown
            }
        }
        return .noData
    }
}

/// Addresses that the whole world can reach, by IANA's registries of special-purpose addresses, as Python 3.11's
/// `ipaddress` has them.
enum GlobalAddress {
    /// The first bytes of a network, and how many bits of them count.
    private typealias Network = (bytes: [UInt8], bits: Int)

    private static let special4: [Network] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0, 0], 29),
        ([192, 0, 0, 170], 31), ([192, 0, 2], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([240], 4),
    ]

    private static let special6: [Network] = [
        ([UInt8](repeating: 0, count: 15) + [0], 127), ([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF], 96),
        ([0x01, 0, 0, 0, 0, 0, 0, 0], 64), ([0x20, 0x01, 0], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0xFC], 7),
        ([0xFE, 0x80], 10),
    ]

    /// Whether an address of 4 or 16 bytes is one.
    static func contains(_ address: [UInt8]) -> Bool {
        switch address.count {
        case 4: !special4.contains { holds($0, address) }
        case 16: !special6.contains { holds($0, address) }
        default: false
        }
    }

    private static func holds(_ network: Network, _ address: [UInt8]) -> Bool {
        for (index, byte) in network.bytes.enumerated() {
            let bits = min(max(network.bits - 8 * index, 0), 8)
            let mask = bits == 0 ? 0 : UInt8.max << (8 - bits)
            if (byte ^ address[index]) & mask != 0 { return false }
        }
        return true
    }
}
