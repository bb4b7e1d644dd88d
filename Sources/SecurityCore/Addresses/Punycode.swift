/// Punycode (RFC 3492): letters beyond ASCII as letters, digits and hyphens.
enum Punycode {
    private static let base: UInt32 = 36
    private static let least: UInt32 = 1
    private static let most: UInt32 = 26
    private static let initialBias: UInt32 = 72
    private static let initial: UInt32 = 0x80

    /// Section 6.3. Nil when a number grows out of 32 bits, which no label of a domain reaches.
    static func encode(_ label: [Unicode.Scalar]) -> String? {
        var output = label.filter { $0.isASCII }
        let basicCount = UInt32(output.count)
        if basicCount > 0 { output.append("-") }
        var (code, delta, bias, handled) = (initial, UInt32(0), initialBias, basicCount)
        while handled < label.count {
            guard let next = label.lazy.map({ $0.value }).filter({ $0 >= code }).min(),
                let step = product(next - code, handled + 1), let sum = sum(delta, step)
            else { return nil }
            delta = sum
            code = next
            for scalar in label {
                if scalar.value < code {
                    guard let more = Punycode.sum(delta, 1) else { return nil }
                    delta = more
                } else if scalar.value == code {
                    write(delta, bias, into: &output)
                    bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
                    delta = 0
                    handled += 1
                }
            }
            guard let more = Punycode.sum(delta, 1) else { return nil }
            (delta, code) = (more, code + 1)
        }
        return String(String.UnicodeScalarView(output))
    }

    private static func write(_ delta: UInt32, _ bias: UInt32, into output: inout [Unicode.Scalar]) {
        var (rest, place) = (delta, base)
        while true {
            let threshold = threshold(place, bias)
            if rest < threshold { break }
            output.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            place += base
        }
        output.append(digit(rest))
    }

    /// Section 6.2, over the text behind `xn--`. Nil when it is none.
    static func decode(_ text: Substring.UnicodeScalarView) -> [Unicode.Scalar]? {
        let text = Array(text)
        let hyphen = text.lastIndex(of: "-")
        var output = hyphen.map { Array(text[..<$0]) } ?? []
        guard output.allSatisfy({ $0.isASCII }) else { return nil }
        var rest = hyphen.map { text[($0 + 1)...] } ?? text[...]
        var (code, index, bias) = (initial, UInt32(0), initialBias)
        while !rest.isEmpty {
            guard let delta = read(&rest, bias), let place = sum(index, delta) else { return nil }
            let count = UInt32(output.count) + 1
            bias = adapt(delta, count, isFirst: index == 0 && code == initial && output.count == (hyphen ?? 0))
            guard let next = sum(code, place / count), let scalar = Unicode.Scalar(next) else { return nil }
            code = next
            index = place % count
            output.insert(scalar, at: Int(index))
            index += 1
        }
        return output
    }

    private static func read(_ rest: inout ArraySlice<Unicode.Scalar>, _ bias: UInt32) -> UInt32? {
        var (delta, weight, place) = (UInt32(0), UInt32(1), base)
        while let scalar = rest.popFirst() {
            guard let digit = value(scalar), let step = product(digit, weight), let more = sum(delta, step) else {
                return nil
            }
            delta = more
            let threshold = threshold(place, bias)
            if digit < threshold { return delta }
            guard let heavier = product(weight, base - threshold) else { return nil }
            (weight, place) = (heavier, place + base)
        }
        return nil
    }

    private static func threshold(_ place: UInt32, _ bias: UInt32) -> UInt32 {
        place <= bias ? least : min(max(place - bias, least), most)
    }

    /// Section 6.1.
    private static func adapt(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var place: UInt32 = 0
        while delta > (base - least) * most / 2 {
            delta /= base - least
            place += base
        }
        return place + (base - least + 1) * delta / (delta + 38)
    }

    private static func digit(_ value: UInt32) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26))
    }

    private static func value(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar.value {
        case 0x30...0x39: scalar.value - 0x30 + 26
        case 0x41...0x5A: scalar.value - 0x41
        case 0x61...0x7A: scalar.value - 0x61
        default: nil
        }
    }

    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32? {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : sum
    }

    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }
}
