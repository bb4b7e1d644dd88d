public import SecurityCore

/// Flask-Login's remember cookie: `<fs_uniquifier>|<hex of HMAC-SHA512(SECRET_KEY, fs_uniquifier)>`.
///
/// No time is in it: it is good until the `fs_uniquifier` or SECRET_KEY changes.
public final class RememberCookie {
    private let keys: [SharedHMACKey]
    private static let separator = UInt8(ascii: "|")

    /// Cookies signed with `key`, and read with `fallbacks` too, which Flask-Login itself does not. Nil when SECRET_KEY has a
    /// character beyond U+00FF: Flask-Login encodes it as Latin-1 and makes no such cookies then.
    public init?(key: SharedSecret, fallbacks: [SharedSecret] = []) {
        guard let newest = RememberCookie.hmac(key) else { return nil }
        keys = [newest] + fallbacks.compactMap { RememberCookie.hmac($0) }
    }

    private static func hmac(_ secret: SharedSecret) -> SharedHMACKey? {
        secret.withBytes { Latin1.encode($0) }?.withBytes { SharedHMACKey(.sha512, key: $0) }
    }

    /// The cookie of an account.
    public func write(_ uniquifier: JSONString) -> Secret {
        uniquifier.withBytes { name in
            var text = SecretBuilder(capacity: name.count + 129)
            text.append(name)
            text.append(RememberCookie.separator)
            if let key = keys.first { text.append(key.code(of: name).withBytes { Hex.encode($0) }) }
            return text.finish()
        }
    }

    /// Whose cookie it is; nil when none of our keys made it.
    public func read(_ cookie: Span<UInt8>) -> JSONString? {
        guard cookie.count <= TokenLimits.longest,
            let place = cookie.indices.last(where: { cookie[$0] == RememberCookie.separator })
        else { return nil }
        let name = cookie.extracting(first: place)
        let digits = cookie.extracting(droppingFirst: place + 1)
        for key in keys {
            let expected = key.code(of: name).withBytes { Hex.encode($0) }
            if expected.withBytes({ ConstantTime.equal($0, digits) }) { return JSONString(utf8: name) }
        }
        return nil
    }
}

/// ISO 8859-1.
enum Latin1 {
    /// The bytes of UTF-8 text; nil when a character is beyond U+00FF.
    static func encode(_ text: Span<UInt8>) -> Secret? {
        var bytes = SecretBuilder(capacity: text.count)
        var index = 0
        while index < text.count {
            let point = WTF8.next(text, &index)
            guard let byte = UInt8(exactly: point) else { return nil }
            bytes.append(byte)
        }
        return bytes.finish()
    }
}
