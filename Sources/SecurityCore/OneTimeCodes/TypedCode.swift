/// What somebody typed at a code prompt.
public enum TypedCode: ~Copyable {
    /// 6 to 10 ASCII digits, blanks, `-` and `=` taken out.
    case totp(Secret)
    /// A recovery code in Flask-Security's form, blanks around it taken off.
    case recovery(Secret)
    /// Neither: not an attempt at a code.
    case neither

    /// Sorts what was typed. No text is both: a recovery code of digits alone has twelve.
    public init(_ typed: Span<UInt8>) {
        if let digits = TypedCode.digits(typed) {
            self = .totp(digits)
        } else if let code = TypedCode.recoveryCode(typed) {
            self = .recovery(code)
        } else {
            self = .neither
        }
    }

    /// passlib: TOTP.normalize_token, which also takes digits of other scripts and then fails.
    private static func digits(_ typed: Span<UInt8>) -> Secret? {
        var digits = SecretBuilder(capacity: TOTP.digitRange.upperBound)
        var index = 0
        while index < typed.count {
            switch typed[index] {
            case 0x30...0x39:
                guard digits.count < TOTP.digitRange.upperBound else { return nil }
                digits.append(typed[index])
                index += 1
            case UInt8(ascii: "-"), UInt8(ascii: "="):
                index += 1
            default:
                guard let blank = Blank.count(in: typed, at: index) else { return nil }
                index += blank
            }
        }
        return TOTP.digitRange.contains(digits.count) ? digits.finish() : nil
    }

    private static func recoveryCode(_ typed: Span<UInt8>) -> Secret? {
        let start = skipBlanks(typed, from: 0)
        let end = start + RecoveryCodes.codeCount
        guard end <= typed.count, skipBlanks(typed, from: end) == typed.count else { return nil }
        let code = typed.extracting(start..<end)
        return RecoveryCodes.isCode(code) ? Secret(copying: code) : nil
    }

    private static func skipBlanks(_ typed: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let blank = Blank.count(in: typed, at: index) { index += blank }
        return index
    }
}
