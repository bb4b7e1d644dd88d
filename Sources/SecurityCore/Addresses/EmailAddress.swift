/// A mail address by the rules of Python's email_validator 2.4, in the form that Flask-Security stores.
///
/// email_validator 1.3, which came with Flask-Security 5.0, differs in three points: it always refuses more than 64
/// characters before the `@`; it knows no quoted local parts, literals or names; and it keeps the case of `Postmaster` and
/// the like, which here become lower case.
public struct EmailAddress: Equatable {
    /// Before the `@`: form C, its case kept.
    public let local: String
    /// After it: lower case, form C, labels in Unicode.
    public let domain: String
    /// The domain as transmitted (RFC 5891), or the literal.
    public let asciiDomain: String
    /// Whether the domain is an address in brackets, of which no DNS knows.
    public let isLiteral: Bool

    /// The longest text that is looked at, in bytes.
    private static let longestText = 4096
    /// The longest address, in bytes of UTF-8 (RFC 5321 section 4.5.3.1.3).
    private static let longest = 254

    /// What is stored and looked up.
    public var normalized: String { local + "@" + domain }

    /// Judges a text; does not ask the DNS.
    public init(_ text: String, _ policy: EmailPolicy = EmailPolicy()) throws(EmailFlaw) {
        guard text.utf8.count <= EmailAddress.longestText else {
            throw .tooLong(EmailFlaw.excess(text.unicodeScalars.count - EmailAddress.longest))
        }
        let parts = try EmailParts(Array(text.unicodeScalars))
        let local = try EmailLocalPart(parts, policy)
        let domain = try EmailDomain(parts.domain, policy)
        self.local = local.text.text
        self.domain = domain.text.text
        asciiDomain = domain.ascii.text
        isLiteral = domain.isLiteral
        try judgeLength(typed: parts.original.text + "@" + parts.domain.text)
        if parts.hasDisplayName, !policy.allowsDisplayName { throw .displayName }
    }

    /// The normalised address, or nil when the text is none.
    public static func normalized(_ text: String, _ policy: EmailPolicy = EmailPolicy()) -> String? {
        do throws(EmailFlaw) { return try EmailAddress(text, policy).normalized } catch { return nil }
    }

    /// In all three forms: as typed, as stored, as transmitted.
    private func judgeLength(typed: String) throws(EmailFlaw) {
        if typed.utf8.count > EmailAddress.longest { throw .tooLong(EmailAddress.excess(of: typed)) }
        for (form, phrase) in [
            (normalized, "after normalization"),
            (local + "@" + asciiDomain, "when the part after the @-sign is converted to IDNA ASCII"),
        ] {
            let excess = form.utf8.count - EmailAddress.longest
            if excess > 0 { throw .tooLong("\(phrase) (\(excess) byte\(excess > 1 ? "s" : "") too many)") }
        }
    }

    /// Characters too many: exactly, or from and to, where they are bytes of several each.
    private static func excess(of typed: String) -> String {
        let excess = typed.utf8.count - longest
        let widest = typed.unicodeScalars.map { UTF8.width($0) }.max() ?? 1
        let least = max(1, excess / widest)
        guard least != excess else { return EmailFlaw.excess(excess) }
        return "(\(least)-\(excess) character\(excess > 1 ? "s" : "") too many)"
    }
}
