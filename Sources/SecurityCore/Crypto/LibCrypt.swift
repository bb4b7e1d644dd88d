import CCrypt
import CLibc

/// libxcrypt's crypt(3), reentrant.
///
/// It starts no thread, keeps no state and reads no environment. What it computed with is erased: its own scratch space by
/// itself, the rest of the work area here.
enum LibCrypt {
    /// The longest phrase that libxcrypt takes, in bytes.
    static let longestPhrase = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1

    /// The hashed phrase as crypt(3) writes it, setting included; nil when libxcrypt refuses the setting or the phrase, or
    /// when either holds a NUL.
    static func hash(_ phrase: Span<UInt8>, setting: Span<UInt8>) -> Secret? {
        guard phrase.count <= longestPhrase, !phrase.contains(0), !setting.contains(0) else { return nil }
        let phrase = terminated(phrase)
        let setting = terminated(setting)
        var length: Int?
        let area = Secret(count: MemoryLayout<crypt_data>.size) { area in
            length = unsafe phrase.withCString { phrase in
                unsafe setting.withCString { setting in
                    unsafe area.withUnsafeMutableBytes { area in unsafe crypt(phrase, setting, area.baseAddress) }
                }
            }
        }
        guard let length else { return nil }
        // `output` is the first field of crypt_data.
        return area.withBytes { bytes in Secret(copying: bytes.extracting(first: length)) }
    }

    /// The length of the output, or nil for an error token, which starts with `*`.
    private static func crypt(
        _ phrase: UnsafePointer<CChar>, _ setting: UnsafePointer<CChar>, _ area: UnsafeMutableRawPointer?
    ) -> Int? {
        // SAFETY: `area` holds a zeroed crypt_data, which has no alignment of its own; both texts end in NUL.
        guard let data = unsafe area?.assumingMemoryBound(to: crypt_data.self),
            let output = unsafe crypt_r(phrase, setting, data), unsafe output.pointee != 0x2A
        else { return nil }
        return unsafe strnlen(output, Int(CRYPT_OUTPUT_SIZE))
    }

    private static func terminated(_ text: Span<UInt8>) -> Secret {
        Secret(count: text.count + 1) { out in
            for index in text.indices { out[index] = text[index] }
        }
    }
}

extension Secret {
    /// Lends a text that ends in NUL to C.
    fileprivate borrowing func withCString<R>(_ body: (UnsafePointer<CChar>) -> R?) -> R? {
        withBytes { bytes in
            // SAFETY: the bytes live through the call, and the last one is NUL.
            unsafe bytes.withUnsafeBytes { raw in
                guard let base = raw.baseAddress else { return nil }
                return unsafe body(base.assumingMemoryBound(to: CChar.self))
            }
        }
    }
}
