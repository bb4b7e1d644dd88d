import Foundation
import SecurityCore
import SecurityTokens
import Testing

/// A cookie that a Flask-Security application set: Tests/Vectors/cookies.json.
struct RecordedCookie: Decodable {
    let release: String
    let name: String
    let value: String

    static let all = named { _ in true }

    static func named(_ isWanted: (String) -> Bool) -> [RecordedCookie] {
        do {
            return try TokenVectors.load("cookies.json", as: [RecordedCookie].self).filter { isWanted($0.name) }
        } catch {
            fatalError("Tests/Vectors/cookies.json: \(error)")
        }
    }
}

@Suite struct SessionCookieTests {
    let cookies = SessionCookie(key: TokenVectors.key)

    @Test(arguments: TokenVectors.shared.session)
    func `a session of Flask is read and made again byte for byte`(_ vector: TokenVectors.Session) throws {
        let reading = cookies.read(vector.cookie, maxAge: 0, now: vector.timestamp)
        guard case .valid(let session, vector.timestamp, 0) = reading else {
            Issue.record("\(vector.label): \(reading)")
            return
        }
        #expect(text(cookies.write(session, at: Instant(seconds: vector.timestamp))) == vector.cookie)
        #expect(text(JSONWriter.write(TaggedJSON.tag(.dictionary(session.members)), .flask)) == vector.payloadJson)
    }

    @Test(arguments: RecordedCookie.named { $0 == "session" })
    func `a session that an application set is read and made again`(_ cookie: RecordedCookie) throws {
        let signedAt = try #require(timeSigned(cookie.value))
        let month: Int64 = 31 * 86_400
        let reading = cookies.read(cookie.value, maxAge: month, now: signedAt + month)
        guard case .valid(let session, signedAt, 0) = reading else {
            Issue.record("a valid cookie is refused")
            return
        }
        #expect(text(cookies.write(session, at: Instant(seconds: signedAt))) == cookie.value)
        #expect(SessionCookie.unverifiedSession(Array(cookie.value.utf8).span) == session)
    }

    @Test func `what a session says can be asked for`() throws {
        let cookie = try #require(TokenVectors.shared.session.first { $0.label.hasPrefix("signed in and fresh") })
        let reading = cookies.read(cookie.cookie, maxAge: 60, now: cookie.timestamp)
        guard case .valid(let session, _, _) = reading else {
            Issue.record("not read")
            return
        }
        #expect(session.userID?.string == "0123456789abcdef0123456789abcdef")
        #expect(session.isFresh)
        #expect(session.identifier?.string == String(repeating: "a", count: 128))
        #expect(session.authenticatedAt == 1_700_000_000.123456)
        #expect(session.graceEndSeconds == 1_700_003_600)
        #expect(session.csrfToken == nil)
    }

    @Test func `a session counts to the last second of its life`() {
        let cookie = cookies.write(FlaskSession(), at: Instant(seconds: 1000))
        let life = Int64(60)
        for (now, isValid) in [(999, false), (1000, true), (1060, true), (1061, false)] as [(Int64, Bool)] {
            let reading = cookie.withBytes { cookies.read($0, maxAge: life, now: Instant(seconds: now)) }
            let expected: SessionCookie.Reading =
                isValid ? .valid(FlaskSession(), signedAt: 1000, keyIndex: 0) : .expired(FlaskSession())
            #expect(reading == expected, "at \(now)")
        }
    }

    @Test func `a session signed with an older key counts and says so`() {
        let old = SharedSecret(utf8: "the old key")
        let cookie = SessionCookie(key: old).write(FlaskSession(), at: Instant(seconds: 5))
        let rotated = SessionCookie(key: TokenVectors.key, fallbacks: [SharedSecret(utf8: "another"), old])
        let now = Instant(seconds: 5)
        #expect(
            cookie.withBytes { rotated.read($0, maxAge: 9, now: now) }
                == .valid(FlaskSession(), signedAt: 5, keyIndex: 2))
        #expect(cookie.withBytes { cookies.read($0, maxAge: 9, now: now) } == .refused(.badTimeSignature))
        let renewed = rotated.write(FlaskSession(), at: now)
        #expect(
            renewed.withBytes { cookies.read($0, maxAge: 9, now: now) }
                == .valid(FlaskSession(), signedAt: 5, keyIndex: 0))
    }
}

@Suite struct OtherCookieTests {
    @Test(arguments: TokenVectors.shared.rememberCookie)
    func `a remember cookie of Flask-Login is read or refused`(_ vector: TokenVectors.Remember) throws {
        let cookies = try #require(RememberCookie(key: TokenVectors.key))
        #expect(cookies.read(vector.cookie)?.string == vector.decodesTo)
        if let name = vector.decodesTo { #expect(text(cookies.write(JSONString(name))) == vector.cookie) }
    }

    @Test(arguments: RecordedCookie.named { $0 == "remember_token" })
    func `a remember cookie that an application set is read and made again`(_ cookie: RecordedCookie) throws {
        let cookies = try #require(RememberCookie(key: TokenVectors.key))
        let name = try #require(cookies.read(cookie.value))
        #expect(text(cookies.write(name)) == cookie.value)
    }

    @Test func `a key beyond Latin-1 makes no remember cookies`() throws {
        #expect(RememberCookie(key: SharedSecret(utf8: "ключ")) == nil)
        #expect(RememberCookie(key: SharedSecret(utf8: "schlüssel")) != nil)
    }

    @Test(arguments: RecordedCookie.named { $0 == "tf_validity" })
    func `a two-factor validity cookie that an application set is read`(_ cookie: RecordedCookie) throws {
        let signedAt = try #require(timeSigned(cookie.value))
        let reading = TokenVectors.serializer("tf-validity-salt").loads(cookie.value, maxAge: 0, now: signedAt)
        #expect(reading.payload?.read(as: TwoFactorValidityPayload.self)?.uniquifier.string?.utf8.count == 32)
    }

    @Test(arguments: TokenVectors.shared.sessionId)
    func `the mark of a browser is the one of Flask-Login`(_ vector: TokenVectors.SessionID) {
        let hex = SessionIdentifier.hex(
            remoteAddress: Array(vector.remoteAddr.utf8), forwardedFor: vector.xForwardedFor.map { Array($0.utf8) },
            userAgent: vector.userAgent.map { Array($0.utf8) })
        #expect(hex == vector._id)
    }

    @Test(arguments: TokenVectors.shared.csrf)
    func `a CSRF token of Flask-WTF is read and made again`(_ vector: TokenVectors.CSRF) throws {
        let serializer = TokenVectors.serializer("wtf-csrf-token")
        let payload = try #require(serializer.loads(vector.token, maxAge: 0, now: vector.timestamp).payload)
        let csrf = try #require(payload.read(as: CSRFPayload.self))
        #expect(csrf.token.string == vector.sessionCsrfToken)
        #expect(text(serializer.dumps(csrf.value, at: Instant(seconds: vector.timestamp))) == vector.token)
    }
}
