/// An address taken apart at its `@`, before anything is judged.
struct EmailParts {
    /// Whether there were angle brackets, with or without a name before them.
    private(set) var hasDisplayName = false
    /// The part before the `@` as typed.
    private(set) var original: [Unicode.Scalar]
    /// The same without quotes and escapes.
    private(set) var local: [Unicode.Scalar]
    /// Whether it was quoted.
    private(set) var isQuoted: Bool
    /// The part after the `@`.
    private(set) var domain: [Unicode.Scalar]

    /// Splits at the first `@` outside quotes; `name <address>` first at its brackets.
    init(_ text: [Unicode.Scalar]) throws(EmailFlaw) {
        let (left, right) = try EmailParts.split(text, at: ["@", "<"])
        (original, domain) = (Array(left), Array(right))
        if right.first == "<" {
            hasDisplayName = true
            try EmailParts.judgeName(Array(left))
            let address = try EmailParts.inBrackets(Array(right))
            let (inner, rest) = try EmailParts.split(address, at: ["@"])
            (original, domain) = (Array(inner), Array(rest))
        }
        if domain.first == "@" { domain.removeFirst() }
        (local, isQuoted) = try EmailParts.unquoted(original)
    }

    private static func inBrackets(_ text: [Unicode.Scalar]) throws(EmailFlaw) -> [Unicode.Scalar] {
        guard text.contains(">") else { throw .unclosedBracket }
        var text = text[...]
        while text.last == " " { text.removeLast() }
        guard text.last == ">" else { throw .textBehindBracket }
        return Array(text.dropFirst().dropLast())
    }

    private static func judgeName(_ text: [Unicode.Scalar]) throws(EmailFlaw) {
        var text = text
        while let last = text.last, last.properties.isWhitespace || (0x1C...0x1F).contains(last.value) {
            text.removeLast()
        }
        let (name, isQuoted) = try unquoted(text)
        if !isQuoted {
            let bad = name.filter { !EmailCharacters.isAtom($0) && $0 != " " }
            guard bad.isEmpty else { throw .displayNameCharacters(bad) }
        }
        if let flaw = EmailCharacters.flaw(in: name, allowsSpace: true) { throw flaw }
    }

    /// What stands before and from the first of `specials` on that is outside quotes and combines with nothing.
    private static func split(
        _ text: [Unicode.Scalar], at specials: [Unicode.Scalar]
    ) throws(EmailFlaw) -> (ArraySlice<Unicode.Scalar>, ArraySlice<Unicode.Scalar>) {
        var (isInQuotes, isEscaped) = (false, false)
        for (index, scalar) in text.enumerated() where isAlone(index, in: text) {
            if isInQuotes {
                let isQuote = scalar == "\"" && !isEscaped
                isEscaped = scalar == "\\" && !isEscaped
                if isQuote { isInQuotes = false }
            } else if scalar == "\"" {
                isInQuotes = true
            } else if specials.contains(scalar) {
                return (text[..<index], text[index...])
            }
        }
        if text.contains("\u{FF20}") { throw .fullWidthAt }
        throw text.contains("\u{FE6B}") ? .smallAt : .missingAt
    }

    /// Whether form C leaves a character as it is: `<` and U+0338 would become another sign. No more than the 30 marks
    /// of Unicode Standard Annex 15's stream-safe text are looked at.
    private static func isAlone(_ index: Int, in text: [Unicode.Scalar]) -> Bool {
        let window = text[index..<min(index + 32, text.count)]
        if window.prefix(2).allSatisfy({ $0.isASCII }) { return true }
        return NormalizationForm.nfc.normalize(Array(window))?.first == text[index]
    }

    private static func unquoted(_ text: [Unicode.Scalar]) throws(EmailFlaw) -> ([Unicode.Scalar], Bool) {
        guard text.first == "\"" else { return (text, false) }
        var (value, isEscaped) = ([Unicode.Scalar](), false)
        for (index, scalar) in text.enumerated().dropFirst() {
            if isEscaped {
                value.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                guard index == text.count - 1 else { throw .textBehindQuote(Array(text[(index + 1)...])) }
                break
            } else {
                value.append(scalar)
            }
        }
        return (value, true)
    }
}
