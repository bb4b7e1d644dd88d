import SecurityCore

/// Any text is read as a column of recovery codes, plain and encrypted, and as one encrypted code; and any text that is
/// encrypted is read back: no crash, and the same text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    let now = Instant(seconds: 1_700_000_000)
    let text = Secret(utf8: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    guard let key = text.withBytes({ Fernet(key: $0) }) else { fatalError("the key is none") }
    _ = Fernet(key: input)
    _ = key.open(input, now: now, maxAge: 3600)
    for vault in [RecoveryCodeVault.plain, RecoveryCodeVault(keys: [key], maxAge: nil)] {
        let usable = vault.count(in: input, now: now)
        let code = Secret(utf8: "9a86-7b67-25ef")
        guard let rest = code.withBytes({ vault.column(input, without: $0, now: now) }) else { continue }
        let left = rest.withBytes { vault.count(in: $0, now: now) }
        guard left < usable else { fatalError("a code is taken and still there") }
    }
    guard let sealed = key.seal(input, now: now, random: SystemRandom.bytes),
        let opened = sealed.withBytes({ key.open($0, now: now, maxAge: nil) }),
        opened.withBytes({ ConstantTime.equal($0, input) })
    else { fatalError("an encrypted text is another text") }
    return 0
}
