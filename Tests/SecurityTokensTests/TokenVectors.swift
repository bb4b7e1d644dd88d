import Foundation
import SecurityCore
import SecurityTokens

/// Tests/Vectors/tokens.json: what Flask-Security 5.0.2 makes.
struct TokenVectors: Decodable {
    struct Token: Decodable {
        let kind: String
        let salt: String
        let token: String
        let timestamp: Int64
        let payloadB64: String
    }
    struct Check: Decodable {
        let label: String
        let token: String
        let serializer: String
        let maxAge: Int64
        let at: Int64
        let expired: Bool
        let invalid: Bool
    }
    struct Session: Decodable {
        let label: String
        let cookie: String
        let payloadJson: String
        let timestamp: Int64
    }
    struct Remember: Decodable {
        let cookie: String
        let decodesTo: String?
    }
    struct CSRF: Decodable {
        let sessionCsrfToken: String
        let token: String
        let timestamp: Int64
    }
    struct DataHash: Decodable {
        let value: String
        let sha256Crypt: String
        let hexMd5: String
    }
    struct SessionID: Decodable {
        let remoteAddr: String
        let userAgent: String?
        let xForwardedFor: String?
        let _id: String
    }

    let tokens: [Token]
    let checks: [Check]
    let session: [Session]
    let rememberCookie: [Remember]
    let csrf: [CSRF]
    let hashData: [DataHash]
    let sessionId: [SessionID]

    static let shared: TokenVectors = {
        do {
            return try load("tokens.json", as: TokenVectors.self)
        } catch {
            fatalError("Tests/Vectors/tokens.json: \(error)")
        }
    }()
    static var key: SharedSecret { SharedSecret(utf8: "lab-secret-key-not-for-production") }

    static func load<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/\(name)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: file))
    }

    /// A serializer of one salt, under the vectors' key.
    static func serializer(_ salt: String) -> TimedSerializer {
        TimedSerializer(Signer(key: key, salt: salt))
    }
}

extension TimedSerializer {
    func loads(_ token: String, maxAge: Int64? = nil, now: Int64) -> TokenReading {
        loads(Array(token.utf8).span, maxAge: maxAge, now: Instant(seconds: now))
    }
}

/// The text of a secret, for comparisons.
func text(_ secret: borrowing Secret) -> String {
    secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
}

/// The time in a token.
func timeSigned(_ token: String) -> Int64? {
    TimedSerializer.unverifiedTime(Array(token.utf8).span)
}

extension RememberCookie {
    func read(_ cookie: String) -> JSONString? { read(Array(cookie.utf8).span) }
}

extension SessionCookie {
    func read(_ cookie: String, maxAge: Int64, now: Int64) -> Reading {
        read(Array(cookie.utf8).span, maxAge: maxAge, now: Instant(seconds: now))
    }
}

/// The value of a JSON text.
func json(_ text: String) -> JSONValue? { JSONReader.read(Array(text.utf8).span) }
