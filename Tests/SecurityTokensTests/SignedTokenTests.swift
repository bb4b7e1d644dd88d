import SecurityCore
import SecurityTokens
import Testing

@Suite struct SignedTokenTests {
    @Test(arguments: TokenVectors.shared.tokens)
    func `a token of Flask-Security is read and made again byte for byte`(_ vector: TokenVectors.Token) throws {
        let serializer = TokenVectors.serializer(vector.salt)
        let payload = try #require(serializer.loads(vector.token, maxAge: 0, now: vector.timestamp).payload)
        #expect(payload.signedAt == vector.timestamp)
        let again = serializer.dumps(payload.value, at: Instant(seconds: vector.timestamp))
        #expect(text(again) == vector.token)
    }

    @Test(arguments: TokenVectors.shared.checks)
    func `the verdict is the one of Flask-Security`(_ check: TokenVectors.Check) {
        let reading = TokenVectors.serializer(check.serializer + "-salt")
            .loads(check.token, maxAge: check.maxAge, now: check.at)
        switch reading {
        case .valid: #expect(!check.expired && !check.invalid)
        case .expired(let payload): #expect(check.expired && payload != nil)
        case .refused: #expect(check.invalid)
        }
    }
}
