/// What somebody typed at a code prompt.
public enum TypedCode: ~Copyable {
    /// 6 to 10 ASCII digits, blanks, `-` and `=` taken out.
    case totp(Secret)
    /// A recovery code in Flask-Security's form, blanks around it taken off.
    case recovery(Secret)
    /// Neither: not an attempt at a code.
    case neither

    /// Sorts what was typed.
    public init(_ typed: Span<UInt8>) { self = .neither }
}
