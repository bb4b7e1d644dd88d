import SecurityCore
import SecurityTokens
import Testing

/// Tests/Vectors/tokens-later.json: what Flask-Security 5.9.2 makes.
struct LaterVectors: Decodable {
    struct Token: Decodable {
        let salt: String
        let token: String
    }
    let authTokenV5: Token
    let changeEmail: Token
    let tfSetup: Token
    let refreshToken: Token
}

@Suite struct PayloadTests {
    private func vector(_ kind: String) throws -> JSONValue {
        let vector = try #require(TokenVectors.shared.tokens.first { $0.kind == kind })
        let reading = TokenVectors.serializer(vector.salt).loads(vector.token, now: vector.timestamp)
        return try #require(reading.payload).value
    }

    /// The typed payload, which must write exactly what was read.
    private func read<Payload: TokenPayload>(_ value: JSONValue, as kind: Payload.Type) throws -> Payload {
        let payload = try #require(Payload(value))
        #expect(payload.value == value)
        return payload
    }

    @Test func `links of 5_0 are typed`() throws {
        let confirm = try read(vector("confirm"), as: ConfirmPayload.self)
        #expect(confirm.uniquifier.equals("0123456789abcdef0123456789abcdef"))
        #expect(confirm.emailHash.string?.hasPrefix("$5$") == true)
        #expect(try read(vector("reset"), as: ResetPayload.self).passwordHash != nil)
        #expect(try read(vector("reset, user without password"), as: ResetPayload.self).passwordHash == nil)
        #expect(try read(vector("login"), as: LoginPayload.self).uniquifier == confirm.uniquifier)
        let validity = try read(vector("two-factor validity"), as: TwoFactorValidityPayload.self)
        #expect(validity.uniquifier == confirm.uniquifier)
    }

    @Test func `states of 5_0 are typed`() throws {
        let setup = try read(vector("unified sign-in setup"), as: UnifiedSetupPayload.self)
        #expect(setup.method.equals("sms") && setup.phoneNumber?.string == "+16505551234")
        let state = try vector("webauthn sign-in state")
        guard case .authentication(let challenge, false) = try read(state, as: WebAuthnPayload.self) else {
            Issue.record("not a sign-in")
            return
        }
        let registration = try read(vector("webauthn register state"), as: WebAuthnPayload.self)
        guard case .registration(challenge, let name, let usage, false) = registration else {
            Issue.record("not a registration")
            return
        }
        #expect(name.equals("key 1") && usage.equals("first"))
    }

    @Test func `authentication tokens of three generations name the account`() throws {
        let name = JSONString("0123456789abcdef0123456789abcdef")
        let first = try read(vector("auth token"), as: AuthenticationPayload.self)
        #expect(first == AuthenticationPayload(uniquifier: name))
        let oldest = try #require(AuthenticationPayload(vector("auth token made by 3.x (accepted)")))
        #expect(oldest.form == .three && oldest.uniquifier == name)
        let later = try later { $0.authTokenV5 }
        let newest = try read(later, as: AuthenticationPayload.self)
        #expect(newest.form == .object && newest.authenticatedAt == 1_795_418_037.7108471 && newest.expiresAt == 0)
    }

    private func later(_ which: (LaterVectors) -> LaterVectors.Token) throws -> JSONValue {
        let vector = which(try TokenVectors.load("tokens-later.json", as: LaterVectors.self))
        let reading = TokenVectors.serializer(vector.salt).loads(vector.token, now: 0)
        return try #require(reading.payload).value
    }

    @Test func `states and links of 5_9 are typed`() throws {
        let change = try read(later { $0.changeEmail }, as: ChangeEmailPayload.self)
        #expect(change.newEmail.equals("ann.new@example.org"))
        #expect(try read(later { $0.tfSetup }, as: TwoFactorSetupPayload.self).method.equals("sms"))
    }

    @Test func `a refresh token of 5_9 is read and made again byte for byte`() throws {
        let vector = try TokenVectors.load("tokens-later.json", as: LaterVectors.self).refreshToken
        let serializer = Serializer(Signer(key: TokenVectors.key, salt: vector.salt))
        let reading = serializer.loads(Array(vector.token.utf8).span)
        let payload = try #require(reading.payload)
        let refresh = try read(payload.value, as: RefreshPayload.self)
        #expect(refresh.generation == 1 && refresh.expiresAt == 1_803_194_037.954668)
        #expect(text(serializer.dumps(refresh.value)) == vector.token)
        let other = Serializer(Signer(key: TokenVectors.key, salt: "remember-salt"))
        #expect(other.loads(Array(vector.token.utf8).span) == .refused(.badSignature))
    }

    @Test func `an authentication token counts to its own last second`() {
        let token = AuthenticationPayload(uniquifier: JSONString("u"), authenticatedAt: 0, expiresAt: 100)
        #expect(!token.isExpired(nowSeconds: 100) && token.isExpired(nowSeconds: 101))
        #expect(!AuthenticationPayload(uniquifier: JSONString("u")).isExpired(nowSeconds: .max))
    }

    @Test(arguments: [
        "[]", "[1]", "[1,2]", "{}", "null", "\"\"", #"["u",1]"#, #"{"ver":"5","uid":"u"}"#,
        #"{"ver":"5","uid":1,"exp":0}"#,
    ])
    func `other shapes are no payloads`(_ text: String) throws {
        let value = try #require(json(text))
        #expect(ConfirmPayload(value) == nil && ResetPayload(value) == nil && ChangeEmailPayload(value) == nil)
        #expect(AuthenticationPayload(value) == nil)
        #expect(WebAuthnPayload(value) == nil && UnifiedSetupPayload(value) == nil && RefreshPayload(value) == nil)
    }
}
