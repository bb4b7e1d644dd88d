/// A time-based one-time password (RFC 6238 over RFC 4226).
public struct TOTP {
    /// The raw key.
    public let key: SharedSecret
    /// The HMAC's digest; SHA-1 unless the wallet says otherwise.
    public let algorithm: LibCrypto.Digest
    /// Digits of a code, 6 to 10.
    public let digits: Int
    /// The time step X in seconds, at least 1.
    public let period: Int64

    /// The longest window in periods before and after now. A policy that asks for more gets this: 500 half minutes
    /// are more than four hours, and every further code is one more that a guess may hit.
    public static let longestWindow: Int64 = 500

    private let hmac: KeptHMAC?

    /// A TOTP of its key, with the usual parameters unless others are given. With parameters out of range it has no
    /// codes.
    public init(key: SharedSecret, algorithm: LibCrypto.Digest = .sha1, digits: Int = 6, period: Int64 = 30) {
        self.key = key
        self.algorithm = algorithm
        self.digits = digits
        self.period = period
        let isUsable = !key.isEmpty && TOTP.digitRange.contains(digits) && period > 0
        hmac = isUsable ? key.withBytes { KeptHMAC(algorithm, key: $0) } : nil
    }

    static let digitRange = 6...10

    /// The code of a counter, ASCII digits; nil for a negative counter or when libcrypto fails.
    public func code(counter: Int64) -> Secret? {
        guard counter >= 0, let value = value(counter: UInt64(counter)) else { return nil }
        return Secret(count: digits) { out in
            var rest = value
            for index in out.indices.reversed() {
                out[index] = 0x30 + UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    /// The counter within `window` seconds of `now` whose code this is, the latest if several; nil when there is none.
    /// `code` is ``digits`` ASCII digits. All codes of the window are computed and compared in constant time.
    public func counter(of code: Span<UInt8>, at now: Instant, window: Int64) -> Int64? {
        guard let typed = number(code), let counters = counters(at: now, window: window) else { return nil }
        var found: UInt64 = 0
        var match: UInt64 = 0
        for counter in counters {
            guard let value = value(counter: UInt64(counter)) else { return nil }
            let isEqual = ConstantTime.isEqual(value, typed)
            found |= isEqual
            match = ConstantTime.select(isEqual, UInt64(counter), match)
        }
        return found == 0 ? nil : Int64(match)
    }

    /// The counters whose codes are accepted: floor((now - window) / period) to floor((now + window) / period), none
    /// below zero; nil when there are none. Flask-Security: SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY.
    func counters(at now: Instant, window: Int64) -> ClosedRange<Int64>? {
        guard window >= 0, period > 0 else { return nil }
        let window = min(window, TOTP.longestWindow.multipliedSaturating(by: period))
        let first = max(now.seconds.addingSaturating(-window).dividedDown(by: period), 0)
        let last = now.seconds.addingSaturating(window).dividedDown(by: period)
        return first <= last ? first...last : nil
    }

    /// RFC 4226 section 5.3: the low four bits of the HMAC's last byte say where the 31 bits begin whose last decimal
    /// digits are the code.
    private func value(counter: UInt64) -> UInt64? {
        var message = InlineArray<8, UInt8>(repeating: 0)
        for index in 0..<8 { message[index] = UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * index)) }
        return hmac?.withCode(of: message.span) { mac in
            let offset = Int(mac[mac.count - 1] & 15)
            let bits = (0..<4).reduce(UInt64(0)) { $0 << 8 | UInt64(mac[offset + $1]) }
            return (bits & 0x7FFF_FFFF) % TOTP.modulus(digits)
        }
    }

    /// What exactly ``digits`` ASCII digits say; nil for anything else.
    private func number(_ code: Span<UInt8>) -> UInt64? {
        guard code.count == digits, TOTP.digitRange.contains(digits) else { return nil }
        var number: UInt64 = 0
        for index in code.indices {
            guard code[index] >= 0x30, code[index] <= 0x39 else { return nil }
            number = number * 10 + UInt64(code[index] - 0x30)
        }
        return number
    }

    private static func modulus(_ digits: Int) -> UInt64 {
        (0..<digits).reduce(1) { product, _ in product &* 10 }
    }
}

/// The HMAC of a key that several counters share.
private final class KeptHMAC {
    private let key: HMACKey

    init(_ digest: LibCrypto.Digest, key: Span<UInt8>) {
        self.key = HMACKey(digest, key: key)
    }

    func withCode<R>(of message: Span<UInt8>, _ body: (Span<UInt8>) -> R) -> R {
        let code = Secret(count: key.digest.count) { out in key.code(of: message, &out) }
        return code.withBytes { body($0) }
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The product of two positive numbers.
    fileprivate func multipliedSaturating(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The quotient rounded down; `other` is positive.
    fileprivate func dividedDown(by other: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: other)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
