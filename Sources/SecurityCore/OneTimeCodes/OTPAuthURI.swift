/// `otpauth://totp/<issuer>:<account>?secret=<base32>&issuer=<issuer>`, the key URI that authenticator apps read.
public enum OTPAuthURI {
    /// Why no URI can be made.
    public enum Failure: Error, Equatable {
        /// The issuer or the account name contains a colon, which separates them.
        case colon
    }

    private static let prefix = "otpauth://"

    /// The URI of a TOTP as passlib makes it: RFC 3986 percent-encoding with `@` kept. `algorithm`, `digits` and `period`
    /// stand there only when they are not SHA1, 6 and 30.
    public static func make(_ totp: TOTP, issuer: String, account: String) throws(Failure) -> Secret {
        guard !issuer.utf8.contains(0x3A), !account.utf8.contains(0x3A) else { throw .colon }
        var uri = SecretBuilder(capacity: 256)
        uri.append(prefix + "totp/" + encoded(issuer) + ":" + encoded(account) + "?secret=")
        uri.append(totp.key.withBytes { Base32.encode($0) })
        uri.append("&issuer=" + encoded(issuer))
        switch totp.algorithm {
        case .sha1: break
        case .sha256: uri.append("&algorithm=SHA256")
        case .sha512: uri.append("&algorithm=SHA512")
        }
        if totp.digits != 6 { uri.append("&digits=\(totp.digits)") }
        if totp.period != 30 { uri.append("&period=\(totp.period)") }
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

    /// Whether a stored text is such a URI.
    static func isURI(_ text: Span<UInt8>) -> Bool {
        let prefix = Array(prefix.utf8)
        return text.count >= prefix.count && prefix.indices.allSatisfy { text[$0] == prefix[$0] }
    }

    /// The TOTP of a stored URI. Label and issuer are not looked at; `hotp` and unknown algorithms are refused.
    static func totp(of uri: Span<UInt8>) throws(WalletError) -> TOTP {
        let type = Array("otpauth://totp/".utf8)
        guard uri.count > type.count, type.indices.allSatisfy({ uri[$0] == type[$0] }) else { throw .unsupported }
        guard let query = (0..<uri.count).first(where: { uri[$0] == UInt8(ascii: "?") }) else { throw .malformed }
        var fields = Fields()
        for range in parameters(uri, from: query + 1) { try fields.read(uri.extracting(range)) }
        guard let key = fields.key, !key.isEmpty, key.count <= TOTPWallet.longestKey else { throw .malformed }
        guard TOTP.digitRange.contains(fields.digits), fields.period > 0 else { throw .unsupported }
        return TOTP(key: key, algorithm: fields.algorithm, digits: fields.digits, period: Int64(fields.period))
    }

    private static func parameters(_ uri: Span<UInt8>, from first: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = first
        for index in first...uri.count where index == uri.count || uri[index] == UInt8(ascii: "&") {
            if index > start { ranges.append(start..<index) }
            start = index + 1
        }
        return ranges
    }

    /// Letters, digits, `_.-~/`... of RFC 3986 that Python's `quote(text, "@")` leaves alone, everything else as %XX.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x40:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// What the parameters of a URI say; each at most once.
    private struct Fields {
        var key: SharedSecret?
        var algorithm = LibCrypto.Digest.sha1
        var digits = 6
        var period = 30

        mutating func read(_ parameter: Span<UInt8>) throws(WalletError) {
            guard let equals = parameter.indices.first(where: { parameter[$0] == UInt8(ascii: "=") }) else {
                throw .malformed
            }
            let value = parameter.extracting((equals + 1)..<parameter.count)
            if name(parameter, equals, "secret") {
                guard key == nil, let bytes = Base32.decode(value, .typed) else { throw .malformed }
                key = SharedSecret(bytes)
            } else if name(parameter, equals, "digits") {
                digits = try number(value)
            } else if name(parameter, equals, "period") {
                period = try number(value)
            } else if name(parameter, equals, "algorithm") {
                algorithm = try digest(value)
            }
        }

        private func name(_ parameter: Span<UInt8>, _ end: Int, _ name: String) -> Bool {
            let name = Array(name.utf8)
            return name.count == end && name.indices.allSatisfy { parameter[$0] == name[$0] }
        }

        private func number(_ text: Span<UInt8>) throws(WalletError) -> Int {
            guard (1...9).contains(text.count) else { throw .malformed }
            var number = 0
            for index in text.indices {
                guard (0x30...0x39).contains(text[index]) else { throw .malformed }
                number = number * 10 + Int(text[index] - 0x30)
            }
            return number
        }

        private func digest(_ text: Span<UInt8>) throws(WalletError) -> LibCrypto.Digest {
            let rows: [(String, LibCrypto.Digest)] = [("SHA1", .sha1), ("SHA256", .sha256), ("SHA512", .sha512)]
            for (name, digest) in rows {
                let name = Array(name.utf8)
                if name.count == text.count, name.indices.allSatisfy({ text[$0] & 0xDF == name[$0] & 0xDF }) {
                    return digest
                }
            }
            throw .unsupported
        }
    }
}
