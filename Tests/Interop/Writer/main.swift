// Signs what no product signs by itself yet, so that the real Flask-Security can judge it: state-writer CONFIG KIND.
// Standard input: the value as JSON, which must have the shape of that kind. Standard output: the token.
import CLibc
import SecurityCore
import SecurityTokens

/// Ends; standard output has no token then.
func fail(_ text: String) -> Never {
    print("state-writer: \(text)")
    exit(1)
}

/// Signs values with a site's keys.
struct StateWriter {
    let policy: Policy
    let now = Environment.system.now()

    func token(of kind: String, _ value: JSONValue) -> Secret {
        let tokens = policy.tokens
        switch kind {
        case "two-factor-validity":
            return sign(written(value, as: TwoFactorValidityPayload.self), tokens.twoFactorValidity)
        case "us-setup": return sign(written(value, as: UnifiedSetupPayload.self), tokens.unifiedSetup)
        case "tf-setup": return sign(written(value, as: TwoFactorSetupPayload.self), tokens.twoFactorSetup)
        case "webauthn": return sign(written(value, as: WebAuthnPayload.self), tokens.webAuthnRegistration)
        case "csrf":
            return sign(written(value, as: CSRFPayload.self), tokens.csrf, key: policy.secrets.csrfKey)
        case "session":
            guard case .dictionary(let members) = TaggedJSON.untag(value) else { fail("a session is an object") }
            return SessionCookie(key: policy.secrets.secretKey).write(FlaskSession(members), at: now)
        default: fail("there is no kind \"\(kind)\"")
        }
    }

    private func sign(_ value: JSONValue, _ rule: TokenPolicy.Rule, key: SharedSecret? = nil) -> Secret {
        TimedSerializer(Signer(key: key ?? policy.secrets.secretKey, salt: rule.salt)).dumps(value, at: now)
    }

    /// The value again as the kind's own type writes it.
    private func written<Payload: TokenPayload>(_ value: JSONValue, as kind: Payload.Type) -> JSONValue {
        guard let payload = Payload(value) else { fail("the value has not the shape of \(kind)") }
        return payload.value
    }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fail("usage: state-writer CONFIG KIND <JSON") }
guard let policy = try PolicyReader.readAll(file: arguments[1]).reading.policy else {
    fail("the configuration is invalid")
}
var text = ""
while let line = readLine(strippingNewline: false) { text += line }
guard let value = JSONReader.read(Array(text.utf8).span) else { fail("standard input is no JSON") }
StateWriter(policy: policy).token(of: arguments[2], value).withBytes { bytes in
    for index in bytes.indices { putchar(Int32(bytes[index])) }
}
