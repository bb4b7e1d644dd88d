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
        var isComplete = false
        let bytes = Secret(atMost: text.count / 4 * 3 + 3) { out in
            var count = 0
            isComplete = decode(text, form, into: &out, &count)
            return count
        }
        guard isComplete else { return nil }
        return bytes
    }

    /// Writes the bytes of a text and counts them; false when its last group is incomplete.
    private static func decode(
        _ text: Span<UInt8>, _ form: Form, into out: inout MutableSpan<UInt8>, _ count: inout Int
    ) -> Bool {
        // A table, because which character comes next cannot be guessed: a wrong guess of the processor costs more than a look-up.
        let values = form == .urlSafe ? urlSafeValues : standardValues
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
                if place + pads >= 4 { return true }
                continue
            }
            let value = values[Int(byte)]
            if value < 0 { continue }
            pads = 0
            bits = bits << 6 | UInt32(truncatingIfNeeded: value)
            place = (place + 1) & 3
            // The first character of a group ends no byte, each other one ends one.
            if place == 1 { continue }
            out[count] = UInt8(truncatingIfNeeded: bits >> UInt32(((4 - place) & 3) * 2))
            count += 1
        }
        return place == 0
    }

    private static let standardValues = values("+/")
    private static let urlSafeValues = values("+/", "-_")

    /// The value of each byte as a character, -1 for one outside the alphabet. `last` are spellings of the two last values.
    private static func values(_ last: String...) -> [Int8] {
        var values = [Int8](repeating: -1, count: 256)
        for last in last {
            let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last
            for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = Int8(value) }
        }
        return values
    }
}
