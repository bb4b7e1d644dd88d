public import SecurityCore

/// A text in JSON, as Python holds one: UTF-8, in which half of a surrogate pair may stand alone, as three bytes of its own
/// (WTF-8). In wiped memory: payloads carry TOTP wallets and CSRF tokens.
public struct JSONString: Hashable {
    private let storage: SharedSecret
    /// Which of the bytes there.
    private let range: Range<Int>

    /// A part of a text that has been read: nothing is copied, and the text lives for as long as one of its parts.
    init(_ range: Range<Int>, of text: SharedSecret) {
        storage = text
        self.range = range
    }

    /// A text of ours.
    public init(_ text: String) {
        self.init(bytes: Secret(utf8: text))
    }

    /// Bytes that are UTF-8 already, lone surrogates aside.
    public init(bytes: consuming Secret) {
        let count = bytes.count
        self.init(0..<count, of: SharedSecret(bytes))
    }

    /// Copies UTF-8 bytes; nil when they are anything else.
    public init?(utf8 bytes: Span<UInt8>) {
        guard UTF8Check.isValid(bytes) else { return nil }
        self.init(bytes: Secret(copying: bytes))
    }

    /// Lends the bytes for the length of `body`.
    public func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try storage.withBytes { (bytes) throws(E) in try body(bytes.extracting(range)) }
    }

    /// The text as a String, which cannot be wiped: for names, identifiers and addresses. Nil when a surrogate stands alone.
    public var string: String? {
        let bytes = withBytes { bytes in bytes.indices.map { bytes[$0] } }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The bytes as a secret with several owners.
    public var secret: SharedSecret {
        range.count == storage.count ? storage : SharedSecret(withBytes { Secret(copying: $0) })
    }

    /// Whether both have the same bytes; only the lengths influence the time.
    public static func == (left: JSONString, right: JSONString) -> Bool {
        left.withBytes { left in right.withBytes { right in ConstantTime.equal(left, right) } }
    }

    /// Whether the bytes are those of `text`.
    public func equals(_ text: String) -> Bool {
        withBytes { bytes in
            guard bytes.count == text.utf8.count else { return false }
            var index = 0
            for byte in text.utf8 {
                if bytes[index] != byte { return false }
                index += 1
            }
            return true
        }
    }

    /// Feeds the bytes to a hasher.
    public func hash(into hasher: inout Hasher) {
        withBytes { bytes in
            for index in bytes.indices { hasher.combine(bytes[index]) }
        }
    }
}
