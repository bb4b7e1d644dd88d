/// Why a text is no mail address, each with email_validator 2.4's own sentence.
public enum EmailFlaw: Error, Equatable, Sendable {
    /// A part of an address.
    public enum Place: Equatable, Sendable {
        case local, quotedLocal, domain, mappedDomain, literal
    }

    case missingAt
    case fullWidthAt
    case smallAt
    case textBehindQuote([Unicode.Scalar])
    case displayNameCharacters([Unicode.Scalar])
    case unclosedBracket
    case textBehindBracket
    case emptyLocal
    case emptyDomain
    /// A part has so many characters too many.
    case localTooLong(Int)
    case domainTooLong(Int)
    /// Bytes too many in the form that is transmitted.
    case encodedDomainTooLong(Int)
    case labelTooLong(Int)
    /// The whole address; the phrase says in which form and by how much.
    case tooLong(String)
    case invalidCharacters(Place, [Unicode.Scalar])
    case unsafeCharacters([Unicode.Scalar])
    case internationalized([Unicode.Scalar])
    /// The same rules were broken only by the local part's form C.
    indirect case afterNormalization(EmailFlaw)
    /// A dot or a hyphen at the start of a part.
    case initial(Place, hyphen: Bool)
    /// Likewise at the end.
    case final(Place, hyphen: Bool)
    case twoPeriods
    case periodBesideHyphen
    case reservedHyphens
    case quotedLocal
    case displayName
    case domainLiteral
    case literalIPv4
    case literalIPv6
    case literalZone
    case literalWithoutTag
    case literalTag
    case mapping(IDNAFlaw)
    case encoding(IDNAFlaw)
    case notIDNA(IDNAFlaw)
    case dotless
    case topLevelDomain
    case specialUse
    /// What the DNS says of a domain; the domain in Unicode.
    case acceptsNoMail(String)
    case sendsNoMail(String)
    case unknownDomain(String)
}

extension EmailFlaw: CustomStringConvertible {
    /// The sentence for whoever typed the address.
    public var description: String {
        switch self {
        case .missingAt: "An email address must have an @-sign."
        case .fullWidthAt:
            "The email address has the \"full-width\" at-sign (@) character instead of a regular at-sign."
        case .smallAt:
            "The email address has the \"small commercial at\" character instead of a regular at-sign."
        case .textBehindQuote(let rest):
            "Extra character(s) found after close quote: " + rest.map { $0.display }.joined(separator: ", ")
        case .displayNameCharacters(let bad):
            "The display name contains invalid characters when not quoted: \(bad.displayList)."
        case .unclosedBracket:
            "An open angle bracket at the start of the email address has to be followed by a close angle bracket at the"
                + " end."
        case .textBehindBracket: "There can't be anything after the email address."
        case .emptyLocal: "There must be something before the @-sign."
        case .emptyDomain: "There must be something after the @-sign."
        case .localTooLong(let excess): "The email address is too long before the @-sign \(EmailFlaw.excess(excess))."
        case .domainTooLong(let excess): "The email address is too long after the @-sign \(EmailFlaw.excess(excess))."
        case .encodedDomainTooLong(let excess):
            "The email address is too long after the @-sign (\(excess) byte\(excess == 1 ? "" : "s") too many after IDNA"
                + " encoding)."
        case .labelTooLong(let excess):
            "After the @-sign, periods cannot be separated by so many characters \(EmailFlaw.excess(excess))."
        case .tooLong(let phrase): "The email address is too long \(phrase)."
        case .invalidCharacters(let place, let bad): place.invalidCharacters + ": \(bad.displayList)."
        case .unsafeCharacters(let bad):
            "The email address contains unsafe characters: "
                + EmailFlaw.ordered(bad).map { $0.display }.joined(separator: ", ") + "."
        case .internationalized(let bad):
            "Internationalized characters before the @-sign are not supported: \(bad.displayList)."
        case .afterNormalization(let flaw): "After Unicode normalization: \(flaw.description)"
        case .initial(.local, _): "An email address cannot start with a period."
        case .initial(_, let hyphen):
            "An email address cannot have a \(EmailFlaw.name(hyphen)) immediately after the @-sign."
        case .final(.local, _): "An email address cannot have a period immediately before the @-sign."
        case .final(_, let hyphen): "An email address cannot end with a \(EmailFlaw.name(hyphen))."
        case .twoPeriods: "An email address cannot have two periods in a row."
        case .periodBesideHyphen: "An email address cannot have a period and a hyphen next to each other."
        case .reservedHyphens:
            "An email address cannot have two letters followed by two dashes immediately after the @-sign or after a"
                + " period, except Punycode."
        case .quotedLocal: "Quoting the part before the @-sign is not allowed here."
        case .displayName:
            "A display name and angle brackets around the email address are not permitted here."
        case .domainLiteral: "A bracketed IP address after the @-sign is not allowed here."
        case .literalIPv4:
            "The address in brackets after the @-sign is not valid: It is not an IPv4 address or is missing an address"
                + " literal tag."
        case .literalIPv6: "The IPv6 address in brackets after the @-sign is not valid."
        case .literalZone: "The IPv6 address in brackets after the @-sign is not valid (It has a zone index)."
        case .literalWithoutTag:
            "The part after the @-sign in brackets is not an IPv4 address and has no address literal tag."
        case .literalTag: "The part after the @-sign contains an invalid address literal tag in brackets."
        case .mapping(let flaw): "The part after the @-sign contains invalid characters (\(flaw.description))."
        case .encoding(let flaw): "The part after the @-sign is invalid (\(flaw.description))."
        case .notIDNA(let flaw): "The part after the @-sign is not valid IDNA (\(flaw.description))."
        case .dotless: "The part after the @-sign is not valid. It should have a period."
        case .topLevelDomain:
            "The part after the @-sign is not valid. It is not within a valid top-level domain."
        case .specialUse:
            "The part after the @-sign is a special-use or reserved name that cannot be used with email."
        case .acceptsNoMail(let domain): "The domain name \(domain) does not accept email."
        case .sendsNoMail(let domain): "The domain name \(domain) does not send email."
        case .unknownDomain(let domain): "The domain name \(domain) does not exist."
        }
    }

    /// email_validator's `get_length_reason`.
    static func excess(_ count: Int) -> String { "(\(count) character\(count > 1 ? "s" : "") too many)" }

    private static func name(_ isHyphen: Bool) -> String { isHyphen ? "hyphen" : "period" }

    /// Each character once, by number.
    private static func ordered(_ characters: [Unicode.Scalar]) -> [Unicode.Scalar] {
        Array(Set(characters)).sorted { $0.value < $1.value }
    }
}

extension EmailFlaw.Place {
    fileprivate var invalidCharacters: String {
        switch self {
        case .local: "The email address contains invalid characters before the @-sign"
        case .quotedLocal: "The email address contains invalid characters in quotes before the @-sign"
        case .domain: "The part after the @-sign contains invalid characters"
        case .mappedDomain: "The part after the @-sign contains invalid characters after Unicode normalization"
        case .literal: "The part after the @-sign contains invalid characters in brackets"
        }
    }
}
