/// Flask-Security's recovery codes: `^[0-9a-f]{4}(-[0-9a-f]{4}){2}$`, in the column joined with commas, plainly or
/// encrypted: ``RecoveryCodeVault``.
///
/// Columns are outside data: one longer than ``longestColumn`` holds no codes, and entries of any other form are kept
/// but never match.
public enum RecoveryCodes {
    /// Characters of a code.
    public static let codeCount = 14
    /// The most codes that are made at once.
    public static let mostCodes = 1000
    /// The most bytes of a column that are looked at.
    public static let longestColumn = 65_536

    /// `count` new codes of 48 random bits each; nil when the random generator fails or `count` is not in
    /// 0...``mostCodes``.
    public static func generate(_ count: Int, random: (Int) -> Secret?) -> [SharedSecret]? {
        guard count >= 0, count <= mostCodes else { return nil }
        var codes: [SharedSecret] = []
        for _ in 0..<count {
            guard let bytes = random(6), bytes.count == 6 else { return nil }
            codes.append(SharedSecret(code(of: bytes)))
        }
        return codes
    }

    /// How many entries a column has, whether or not they can be used.
    public static func entryCount(in column: Span<UInt8>) -> Int {
        guard column.count <= longestColumn else { return 0 }
        var count = 0
        eachEntry(column) { _ in count += 1 }
        return count
    }

    /// Whether a text has the form of a code.
    static func isCode(_ text: Span<UInt8>) -> Bool {
        guard text.count == codeCount else { return false }
        return text.indices.allSatisfy { index in
            switch text[index] {
            case 0x30...0x39, 0x61...0x66: index % 5 != 4
            case hyphen: index % 5 == 4
            default: false
            }
        }
    }

    static let comma = UInt8(ascii: ",")
    private static let hyphen = UInt8(ascii: "-")

    private static func code(of bytes: borrowing Secret) -> Secret {
        let digits = bytes.withBytes { Hex.encode($0) }
        return digits.withBytes { digits in
            Secret(count: codeCount) { out in
                for index in out.indices { out[index] = index % 5 == 4 ? hyphen : digits[index - index / 5] }
            }
        }
    }

    /// Lends each entry that is not empty.
    static func eachEntry(_ column: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        for index in 0...column.count where index == column.count || column[index] == comma {
            if index > start { body(column.extracting(start..<index)) }
            start = index + 1
        }
    }
}
