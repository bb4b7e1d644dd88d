import CIDNA

/// Code points that a label may have beside certain others only (RFC 5892 appendix A).
enum LabelContext {
    /// A.1 and A.2: the joiners, behind a virama; the non-joiner also between letters that would join.
    static func allowsJoiner(_ scalar: Unicode.Scalar, in label: [Unicode.Scalar], at position: Int) -> Bool {
        guard position > 0 else { return false }
        if label[position - 1].properties.canonicalCombiningClass == .virama { return true }
        guard scalar.value == 0x200C else { return false }
        return joins(label[..<position].reversed(), "L") && joins(label[(position + 1)...], "R")
    }

    /// Whether the first letter that is not transparent joins in both directions or in the given one.
    private static func joins(_ neighbours: some Sequence<Unicode.Scalar>, _ direction: Unicode.Scalar) -> Bool {
        for neighbour in neighbours {
            let type = cidna_joining_of(neighbour.value)
            if type == 0x54 { continue }
            return type == 0x44 || type == direction.value
        }
        return false
    }

    /// A.3 to A.9.
    static func allows(_ scalar: Unicode.Scalar, in label: [Unicode.Scalar], at position: Int) -> Bool {
        let before = position > 0 ? label[position - 1] : nil
        let after = position + 1 < label.count ? label[position + 1] : nil
        switch scalar.value {
        case 0xB7: return before == "l" && after == "l"
        case 0x375: return after.map { script(of: $0) == CIDNA_GREEK } ?? false
        case 0x5F3, 0x5F4: return before.map { script(of: $0) == CIDNA_HEBREW } ?? false
        case 0x30FB: return label.contains { $0.value != 0x30FB && script(of: $0) == CIDNA_JAPANESE }
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
        default: return false
        }
    }

    private static func script(of scalar: Unicode.Scalar) -> cidna_script {
        cidna_script(rawValue: numericCast(cidna_script_of(scalar.value)))
    }
}
