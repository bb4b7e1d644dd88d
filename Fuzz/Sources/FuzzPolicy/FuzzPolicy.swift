import SecurityCore

/// Any text is read as a configuration file: no crash, and a policy exactly when there is no error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = Secret(copying: Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
    let reading = PolicyReader.read(text, path: "/fuzz/security.toml")
    guard (reading.policy == nil) == !reading.errors.isEmpty else { fatalError("a policy beside an error") }
    for diagnostic in reading.diagnostics where diagnostic.description.isEmpty { fatalError("nothing said") }
    return 0
}
