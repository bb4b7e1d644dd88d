public import SecurityCore

/// itsdangerous's `URLSafeTimedSerializer`: `<payload>.<time>.<signature>`.
public final class TimedSerializer {
    private let signer: Signer
    private let style: JSONWriter.Style

    /// A serializer over a signer.
    public init(_ signer: Signer, style: JSONWriter.Style = .itsdangerous) {
        self.signer = signer
        self.style = style
    }

    /// The token of a value, signed at `now`. Moments before 1970 count as its beginning.
    public func dumps(_ value: JSONValue, at now: Instant) -> Secret {
        var text = SecretBuilder(capacity: 200)
        text.append(URLSafePayload.dump(value, style))
        text.append(Signer.separator)
        text.append(TokenTime.encode(now.seconds))
        return text.finish().withBytes { signer.sign($0) }
    }

    /// What a token is at `now`. Its age in whole seconds may be 0 to `maxAge`; nil = any, from the future too.
    public func loads(_ token: Span<UInt8>, maxAge: Int64?, now: Instant) -> TokenReading {
        guard token.count <= TokenLimits.longest else { return .refused(.tooLong) }
        guard let parts = TimedParts(token) else { return .refused(.badSignature) }
        guard let keyIndex = signer.signingKey(of: token) else {
            return .refused(parts.time == nil ? .badSignature : .badTimeSignature)
        }
        guard let time = parts.time, let signedAt = TokenTime.decode(token.extracting(time)) else {
            return .refused(.badTimeSignature)
        }
        let value = URLSafePayload.load(token.extracting(parts.payload))
        let signed = value.map { SignedPayload(value: $0, signedAt: signedAt, keyIndex: keyIndex) }
        if let maxAge, !TokenTime.isWithin(maxAge, signedAt: signedAt, now: now) { return .expired(signed) }
        return signed.map { .valid($0) } ?? .refused(.badPayload)
    }

    /// The payload of a token whoever signed it, for explanations; never a reason to grant anything.
    public static func unverifiedPayload(_ token: Span<UInt8>) -> JSONValue? {
        guard token.count <= TokenLimits.longest, let parts = TimedParts(token), parts.time != nil else { return nil }
        return URLSafePayload.load(token.extracting(parts.payload))
    }

    /// The time in a token whoever signed it, for explanations.
    public static func unverifiedTime(_ token: Span<UInt8>) -> Int64? {
        guard token.count <= TokenLimits.longest, let time = TimedParts(token)?.time else { return nil }
        return TokenTime.decode(token.extracting(time))
    }
}

/// Where the parts of a token with a time lie. The payload may begin with a full stop of its own.
private struct TimedParts {
    let payload: Range<Int>
    /// Nil when there is one full stop only.
    let time: Range<Int>?

    /// Nil when there is no full stop.
    init?(_ token: Span<UInt8>) {
        guard let last = Signer.lastSeparator(in: token) else { return nil }
        if let middle = Signer.lastSeparator(in: token.extracting(first: last)) {
            payload = 0..<middle
            time = middle + 1..<last
        } else {
            payload = 0..<last
            time = nil
        }
    }
}

/// Seconds since the epoch as itsdangerous writes them: base64 of up to 8 bytes, big-endian, without zeros in front.
enum TokenTime {
    static func encode(_ seconds: Int64) -> Secret {
        let seconds = UInt64(clamping: seconds)
        let count = (64 - seconds.leadingZeroBitCount + 7) / 8
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: seconds >> (8 * (count - 1 - $0))) }
        return Base64.urlSafe.encode(bytes.span)
    }

    /// Nil for more than 8 bytes, or a time that Python has none for.
    static func decode(_ text: Span<UInt8>) -> Int64? {
        guard let bytes = PythonBase64.decode(text), bytes.count <= 8 else { return nil }
        var seconds: UInt64 = 0
        bytes.withBytes { bytes in
            for index in bytes.indices { seconds = seconds << 8 | UInt64(bytes[index]) }
        }
        return seconds <= TokenLimits.lastSecond ? Int64(seconds) : nil
    }

    static func isWithin(_ maxAge: Int64, signedAt: Int64, now: Instant) -> Bool {
        let (age, overflow) = now.seconds.subtractingReportingOverflow(signedAt)
        return !overflow && age >= 0 && age <= maxAge
    }
}
