extension OTPAuthURI {
    /// Whether a stored text is such a URI.
    static func isURI(_ text: Span<UInt8>) -> Bool { text.begins(with: "otpauth://") }

    /// The TOTP of a stored URI, by the rules of passlib's from_uri: `hotp` and unknown algorithms are unsupported; a
    /// label without a name or with two colons, two issuers, and a parameter that comes twice are malformed; parameters
    /// that are not known are ignored.
    static func totp(of uri: Span<UInt8>) throws(WalletError) -> TOTP {
        let end = try end(of: uri)
        let type = "otpauth://".utf8.count
        let query = first(UInt8(ascii: "?"), in: uri, type..<end) ?? end
        let path = first(UInt8(ascii: "/"), in: uri, type..<query) ?? query
        let isTOTP = path - type == 4 && uri.extracting(type..<path).begins(with: "totp")
        guard isTOTP else { throw .unsupported }
        guard path < query, query < end else { throw .malformed }
        var fields = URIFields()
        try fields.readLabel(uri.extracting((path + 1)..<query))
        let parameters = uri.extracting((query + 1)..<end)
        for range in parameters.fields(from: 0, separator: UInt8(ascii: "&")) {
            try fields.read(parameters.extracting(range))
        }
        return try fields.totp()
    }

    /// Where the part ends that counts: before blanks at the end, and before a fragment. A control character inside is
    /// malformed: readers do not agree on what it means.
    private static func end(of uri: Span<UInt8>) throws(WalletError) -> Int {
        var end = uri.count
        while end > 0, uri[end - 1] <= 0x20 { end -= 1 }
        guard !(0..<end).contains(where: { uri[$0] < 0x20 }) else { throw .malformed }
        return first(UInt8(ascii: "#"), in: uri, 0..<end) ?? end
    }

    private static func first(_ byte: UInt8, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        range.first { text[$0] == byte }
    }
}

/// What the label and the parameters of a URI say.
private struct URIFields {
    private var labelIssuer = ""
    private var issuer: String?
    private var secret: SharedSecret?
    private var algorithm: LibCrypto.Digest?
    private var digits: Int?
    private var period: Int?

    /// Reads `issuer:name` or `name`.
    mutating func readLabel(_ label: Span<UInt8>) throws(WalletError) {
        let label = URIFields.decoded(label, plusIsBlank: false)
        let issuer = try label.withBytes { (label) throws(WalletError) in
            let parts = label.fields(from: 0, separator: UInt8(ascii: ":"))
            guard parts.count <= 2, let name = parts.last, name.contains(where: { label[$0] != 0x20 }) else {
                throw .malformed
            }
            return parts.count == 2 ? label.extracting(parts[0]).asciiText : ""
        }
        labelIssuer = issuer
    }

    /// Reads `name=value`. One without a value does not count, as in Python's parse_qsl.
    mutating func read(_ parameter: Span<UInt8>) throws(WalletError) {
        guard let equals = parameter.indices.first(where: { parameter[$0] == UInt8(ascii: "=") }),
            equals + 1 < parameter.count
        else { return }
        let name = URIFields.decoded(parameter.extracting(..<equals), plusIsBlank: true).withBytes { $0.asciiText }
        let value = URIFields.decoded(parameter.extracting((equals + 1)...), plusIsBlank: true)
        switch ByteText(name) {
        case "secret": try URIFields.set(&secret, SharedSecret(value))
        case "issuer": try URIFields.set(&issuer, value.withBytes { $0.asciiText })
        case "digits": try URIFields.set(&digits, try URIFields.number(value))
        case "period": try URIFields.set(&period, try URIFields.number(value))
        case "algorithm": try URIFields.set(&algorithm, try URIFields.digest(value))
        default: return
        }
    }

    func totp() throws(WalletError) -> TOTP {
        guard labelIssuer.isEmpty || labelIssuer.equals(issuer ?? labelIssuer) else { throw .malformed }
        guard let key = secret?.withBytes({ Base32.decode($0, .typed) }), !key.isEmpty,
            key.count <= TOTPWallet.longestKey
        else { throw .malformed }
        let digits = digits ?? 6
        let period = period ?? 30
        guard TOTP.digitRange.contains(digits), period > 0 else { throw .unsupported }
        return TOTP(key: SharedSecret(key), algorithm: algorithm ?? .sha1, digits: digits, period: Int64(period))
    }

    private static func set<T>(_ field: inout T?, _ value: T) throws(WalletError) {
        guard field == nil else { throw .malformed }
        field = value
    }

    private static func number(_ text: borrowing Secret) throws(WalletError) -> Int {
        guard let number = text.withBytes({ $0.decimal }) else { throw .malformed }
        return number
    }

    private static func digest(_ text: borrowing Secret) throws(WalletError) -> LibCrypto.Digest {
        switch ByteText(text.withBytes({ $0.asciiText })).uppered {
        case "SHA1": return .sha1
        case "SHA256": return .sha256
        case "SHA512": return .sha512
        default: throw .unsupported
        }
    }

    /// Percent-decoding; a `%` without two hex digits stands for itself, as in Python's unquote.
    private static func decoded(_ text: Span<UInt8>, plusIsBlank: Bool) -> Secret {
        var bytes = SecretBuilder(capacity: text.count)
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), text.count - index > 2, let high = Hex.value(text[index + 1]),
                let low = Hex.value(text[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plusIsBlank && text[index] == UInt8(ascii: "+") ? 0x20 : text[index])
                index += 1
            }
        }
        return bytes.finish()
    }
}
