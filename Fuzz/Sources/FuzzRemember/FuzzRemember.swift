import SecurityCore
import SecurityTokens

// libFuzzer calls from one thread.
private nonisolated(unsafe) let cookies = RememberCookie(key: SharedSecret(utf8: "secret"))

/// Any text is read as a remember cookie, and named in one: no crash, no guess, and the same name again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    guard let cookies else { fatalError("no key") }
    if cookies.read(input) != nil { fatalError("a signature was guessed") }
    _ = HTTPDate.seconds(of: String(decoding: input.indices.map { input[$0] }, as: UTF8.self))
    guard let name = JSONString(utf8: input) else { return 0 }
    let again = cookies.write(name).withBytes { cookies.read($0) }
    if again != name { fatalError("a name comes back as another") }
    return 0
}
