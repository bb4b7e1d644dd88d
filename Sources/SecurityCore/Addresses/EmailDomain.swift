/// The part of an address after the `@`.
struct EmailDomain: Equatable {
    /// For people, and what is stored: in Unicode.
    private(set) var text: [Unicode.Scalar]
    /// As transmitted.
    private(set) var ascii: [Unicode.Scalar]
    /// Whether it is an address in brackets.
    private(set) var isLiteral = false

    /// Names under which nobody has mail (IANA's special-use domain names).
    private static let special: [ByteText] = ["arpa", "invalid", "local", "localhost", "onion", "test"]

    /// Judges what was typed.
    init(_ domain: [Unicode.Scalar], _ policy: EmailPolicy) throws(EmailFlaw) {
        guard let first = domain.first else { throw .emptyDomain }
        if first == "[", domain.last == "]" {
            let literal = try DomainLiteral.normalized(Array(domain.dropFirst().dropLast()))
            guard policy.allowsDomainLiteral else { throw .domainLiteral }
            (text, ascii, isLiteral) = (literal, literal, true)
            return
        }
        let mapped = try EmailDomain.mapped(domain)
        ascii = try EmailDomain.encoded(mapped)
        text = ascii
        try judgeLength(of: domain)
        try judgePlace(policy)
        if ascii.labels.contains(where: { $0.starts(with: "xn--".unicodeScalars) }) { try decode() }
    }

    /// UTS 46, between what may go in and what may come out.
    private static func mapped(_ domain: [Unicode.Scalar]) throws(EmailFlaw) -> [Unicode.Scalar] {
        guard domain.count <= IDNA.longestName else { throw .domainTooLong(domain.count - IDNA.longestName) }
        try require(.domain, domain, EmailCharacters.isHostname)
        if let flaw = EmailCharacters.flaw(in: domain, allowsSpace: false) { throw flaw }
        try require(.domain, domain) { !MappedDots.holds($0) }
        let mapped: [Unicode.Scalar]
        switch IDNA.remap(domain) {
        case .success(let name): mapped = name
        case .failure(let flaw): throw .mapping(flaw)
        }
        try require(.mappedDomain, mapped, EmailCharacters.isHostname)
        if let flaw = EmailCharacters.misplaced(in: mapped, .domain) { throw flaw }
        // RFC 5890 section 2.3.1: labels with hyphens in the third and fourth place are kept for encodings.
        for label in mapped.labels where label.count >= 4 && label[2] == "-" && label[3] == "-" {
            guard label.starts(with: "xn".unicodeScalars) else { throw .reservedHyphens }
        }
        return mapped
    }

    private static func require(
        _ place: EmailFlaw.Place, _ text: [Unicode.Scalar], _ isRight: (Unicode.Scalar) -> Bool
    ) throws(EmailFlaw) {
        let bad = text.filter { !isRight($0) }
        guard bad.isEmpty else { throw .invalidCharacters(place, bad) }
    }

    private static func encoded(_ name: [Unicode.Scalar]) throws(EmailFlaw) -> [Unicode.Scalar] {
        if EmailCharacters.isHostnameText(name) { return name }
        var labels: [[Unicode.Scalar]] = []
        for label in name.labels {
            switch IDNA.asciiLabel(label) {
            case .success(let label): labels.append(label)
            case .failure(let flaw): throw .encoding(flaw)
            }
        }
        return Array(labels.joined(separator: ["."]))
    }

    private func judgeLength(of typed: [Unicode.Scalar]) throws(EmailFlaw) {
        let excess = ascii.count - IDNA.longestName
        if excess > 0 { throw ascii == typed ? .domainTooLong(excess) : .encodedDomainTooLong(excess) }
        for label in ascii.labels where label.count > IDNA.longestLabel {
            throw .labelTooLong(label.count - IDNA.longestLabel)
        }
    }

    private func judgePlace(_ policy: EmailPolicy) throws(EmailFlaw) {
        let labels = ascii.labels.map { ByteText($0.text) }
        let isTest = policy.isTestEnvironment
        if policy.isGloballyDeliverable {
            if labels.count == 1, !(isTest && labels == ["test"]) { throw .dotless }
            guard let last = ascii.last, EmailCharacters.isAlphanumeric(last), last.value > 0x39 else {
                throw .topLevelDomain
            }
        }
        guard let top = labels.last, EmailDomain.special.contains(top) else { return }
        if top == "test", isTest { return }
        throw .specialUse
    }

    /// To Unicode, and whether that is a name again.
    private mutating func decode() throws(EmailFlaw) {
        var labels: [[Unicode.Scalar]] = []
        for label in ascii.labels {
            switch IDNA.unicodeLabel(label) {
            case .success(let label): labels.append(label)
            case .failure(let flaw): throw .notIDNA(flaw)
            }
        }
        text = Array(labels.joined(separator: ["."]))
        try EmailDomain.require(.domain, text, EmailCharacters.isHostname)
        if let flaw = EmailCharacters.flaw(in: text, allowsSpace: false) { throw flaw }
        guard BidiRule.isRightToLeft(text) else { return }
        // RFC 5893 section 1.4: beside a label from right to left, each label keeps the rule.
        for label in labels {
            if let flaw = BidiRule.flaw(of: label, appliesToAll: true) { throw .notIDNA(flaw) }
        }
    }
}

/// Characters that UTS 46 takes and email_validator does not: they become a text with a dot in it.
private enum MappedDots {
    static func holds(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2024...0x2026, 0x2488...0x249B, 0x33C2, 0x33C7, 0x33D8, 0xFE52, 0x1F100: true
        default: false
        }
    }
}
