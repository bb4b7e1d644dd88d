import Foundation
import SecurityCore
import SecurityTokens
import Testing

/// A token and itsdangerous's verdict: Tests/Vectors/token-mutations.json.
struct TokenMutation: Decodable {
    let token: [UInt8]
    let maxAge: Int64?
    let now: Int64
    let verdict: String
    let payload: String?

    init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        // One character a byte.
        token = try row.decode(String.self).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        maxAge = try row.decode(Int64?.self)
        now = try row.decode(Int64.self)
        verdict = try row.decode(String.self)
        payload = try row.decode(String?.self)
    }
}

@Suite struct TokenMutationTests {
    private let serializer = TokenVectors.serializer("mutations")

    private func judge(_ mutation: TokenMutation) -> (verdict: String, payload: String?) {
        func json(_ payload: SignedPayload?) -> String? {
            payload.map { text(JSONWriter.write($0.value, .flask)) }
        }
        let now = Instant(seconds: mutation.now)
        switch serializer.loads(mutation.token.span, maxAge: mutation.maxAge, now: now) {
        case .valid(let payload): return ("valid", json(payload))
        case .expired(let payload): return ("expired", json(payload))
        case .refused(.badSignature): return ("bad signature", nil)
        case .refused(.badTimeSignature): return ("bad time signature", nil)
        case .refused(.badPayload): return ("bad payload", nil)
        case .refused(.tooLong): return ("too long", nil)
        }
    }

    @Test func `every damaged or unusual token has itsdangerous's verdict and payload`() throws {
        let mutations = try TokenVectors.load("token-mutations.json", as: [TokenMutation].self)
        #expect(mutations.count > 1500)
        for mutation in mutations {
            let found = judge(mutation)
            let token = String(decoding: mutation.token, as: UTF8.self)
            #expect(found.verdict == mutation.verdict, "\(token)")
            #expect(found.payload == mutation.payload, "\(token)")
        }
    }
}
