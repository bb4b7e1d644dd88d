public import SecurityCore

/// itsdangerous's `URLSafeSerializer`: `<payload>.<signature>`, without a time.
public final class Serializer {
    private let signer: Signer

    /// A serializer over a signer.
    public init(_ signer: Signer) {
        self.signer = signer
    }

    /// The token of a value.
    public func dumps(_ value: JSONValue) -> Secret {
        URLSafePayload.dump(value, .itsdangerous).withBytes { signer.sign($0) }
    }

    /// What a token is; never ``TokenReading/expired(_:)``.
    public func loads(_ token: Span<UInt8>) -> TokenReading {
        guard token.count <= TokenLimits.longest else { return .refused(.tooLong) }
        guard let keyIndex = signer.signingKey(of: token), let end = Signer.lastSeparator(in: token) else {
            return .refused(.badSignature)
        }
        guard let value = URLSafePayload.load(token.extracting(first: end)) else { return .refused(.badPayload) }
        return .valid(SignedPayload(value: value, signedAt: nil, keyIndex: keyIndex))
    }

    /// The payload of a token whoever signed it, for explanations; never a reason to grant anything.
    public static func unverifiedPayload(_ token: Span<UInt8>) -> JSONValue? {
        guard token.count <= TokenLimits.longest, let end = Signer.lastSeparator(in: token) else { return nil }
        return URLSafePayload.load(token.extracting(first: end))
    }
}
