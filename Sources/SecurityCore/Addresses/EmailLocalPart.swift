/// The part of an address before the `@`.
struct EmailLocalPart: Equatable {
    /// Its normalised form; quoted only where it must be.
    private(set) var text: [Unicode.Scalar]
    /// Whether it has characters beyond ASCII.
    private(set) var isInternational = false

    /// RFC 5321 section 4.5.3.1.1.
    private static let longest = 64

    /// Names of mailboxes that are the same in every spelling (RFC 2142).
    private static let roles: Set<ByteText> = [
        "info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster", "hostmaster", "usenet",
        "news", "webmaster", "www", "uucp", "ftp",
    ]

    /// Judges what was typed, then its form C (RFC 6532 section 3.1), which is kept.
    init(_ parts: EmailParts, _ policy: EmailPolicy) throws(EmailFlaw) {
        try self.init(parts.local, isQuoted: parts.isQuoted, policy)
        guard let form = NormalizationForm.nfc.normalize(parts.local) else { throw .tooLong("after normalization") }
        if form != parts.local {
            do throws(EmailFlaw) {
                try self.init(form, isQuoted: parts.isQuoted, policy)
            } catch { throw .afterNormalization(error) }
        }
        if parts.isQuoted, !policy.allowsQuotedLocal { throw .quotedLocal }
        let folded = ByteText(text.text).lowered
        if !isInternational, EmailLocalPart.roles.contains(folded) { text = Array(folded.string.unicodeScalars) }
    }

    private init(_ local: [Unicode.Scalar], isQuoted: Bool, _ policy: EmailPolicy) throws(EmailFlaw) {
        text = local
        if local.isEmpty {
            guard policy.allowsEmptyLocal else { throw .emptyLocal }
            return
        }
        if policy.isStrict, local.count > EmailLocalPart.longest {
            throw .localTooLong(local.count - EmailLocalPart.longest)
        }
        if EmailCharacters.isDotAtom(local, of: EmailCharacters.isAtom) { return }
        if EmailCharacters.isDotAtom(local, of: EmailCharacters.isInternationalAtom) {
            isInternational = true
            let bad = local.filter { !EmailCharacters.isAtom($0) && $0 != "." }
            guard policy.allowsSMTPUTF8 else { throw .internationalized(bad) }
        } else if isQuoted {
            isInternational = try EmailLocalPart.isInternationalQuoted(local, policy)
        } else {
            throw EmailLocalPart.flaw(of: local)
        }
        let mustBeQuoted = !EmailCharacters.isDotAtom(local, of: EmailCharacters.isInternationalAtom)
        if let flaw = EmailCharacters.flaw(in: local, allowsSpace: mustBeQuoted) { throw flaw }
        if mustBeQuoted { text = EmailLocalPart.quoted(local) }
    }

    private static func isInternationalQuoted(
        _ local: [Unicode.Scalar], _ policy: EmailPolicy
    ) throws(EmailFlaw) -> Bool {
        let bad = local.filter { !EmailCharacters.isQuotable($0) }
        guard bad.isEmpty else { throw .invalidCharacters(.quotedLocal, bad) }
        let further = local.filter { !$0.isASCII }
        guard further.isEmpty || policy.allowsSMTPUTF8 else { throw .internationalized(further) }
        return !further.isEmpty
    }

    private static func flaw(of local: [Unicode.Scalar]) -> EmailFlaw {
        let bad = local.filter { !EmailCharacters.isInternationalAtom($0) && $0 != "." }
        guard bad.isEmpty else { return .invalidCharacters(.local, bad) }
        return EmailCharacters.misplaced(in: local, .local) ?? .invalidCharacters(.local, [])
    }

    /// With the fewest escapes (RFC 5321 section 4.1.2).
    private static func quoted(_ local: [Unicode.Scalar]) -> [Unicode.Scalar] {
        ["\""] + local.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + ["\""]
    }
}
