/// `otpauth://totp/<issuer>:<account>?secret=<base32>&issuer=<issuer>`, the key URI that authenticator apps read.
public enum OTPAuthURI {
    /// Why no URI can be made.
    public enum Failure: Error, Equatable {
        /// The issuer or the account name contains a colon, which separates them.
        case colon
        /// The account has no name.
        case noAccount
    }

    /// The URI of a TOTP as passlib makes it: RFC 3986 percent-encoding, in the label with `@` kept. `algorithm`, `digits`
    /// and `period` stand before the issuer when they are not SHA1, 6 and 30; an empty issuer is left out.
    public static func make(_ totp: TOTP, issuer: String, account: String) throws(Failure) -> Secret {
        guard !issuer.utf8.contains(0x3A), !account.utf8.contains(0x3A) else { throw .colon }
        guard !account.isEmpty else { throw .noAccount }
        var uri = SecretBuilder(capacity: 256)
        uri.append("otpauth://totp/")
        if !issuer.isEmpty { uri.append(encoded(issuer, keepsAt: true) + ":") }
        uri.append(encoded(account, keepsAt: true) + "?secret=")
        uri.append(totp.key.withBytes { Base32.encode($0) })
        switch totp.algorithm {
        case .sha1: break
        case .sha256: uri.append("&algorithm=SHA256")
        case .sha512: uri.append("&algorithm=SHA512")
        }
        if totp.digits != 6 { uri.append("&digits=\(totp.digits)") }
        if totp.period != 30 { uri.append("&period=\(totp.period)") }
        if !issuer.isEmpty { uri.append("&issuer=" + encoded(issuer, keepsAt: false)) }
        return uri.finish()
    }

    /// The key for people who type it: base32 in groups of four, joined by `-`.
    public static func keyForPeople(_ totp: TOTP) -> Secret {
        let digits = totp.key.withBytes { Base32.encode($0) }
        return digits.withBytes { digits in
            var text = SecretBuilder(capacity: digits.count * 5 / 4)
            for index in digits.indices {
                if index > 0, index % 4 == 0 { text.append(UInt8(ascii: "-")) }
                text.append(digits[index])
            }
            return text.finish()
        }
    }

    /// The unreserved characters of RFC 3986 section 2.3, and `@` where it is kept; everything else as %XX.
    private static func encoded(_ text: String, keepsAt: Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x40 where keepsAt:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
