import CIDNA

/// Internationalised domain names as Python's package `idna` decides (IDNA 2008: RFC 5890 to 5893; UTS 46).
enum IDNA {
    /// The longest label, in bytes as transmitted (RFC 1035 section 2.3.4).
    static let longestLabel = 63
    /// The longest name likewise, without a final dot.
    static let longestName = 253

    /// UTS 46 section 4, without the rules of STD 3: cases folded, dots and widths unified, form C.
    static func remap(_ domain: [Unicode.Scalar]) -> Result<[Unicode.Scalar], IDNAFlaw> {
        var mapped: [Unicode.Scalar] = []
        for (position, scalar) in domain.enumerated() {
            switch cidna_status_of(scalar.value) {
            case UInt32(CIDNA_KEPT.rawValue): mapped.append(scalar)
            case UInt32(CIDNA_MAPPED.rawValue): append(mappingOf: scalar, to: &mapped)
            default: return .failure(.disallowed(scalar, position: position + 1))
            }
        }
        guard let form = NormalizationForm.nfc.normalize(mapped) else { return .failure(.tooLong) }
        return .success(form)
    }

    private static func append(mappingOf scalar: Unicode.Scalar, to mapped: inout [Unicode.Scalar]) {
        var index: UInt32 = 0
        while let next = Unicode.Scalar(cidna_mapped(scalar.value, index)), next.value != 0 {
            mapped.append(next)
            index += 1
        }
    }

    /// The form of a label that is transmitted (RFC 5891 section 4).
    static func asciiLabel(_ label: [Unicode.Scalar]) -> Result<[Unicode.Scalar], IDNAFlaw> {
        if label.allSatisfy({ $0.isASCII }) {
            if case .failure(let flaw) = unicodeLabel(label) { return .failure(flaw) }
            return label.count <= longestLabel ? .success(label) : .failure(.labelTooLong)
        }
        if let flaw = flaw(of: label) { return .failure(flaw) }
        guard let text = Punycode.encode(label), text.utf8.count + 4 <= longestLabel else {
            return .failure(.labelTooLong)
        }
        return .success(Array("xn--".unicodeScalars) + text.unicodeScalars)
    }

    /// The form of a label that people read (RFC 5891 section 5.3).
    static func unicodeLabel(_ label: [Unicode.Scalar]) -> Result<[Unicode.Scalar], IDNAFlaw> {
        let label = label.map { lower($0) }
        guard label.starts(with: "xn--".unicodeScalars) else {
            return flaw(of: label).map { .failure($0) } ?? .success(label)
        }
        let text = String(String.UnicodeScalarView(label.dropFirst(4)))
        guard !text.isEmpty, text.utf8.last != 0x2D, let decoded = Punycode.decode(text[...].unicodeScalars) else {
            return .failure(.malformedASCIIForm)
        }
        // One name has one spelling: a fake A-label (RFC 5890 section 2.3.2.1) would read like another.
        guard let again = Punycode.encode(decoded), again.utf8.elementsEqual(text.utf8) else {
            return .failure(.malformedASCIIForm)
        }
        return flaw(of: decoded).map { .failure($0) } ?? .success(decoded)
    }

    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar
    }

    /// What keeps a text from being a label (RFC 5891 section 4.2); nil for a label.
    static func flaw(of label: [Unicode.Scalar]) -> IDNAFlaw? {
        guard let first = label.first, let last = label.last else { return .emptyLabel }
        guard label.count <= longestName + 1 else { return .labelTooLong }
        guard let form = NormalizationForm.nfc.normalize(label), form == label else { return .notComposed }
        if label.count >= 4, label[2] == "-", label[3] == "-" { return .hyphensInThirdPlace }
        if first == "-" || last == "-" { return .outerHyphen }
        if first.isMark { return .leadingMark }
        for (position, scalar) in label.enumerated() where !isAllowed(scalar, in: label, at: position) {
            return .disallowed(scalar, position: position + 1)
        }
        return BidiRule.flaw(of: label, appliesToAll: false)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, in label: [Unicode.Scalar], at position: Int) -> Bool {
        switch cidna_class_of(scalar.value) {
        case UInt32(CIDNA_PVALID.rawValue): true
        case UInt32(CIDNA_CONTEXTJ.rawValue): LabelContext.allowsJoiner(scalar, in: label, at: position)
        case UInt32(CIDNA_CONTEXTO.rawValue): LabelContext.allows(scalar, in: label, at: position)
        default: false
        }
    }
}

/// Why a text is no internationalised domain name.
public enum IDNAFlaw: Error, Equatable, Sendable {
    /// A code point that no label may have, or not in this place; positions count from 1.
    case disallowed(Unicode.Scalar, position: Int)
    /// Nothing between two dots.
    case emptyLabel
    /// More than 63 bytes as transmitted.
    case labelTooLong
    /// More than a name can have.
    case tooLong
    /// Not in Unicode's form C.
    case notComposed
    /// `xn--` and no canonical Punycode behind it.
    case malformedASCIIForm
    /// RFC 5891 section 4.2.3.1.
    case hyphensInThirdPlace
    /// Likewise.
    case outerHyphen
    /// RFC 5891 section 4.2.3.2.
    case leadingMark
    /// RFC 5893 section 2.
    case direction
}

extension IDNAFlaw: CustomStringConvertible {
    /// A phrase for a message.
    public var description: String {
        switch self {
        case .disallowed(let scalar, let position): "Codepoint \(scalar.number()) not allowed at position \(position)"
        case .emptyLabel: "Empty Label"
        case .labelTooLong: "Label too long"
        case .tooLong: "Domain too long"
        case .notComposed: "Label must be in Normalization Form C"
        case .malformedASCIIForm: "Invalid A-label"
        case .hyphensInThirdPlace: "Label has disallowed hyphens in 3rd and 4th position"
        case .outerHyphen: "Label must not start or end with a hyphen"
        case .leadingMark: "Label begins with an illegal combining character"
        case .direction: "Label mixes directions of writing"
        }
    }
}
