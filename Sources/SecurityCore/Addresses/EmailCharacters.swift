/// The sets of characters that addresses are made of.
enum EmailCharacters {
    /// RFC 5322 section 3.2.3 atext.
    static func isAtom(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: isAlphanumeric(scalar)
        }
    }

    /// The same with the characters that RFC 6531 section 3.3 adds.
    static func isInternationalAtom(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x80 || isAtom(scalar) }

    /// RFC 952 letters, digits, hyphens and dots, and everything beyond ASCII.
    static func isHostname(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x80 || scalar == "-" || scalar == "." || isAlphanumeric(scalar)
    }

    /// RFC 5321 section 4.1.2 qtext and quoted pairs, without their backslashes.
    static func isQuotable(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x20 && scalar.value != 0x7F }

    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Whether a text is made of runs of such characters with single dots between.
    static func isDotAtom(_ text: [Unicode.Scalar], of isAtom: (Unicode.Scalar) -> Bool) -> Bool {
        text.labels.allSatisfy { label in !label.isEmpty && label.allSatisfy(isAtom) }
    }

    /// A name of a host in ASCII (RFC 1123 section 2.1).
    static func isHostnameText(_ text: [Unicode.Scalar]) -> Bool {
        isDotAtom(text) { isAlphanumeric($0) || $0 == "-" }
            && text.labels.allSatisfy { $0.first != "-" && $0.last != "-" }
    }

    /// Characters that make a text unsafe or senseless: marks at its start, blanks, controls, unassigned ones.
    static func flaw(in text: [Unicode.Scalar], allowsSpace: Bool) -> EmailFlaw? {
        let bad = text.enumerated().filter { position, scalar in
            if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F || (scalar == " " && !allowsSpace) }
            return switch scalar.properties.generalCategory {
            case .spaceSeparator: !allowsSpace
            case .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned: true
            case .nonspacingMark, .spacingMark, .enclosingMark: position == 0
            default: false
            }
        }
        return bad.isEmpty ? nil : .unsafeCharacters(bad.map { $0.element })
    }

    /// Rules of dots, and in domains of hyphens.
    static func misplaced(in text: [Unicode.Scalar], _ place: EmailFlaw.Place) -> EmailFlaw? {
        let isHostname = place == .domain
        if text.last == "." { return .final(place, hyphen: false) }
        if text.first == "." { return .initial(place, hyphen: false) }
        let pairs = zip(text, text.dropFirst())
        if pairs.contains(where: { $0 == "." && $1 == "." }) { return .twoPeriods }
        guard isHostname else { return nil }
        if text.last == "-" { return .final(place, hyphen: true) }
        if text.first == "-" { return .initial(place, hyphen: true) }
        let isBeside = pairs.contains { ($0 == "." && $1 == "-") || ($0 == "-" && $1 == ".") }
        return isBeside ? .periodBesideHyphen : nil
    }
}
