import SecurityCore
import SecurityTokens

// libFuzzer calls from one thread.
private nonisolated(unsafe) let signer = Signer(key: SharedSecret(utf8: "secret"), salt: "fuzz")
private nonisolated(unsafe) let timed = TimedSerializer(signer)
private let now = Instant(seconds: 1_700_000_000)

/// Any text is read as a token, as the signed part of one, and as JSON: no crash, and what is read is written and read again as
/// the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    if case .valid = timed.loads(input, maxAge: nil, now: now) { fatalError("a signature was guessed") }
    _ = TimedSerializer.unverifiedPayload(input)
    _ = Serializer.unverifiedPayload(input)
    let signed = signer.sign(input).withBytes { timed.loads($0, maxAge: nil, now: now) }
    guard let payload = signed.payload else { return 0 }
    let json = JSONWriter.write(payload.value, .flask)
    let again = timed.dumps(payload.value, at: now).withBytes { timed.loads($0, maxAge: 0, now: now) }.payload
    guard let again else {
        // Escapes make a text longer: what just fitted may not fit any more.
        if json.count < 10_000 { fatalError("what was written is not read") }
        return 0
    }
    let same = JSONWriter.write(again.value, .flask).withBytes { left in
        json.withBytes { right in ConstantTime.equal(left, right) }
    }
    if !same { fatalError("what was written is read as something else") }
    return 0
}
