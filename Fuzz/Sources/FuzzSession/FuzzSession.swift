import SecurityCore
import SecurityTokens

// libFuzzer calls from one thread.
private nonisolated(unsafe) let cookies = SessionCookie(key: SharedSecret(utf8: "secret"))
private let now = Instant(seconds: 1_700_000_000)

/// Any text is read as a session cookie, and any JSON as the content of one: no crash, and what is read is written and read
/// again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    if case .valid = cookies.read(input, maxAge: .max, now: now) { fatalError("a signature was guessed") }
    _ = SessionCookie.unverifiedSession(input)
    guard let json = JSONReader.read(input), case .dictionary(let members) = TaggedJSON.untag(json) else { return 0 }
    let session = FlaskSession(members)
    _ = (session.userID?.string, session.isFresh, session.authenticatedAt, session.graceEndSeconds)
    let cookie = cookies.write(session, at: now)
    guard case .valid(let again, _, _) = cookie.withBytes({ cookies.read($0, maxAge: 0, now: now) }) else {
        if cookie.count < 10_000 { fatalError("what was written is not read") }
        return 0
    }
    let same = cookies.write(again, at: now).withBytes { left in
        cookie.withBytes { right in ConstantTime.equal(left, right) }
    }
    if !same { fatalError("what was written is read as something else") }
    return 0
}
