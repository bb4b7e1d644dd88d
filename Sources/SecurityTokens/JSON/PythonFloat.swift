import CLibc

/// Numbers with a fraction as Python reads and writes them.
enum PythonFloat {
    /// The number nearest to a literal of JSON's grammar; infinite when it is too large, as in Python.
    static func read(_ literal: Span<UInt8>) -> Double {
        // SAFETY: NUL-terminated, alive through the call; nothing is kept. The C locale, whichever the process has.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: literal.count + 1) { text in
            guard let start = text.baseAddress else { return 0 }
            for index in literal.indices { unsafe text[index] = CChar(bitPattern: literal[index]) }
            unsafe text[literal.count] = 0
            return unsafe clibc_strtod(start)
        }
    }

    /// Python's `repr`: the fewest digits that read back as the same number, an exponent below -4 or from 16 on. NaN and
    /// the infinities as `json.dumps` writes them.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let sign = number.sign == .minus ? "-" : ""
        if number == 0 { return sign + "0.0" }
        let (digits, point) = decimal("\(number.magnitude)")
        // `point`: how many digits stand before the decimal point.
        if point > 16 || point < -3 { return sign + scientific(digits, exponent: point - 1) }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if digits.utf8.count <= point {
            return sign + digits + String(repeating: "0", count: point - digits.utf8.count) + ".0"
        }
        return sign + String(digits.prefix(point)) + "." + String(digits.dropFirst(point))
    }

    private static func scientific(_ digits: String, exponent: Int) -> String {
        let mantissa = digits.utf8.count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
        let magnitude = exponent.magnitude
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(magnitude < 10 ? "0" : "")\(magnitude)"
    }

    /// The digits of Swift's shortest text of a positive number, without zeros at either end, and where the point stands.
    private static func decimal(_ text: String) -> (digits: String, point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = ""
        var isExponent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"): isExponent = true
            default: isExponent ? exponent.unicodeScalars.append(Unicode.Scalar(byte)) : digits.append(byte)
            }
        }
        let shift = Int(exponent) ?? 0
        let zeros = digits.prefix { $0 == 0x30 }.count
        let place = (point ?? digits.count) - zeros + shift
        digits.removeFirst(zeros)
        while digits.last == 0x30 { digits.removeLast() }
        return (String(decoding: digits, as: UTF8.self), place)
    }
}
