import CLibc

/// A number of guesses: a decimal number of 28 digits at most, rounded half to even, as Python's Decimal computes it.
///
/// Sequences of matches are compared by such numbers, and many of them are equal: binary fractions of 53 bits would decide
/// some of these cases differently.
struct Guesses: Equatable {
    /// Below 10^28, without a trailing zero unless it is 0.
    private let digits: UInt128
    private let exponent: Int

    private static let limit: UInt128 = powerOfTen(28)
    static let one = Guesses(1)

    /// A whole number.
    init(_ value: UInt128) {
        self.init(rounding: value, exponent: 0)
    }

    /// 10 to the `exponent`.
    init(powerOfTen exponent: Int) {
        digits = 1
        self.exponent = exponent
    }

    /// A positive number, fractions included.
    init(estimate value: Double) {
        guard value >= 1, value.isFinite else {
            self.init(value > 0 && value.isFinite ? 1 : 0)
            return
        }
        if value < 9_007_199_254_740_992, value == value.rounded(.down) {
            self.init(UInt128(UInt64(value)))
            return
        }
        let fraction = UInt64(value.significandBitPattern) | 1 << 52
        let power = Int(value.exponent) - 52
        let factor = Guesses.power(of: power < 0 ? 5 : 2, power < 0 ? -power : power)
        let scaled = Guesses(UInt128(fraction)) * factor
        self.init(rounding: scaled.digits, exponent: scaled.exponent + (power < 0 ? power : 0))
    }

    private init(rounding value: UInt128, exponent: Int) {
        var value = value
        var exponent = exponent
        if value >= Guesses.limit {
            var divisor: UInt128 = 10
            while value / divisor >= Guesses.limit { divisor *= 10 }
            exponent += Guesses.digitCount(divisor) - 1
            value = Guesses.rounded(value / divisor, value % divisor, divisor)
        }
        while value != 0, value % 10 == 0 {
            value /= 10
            exponent += 1
        }
        digits = value
        self.exponent = value == 0 ? 0 : exponent
    }

    /// The product.
    static func * (left: Guesses, right: Guesses) -> Guesses {
        let product = left.digits.multipliedFullWidth(by: right.digits)
        let exponent = left.exponent + right.exponent
        guard product.high != 0 else { return Guesses(rounding: product.low, exponent: exponent) }
        // Two numbers below 10^28 make one below 10^56, and a divisor of 10^28 leaves a quotient below 10^28 and a remainder.
        let (quotient, remainder) = limit.dividingFullWidth(product)
        // The quotient may be short of 28 digits: bring in digits of the remainder.
        var whole = quotient
        var rest = remainder
        var divisor = limit
        var taken = 28
        while whole < limit / 10 {
            divisor /= 10
            whole = whole * 10 + rest / divisor
            rest %= divisor
            taken -= 1
        }
        return Guesses(rounding: rounded(whole, rest, divisor), exponent: exponent + taken)
    }

    /// The sum.
    static func + (left: Guesses, right: Guesses) -> Guesses {
        if left.digits == 0 { return right }
        if right.digits == 0 { return left }
        let (high, low) = left.exponent >= right.exponent ? (left, right) : (right, left)
        let shift = high.exponent - low.exponent
        let room = 38 - digitCount(high.digits)
        if shift <= room {
            return Guesses(rounding: high.digits * powerOfTen(shift) + low.digits, exponent: low.exponent)
        }
        // Far below the last digit that counts, only whether there is something matters.
        let scaled = high.digits * powerOfTen(room)
        let drop = shift - room
        let rest = drop < 39 ? low.digits / powerOfTen(drop) : 0
        return Guesses(rounding: scaled + rest, exponent: high.exponent - room)
    }

    static func <= (left: Guesses, right: Guesses) -> Bool { !right.isLess(than: left) }
    static func < (left: Guesses, right: Guesses) -> Bool { left.isLess(than: right) }

    private func isLess(than other: Guesses) -> Bool {
        guard digits != 0, other.digits != 0 else { return digits == 0 && other.digits != 0 }
        let sizes = (Guesses.digitCount(digits) + exponent, Guesses.digitCount(other.digits) + other.exponent)
        guard sizes.0 == sizes.1 else { return sizes.0 < sizes.1 }
        let shift = exponent - other.exponent
        return shift >= 0
            ? digits * Guesses.powerOfTen(shift) < other.digits
            : digits < other.digits * Guesses.powerOfTen(-shift)
    }

    /// The greater of two.
    static func max(_ left: Guesses, _ right: Guesses) -> Guesses { left < right ? right : left }

    /// `count` factorial.
    static func factorial(_ count: Int) -> Guesses {
        var product = Guesses.one
        var small: UInt128 = 1
        for factor in 1...Swift.max(count, 1) {
            if factor <= 33 { small *= UInt128(factor) } else { product = product * Guesses(UInt128(factor)) }
        }
        return product * Guesses(small)
    }

    /// The decimal logarithm.
    var log10: Double { digits == 0 ? 0 : CLibc.log10(Double(digits)) + Double(exponent) }

    private static func power(of base: UInt128, _ exponent: Int) -> Guesses {
        var result = Guesses.one
        for _ in 0..<exponent { result = result * Guesses(base) }
        return result
    }

    private static func powerOfTen(_ exponent: Int) -> UInt128 {
        var result: UInt128 = 1
        for _ in 0..<Swift.min(Swift.max(exponent, 0), 38) { result *= 10 }
        return result
    }

    private static func digitCount(_ value: UInt128) -> Int {
        var count = 1
        var bound: UInt128 = 10
        while count < 38, value >= bound {
            count += 1
            bound *= 10
        }
        return value >= bound ? count + 1 : count
    }

    private static func rounded(_ quotient: UInt128, _ remainder: UInt128, _ divisor: UInt128) -> UInt128 {
        let half = divisor / 2
        let isUp = remainder > half || (remainder == half && divisor % 2 == 0 && quotient % 2 == 1)
        return isUp && divisor > 1 ? quotient + 1 : quotient
    }
}
