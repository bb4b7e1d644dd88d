/// What a kind of token says, as a typed value.
public protocol TokenPayload: Equatable {
    /// Reads the signed value; nil when it has another shape.
    init?(_ value: JSONValue)

    /// The value to sign, as Flask-Security writes it.
    var value: JSONValue { get }
}

extension SignedPayload {
    /// The payload as a kind of token; nil when it has another shape.
    public func read<Payload: TokenPayload>(as kind: Payload.Type) -> Payload? { Payload(value) }
}
