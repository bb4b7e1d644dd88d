extension Unicode.Scalar {
    /// `U+` and at least so many hexadecimal digits.
    func number(digits: Int = 4) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Whether it is of one of Unicode's categories M.
    var isMark: Bool { properties.generalCategory.letters.utf8.first == 0x4D }

    /// The character for a message as Python's email_validator shows it: in quotes, or by its name or number.
    var display: String {
        if self == "\\" { return "\"\\\"" }
        if [0x4C, 0x4E, 0x50, 0x53].contains(properties.generalCategory.letters.utf8.first ?? 0) {
            return self == "'" ? "\"'\"" : "'\(String(Character(self)))'"
        }
        let number = number(digits: value < 0xFFFF ? 4 : 8)
        #if hasFeature(Embedded)
        return number
        #else
        return properties.name ?? number
        #endif
    }
}

extension [Unicode.Scalar] {
    /// The characters of a message, each once, in order.
    var displayList: String {
        var texts: [String] = []
        for scalar in self {
            let text = scalar.display
            if !texts.contains(text) { texts.append(text) }
        }
        return texts.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }.joined(separator: ", ")
    }

    /// The text.
    var text: String { String(String.UnicodeScalarView(self)) }

    /// The texts between dots, empty ones included.
    var labels: [[Unicode.Scalar]] { split(separator: ".", omittingEmptySubsequences: false).map { Array($0) } }
}

extension NormalizationForm {
    /// A text that is no secret, in this form; nil when it grows beyond reason.
    func normalize(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let result = normalize(bytes.span) else { return nil }
        return result.withBytes { result in
            String(validating: result.indices.map { result[$0] }, as: UTF8.self)
        }
    }

    /// The same of scalars.
    func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        if text.allSatisfy({ $0.isASCII }) { return text }
        return normalize(text.text).map { Array($0.unicodeScalars) }
    }
}

extension Unicode.GeneralCategory {
    /// All of them.
    static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm",
        "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The two letters by which the Unicode standard names the category.
    var letters: String {
        switch self {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
