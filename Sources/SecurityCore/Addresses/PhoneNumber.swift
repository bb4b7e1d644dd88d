/// Reads phone numbers as people write them, with all countries' rules.
///
/// Implemented over libphonenumber, which is too large for a login process: there ``PhoneNumber/normalized(_:)`` takes
/// its place.
public protocol PhoneNumbers: AnyObject {
    /// A valid number in E.164 form; nil for another text. A number without a country code is one of `region`.
    func canonical(_ text: String, region: String) -> String?
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
