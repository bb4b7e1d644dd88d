/// Mail addresses as identities.
///
/// A syntax check on the safe side: what it takes is normalised as Flask-Security stores it (RFC 6531: local part in form
/// C with its case; domain in form KC and lower case). Flask-Security writes domains in Unicode; one in its ASCII form
/// (`xn--`, RFC 5891 section 4.2.3.1) is no address here, so that no account gets one that it would never find.
public enum EmailAddress {
    /// The normalised address, or nil when the text is none: one `@`, a dot-atom local part of at most 64 bytes, a
    /// domain of at least two labels, 254 bytes in all (RFC 5321 section 4.5.3.1).
    public static func normalized(_ text: String) -> String? {
        let parts = text.split(separator: "@", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254 else { return nil }
        guard let local = NormalizationForm.nfc.normalize(String(parts[0])),
            let domain = NormalizationForm.nfkc.normalize(String(parts[1]))?.lowercased()
        else { return nil }
        guard (1...64).contains(local.utf8.count), isDotAtom(local), isDomain(domain) else { return nil }
        return local + "@" + domain
    }

    /// RFC 5322 section 3.2.3 dot-atom, with the letters beyond ASCII that RFC 6531 adds.
    private static func isDotAtom(_ text: String) -> Bool {
        labels(of: text).allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { isAtomByte($0) }
        }
    }

    private static func isDomain(_ text: String) -> Bool {
        let labels = labels(of: text)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.first != 0x2d && label.utf8.last != 0x2d
                    && label.utf8.allSatisfy { $0 >= 0x80 || $0 == 0x2d || isAlphanumeric($0) }
                    && !hasReservedHyphens(label)
            }
    }

    /// Hyphens in the third and fourth place are kept for encodings.
    private static func hasReservedHyphens(_ label: Substring) -> Bool {
        label.utf8.dropFirst(2).starts(with: [0x2d, 0x2d])
    }

    private static func labels(of text: String) -> [Substring] {
        text.split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isAtomByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2f, 0x3d, 0x3f, 0x5e...0x60, 0x7b...0x7e: true
        default: byte >= 0x80 || isAlphanumeric(byte)
        }
    }
}

/// Phone numbers as identities.
public enum PhoneNumber {
    /// A number in E.164 form (`+` and 7 to 15 digits) without the blanks, dots, dashes and brackets people write.
    /// Numbers without a country code are not resolved here.
    public static func normalized(_ text: String) -> String? {
        var digits = ""
        for byte in text.utf8 {
            switch byte {
            case 0x2b where digits.isEmpty: digits = "+"
            case 0x30...0x39 where !digits.isEmpty: digits.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20, 0x28, 0x29, 0x2d, 0x2e: continue
            default: return nil
            }
        }
        return (8...16).contains(digits.utf8.count) ? digits : nil
    }
}
