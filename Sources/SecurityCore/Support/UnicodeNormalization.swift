import CUnistring

extension NormalizationForm {
    /// The normalised form of UTF-8 text; nil when `text` is not UTF-8.
    ///
    /// ASCII is the same in every form, and is copied without a look at the Unicode tables.
    public func normalize(_ text: Span<UInt8>) -> Secret? {
        if text.indices.allSatisfy({ text[$0] < 0x80 }) { return Secret(copying: text) }
        // Decomposition makes 3 bytes 33 at most (U+FDFA). With 18 times the input libunistring needs no block of its
        // own, which it would not wipe.
        let (capacity, overflow) = text.count.multipliedReportingOverflow(by: 18)
        guard !overflow else { return nil }
        var length = -1
        let room = Secret(count: capacity) { out in
            // SAFETY: both buffers live through the call, with the counts given.
            length = unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe text.withUnsafeBufferPointer { text in
                    unsafe cunistring_normalize(fence, text.baseAddress, text.count, out.baseAddress, out.count)
                }
            }
        }
        guard length >= 0 else { return nil }
        return room.withBytes { bytes in Secret(copying: bytes.extracting(first: length)) }
    }

    private var fence: Int32 {
        switch self {
        case .nfc: Int32(CUNISTRING_NFC.rawValue)
        case .nfd: Int32(CUNISTRING_NFD.rawValue)
        case .nfkc: Int32(CUNISTRING_NFKC.rawValue)
        case .nfkd: Int32(CUNISTRING_NFKD.rawValue)
        }
    }
}
