import CUnistring

/// User names as identities.
public enum Username {
    /// The name as Flask-Security's username mapper makes it: blanks around it taken off, normalised to NFKD. Nil when
    /// nothing is left or it cannot be a user name at all.
    public static func normalized(_ text: String) -> String? {
        let trimmed = trimming(text)
        guard !trimmed.isEmpty, trimmed.utf8.count <= 255 else { return nil }
        return UnicodeText.normalized(trimmed, .nfkd)
    }

    private static func trimming(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}

/// Normalisation of texts that are not secret.
public enum UnicodeText {
    /// The text in a normalisation form (Unicode Standard Annex 15); nil when it grows beyond reason.
    public static func normalized(_ text: String, _ form: NormalizationForm) -> String? {
        let input = Array(text.utf8)
        var output = [UInt8](repeating: 0, count: input.count * 18 + 16)
        let capacity = output.count
        // SAFETY: both buffers live through the call, and their sizes are passed.
        let length = unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe cunistring_normalize(
                    form.code, input.baseAddress, input.count, output.baseAddress, capacity)
            }
        }
        guard length >= 0 else { return nil }
        return String(validating: output.prefix(length), as: UTF8.self)
    }
}

extension NormalizationForm {
    /// The number that the fence knows the form by.
    var code: Int32 {
        switch self {
        case .nfc: 0
        case .nfd: 1
        case .nfkc: 2
        case .nfkd: 3
        }
    }
}
