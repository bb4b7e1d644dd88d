import SecurityCore

/// Any bytes are read as a catalogue, and searched for a text that the corpus has and for parts of themselves: no crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let file = MOFile(bytes) else { return 0 }
    let part = String(decoding: bytes.suffix(40).prefix { $0 != 0 }, as: UTF8.self)
    for text in ["Password: ", "Invalid code", part] {
        guard let translation = file.translation(of: text) else { continue }
        guard !translation.isEmpty, !translation.utf8.contains(0x1B) else { fatalError("a translation is not plain") }
    }
    return 0
}
