import SecurityCore

/// Any text is judged as a mail address, user name and phone number: no crash, and what is stored stays as it is when it
/// is judged again. The first byte says what the policy allows.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let switches = input.first else { return 0 }
    let text = String(decoding: input.dropFirst(), as: UTF8.self)
    var policy = EmailPolicy()
    policy.allowsQuotedLocal = switches & 1 != 0
    policy.allowsDomainLiteral = switches & 2 != 0
    policy.allowsDisplayName = switches & 4 != 0
    policy.allowsEmptyLocal = switches & 8 != 0
    policy.isGloballyDeliverable = switches & 16 == 0
    policy.isStrict = switches & 32 != 0
    do throws(EmailFlaw) {
        let stored = try EmailAddress(text, policy).normalized
        let again = EmailAddress.normalized(stored, policy)
        guard let again, again.utf8.elementsEqual(stored.utf8) else { fatalError("\(stored) is no address any more") }
    } catch {
        guard !error.description.isEmpty else { fatalError("no sentence") }
    }
    _ = Username.judge(text, UsernamePolicy())
    _ = PhoneNumber.normalized(text)
    return 0
}
