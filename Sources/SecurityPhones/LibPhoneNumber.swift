internal import CPhoneNumber
public import SecurityCore

/// Phone numbers through libphonenumber, as Flask-Security reads them through its Python port.
public final class LibPhoneNumber: PhoneNumbers {
    /// A reader; the rules of all countries are loaded at its first use.
    public init() {}

    /// The longest text that is looked at, in bytes.
    private static let longest = 255

    /// See ``PhoneNumbers``.
    public func canonical(_ text: String, region: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= LibPhoneNumber.longest else { return nil }
        var form = [CChar](repeating: 0, count: 32)
        // SAFETY: the texts and the buffer live through the call, with the counts given; the form is ended by NUL.
        let isValid = unsafe form.withUnsafeMutableBufferPointer { form in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe cphonenumber_e164(
                    bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count, region, form.baseAddress,
                    form.count)
            }
        }
        guard isValid == 1 else { return nil }
        return String(decoding: form.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
