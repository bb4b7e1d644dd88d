import SecurityCore

/// Base64 as Python reads it without `validate`, which is leniently: several texts are the same bytes, and a signature MUST be
/// compared by its bytes.
///
/// 1. A character outside the alphabet is skipped.
/// 2. Unused bits of the last character are ignored.
/// 3. `=` ends the text where it completes a group of at least two characters, and is skipped elsewhere.
enum PythonBase64 {
    /// Python's two ways.
    enum Form {
        /// `base64.b64decode`.
        case standard
        /// itsdangerous: `=` is added up to a multiple of four, `-` and `_` are read as `+` and `/`, which are read too.
        case urlSafe
    }

    /// The bytes of a text; nil when its last group is incomplete.
    static func decode(_ text: Span<UInt8>, _ form: Form = .urlSafe) -> Secret? {
        var bytes = SecretBuilder(capacity: text.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var place = 0
        var pads = 0
        // By the length of the text, whatever its characters.
        let padded = form == .urlSafe ? (text.count + 3) / 4 * 4 : text.count
        for index in 0..<padded {
            let byte = index < text.count ? text[index] : UInt8(ascii: "=")
            if byte == UInt8(ascii: "=") {
                guard place >= 2 else { continue }
                pads += 1
                if place + pads >= 4 { return bytes.finish() }
                continue
            }
            guard let value = value(byte, form) else { continue }
            pads = 0
            bits = bits << 6 | value
            place = place == 3 ? 0 : place + 1
            // The first character of a group ends no byte, each other one ends one.
            switch place {
            case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            case 3: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            case 0: bytes.append(UInt8(truncatingIfNeeded: bits))
            default: break
            }
        }
        return place == 0 ? bytes.finish() : nil
    }

    private static func value(_ character: UInt8, _ form: Form) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character - 0x41)
        case 0x61...0x7A: UInt32(character - 0x61 + 26)
        case 0x30...0x39: UInt32(character - 0x30 + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case UInt8(ascii: "-"): form == .urlSafe ? 62 : nil
        case UInt8(ascii: "_"): form == .urlSafe ? 63 : nil
        default: nil
        }
    }
}
