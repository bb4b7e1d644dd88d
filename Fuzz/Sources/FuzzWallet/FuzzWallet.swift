import SecurityCore

/// Any text is opened as a stored TOTP secret and, if it opens, used and sealed again: no crash, and the same key.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
    let wallet = TOTPWallet(secrets: TOTPSecrets([(tag: "1", secret: SharedSecret(utf8: "secret"))]), cost: 1)
    _ = TypedCode(input)
    readUnified(input)
    guard let totp = try? wallet.open(input) else { return 0 }
    _ = totp.counter(of: input, at: Instant(seconds: 1_700_000_000), window: 30)
    guard let sealed = try? wallet.seal(totp, random: SystemRandom.bytes) else { return 0 }
    let again = sealed.withBytes { try? wallet.open($0) }
    guard let again, again.digits == totp.digits, again.period == totp.period,
        again.key.withBytes({ left in totp.key.withBytes { right in ConstantTime.equal(left, right) } })
    else { fatalError("a sealed key is another key") }
    return 0
}

/// The same bytes as the column of unified sign-in: each wallet is as long as it may be, and none is found twice.
private func readUnified(_ input: Span<UInt8>) {
    guard let unified = UnifiedSecrets(SharedSecret(Secret(copying: input))) else { return }
    guard Set(unified.methods).count == unified.methods.count else { fatalError("a method has two wallets") }
    for method in unified.methods {
        // An escape is never shorter than what it stands for.
        guard unified.wallet(of: method)?.count ?? 0 < input.count else { fatalError("a wallet grew") }
    }
}
