import CLibc

/// An address in place of a domain (RFC 5321 section 4.1.3).
enum DomainLiteral {
    /// The literal with its brackets in one spelling, from the text between them.
    static func normalized(_ literal: [Unicode.Scalar]) throws(EmailFlaw) -> [Unicode.Scalar] {
        let text = literal.text
        if !literal.isEmpty, literal.allSatisfy({ $0 == "." || (0x30...0x39).contains($0.value) }) {
            guard Origin.parse(text, family: AF_INET, count: 4) != nil else { throw .literalIPv4 }
            return Array("[\(text)]".unicodeScalars)
        }
        if ByteText(literal.prefix(5).map({ $0 }).text).equalsIgnoringCase("ipv6:") {
            let address = Array(literal.dropFirst(5)).text
            guard let bytes = Origin.parse(zoneless(address), family: AF_INET6, count: 16) else { throw .literalIPv6 }
            guard address.utf8.elementsEqual(zoneless(address).utf8) else { throw .literalZone }
            return Array("[IPv6:\(compressed(bytes))]".unicodeScalars)
        }
        guard literal.contains(":") else { throw .literalWithoutTag }
        let bad = literal.filter { !(0x21...0xFA).contains($0.value) }
        guard bad.isEmpty else { throw .invalidCharacters(.literal, bad) }
        throw .literalTag
    }

    private static func zoneless(_ address: String) -> String {
        ByteText(address).cut(at: 0x25).before.string
    }

    /// RFC 5952 section 4.2: the first longest run of two zero groups or more becomes `::`.
    private static func compressed(_ bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var (best, start) = (0..<0, 0)
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(best.count, 1) { best = start..<end }
            start = end + 1
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
    }
}
