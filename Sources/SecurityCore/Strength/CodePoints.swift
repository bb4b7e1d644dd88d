import CLibc

/// The code points of a password or of part of one, wiped at the end.
///
/// Python's strings, which zxcvbn works on, are code points: positions and lengths mean these.
@safe
final class CodePoints {
    let count: Int
    private let base: UnsafeMutablePointer<UInt32>

    /// `count` code points of `value(index)`.
    init(count: Int, _ value: (Int) -> UInt32) {
        self.count = max(count, 0)
        // SAFETY: owned by this object alone, wiped and freed once in deinit.
        unsafe base = .allocate(capacity: max(count, 1))
        for index in 0..<self.count { unsafe base.advanced(by: index).initialize(to: value(index)) }
    }

    deinit {
        unsafe explicit_bzero(base, count * MemoryLayout<UInt32>.stride)
        unsafe base.deallocate()
    }

    /// The code point at `index`; 0 beyond the ends.
    subscript(index: Int) -> UInt32 {
        guard index >= 0, index < count else { return 0 }
        // SAFETY: below count.
        return unsafe base[index]
    }
}

extension CodePoints {
    /// At most the first `limit` code points of UTF-8. What is not UTF-8 counts as U+FFFD.
    convenience init(utf8 bytes: Span<UInt8>, limit: Int) {
        let room = Swift.min(bytes.count, limit)
        var count = 0
        let whole = CodePoints(count: room) { _ in 0 }
        var index = 0
        while index < bytes.count, count < room {
            whole.set(count, bytes.codePoint(at: &index))
            count += 1
        }
        self.init(count: count) { whole[$0] }
    }

    private func set(_ index: Int, _ value: UInt32) {
        guard index >= 0, index < count else { return }
        // SAFETY: below count.
        unsafe base[index] = value
    }

    /// A part of it.
    func part(_ range: Range<Int>) -> CodePoints {
        CodePoints(count: range.count) { self[range.lowerBound + $0] }
    }

    /// The last first.
    var reversed: CodePoints { CodePoints(count: count) { self[count - 1 - $0] } }

    /// Whether the part of `length` from `place` on is `other`'s from `otherPlace` on.
    func equals(_ place: Int, _ other: CodePoints, _ otherPlace: Int, length: Int) -> Bool {
        guard place >= 0, otherPlace >= 0, length <= count - place, length <= other.count - otherPlace else {
            return false
        }
        return (0..<length).allSatisfy { self[place + $0] == other[otherPlace + $0] }
    }

    /// The places of a range that satisfy `condition`.
    func places(in range: Range<Int>, where condition: (UInt32) -> Bool) -> Int {
        var places = 0
        for index in range where condition(self[index]) { places += 1 }
        return places
    }

    /// In lower case, as Python's `str.lower()`: one code point may become two.
    var lowered: CodePoints {
        var isLower = true
        for index in 0..<count where self[index] >= 0x80 || isUpperASCII(self[index]) { isLower = false }
        guard !isLower else { return self }
        let whole = CodePoints(count: count * 3) { _ in 0 }
        var length = 0
        for index in 0..<count {
            for scalar in lower(at: index) {
                whole.set(length, scalar)
                length += 1
            }
        }
        return whole.part(0..<length)
    }

    private func isUpperASCII(_ value: UInt32) -> Bool { (0x41...0x5A).contains(value) }

    private func lower(at index: Int) -> [UInt32] {
        let value = self[index]
        if value < 0x80 { return [isUpperASCII(value) ? value + 0x20 : value] }
        if value == 0x3A3 { return [isFinalSigma(at: index) ? 0x3C2 : 0x3C3] }
        guard let scalar = Unicode.Scalar(value) else { return [value] }
        return scalar.properties.lowercaseMapping.unicodeScalars.map { $0.value }
    }

    /// Unicode's Final_Sigma: a cased letter before it and none behind it, ignorable ones in between.
    private func isFinalSigma(at index: Int) -> Bool {
        isCased(from: index - 1, by: -1) && !isCased(from: index + 1, by: 1)
    }

    private func isCased(from start: Int, by step: Int) -> Bool {
        var index = start
        while index >= 0, index < count, let scalar = Unicode.Scalar(self[index]) {
            guard scalar.properties.isCaseIgnorable else { return scalar.properties.isCased }
            index += step
        }
        return false
    }
}

extension Span where Element == UInt8 {
    /// The code point that begins at `index`, which is moved behind it; U+FFFD for a byte that begins none.
    fileprivate func codePoint(at index: inout Int) -> UInt32 {
        let first = self[index]
        index += 1
        let more =
            switch first {
            case 0xC2...0xDF: 1
            case 0xE0...0xEF: 2
            case 0xF0...0xF4: 3
            default: 0
            }
        guard first >= 0x80 else { return UInt32(first) }
        guard more > 0, more <= count - index else { return 0xFFFD }
        var value = UInt32(first) & (0x3F >> UInt32(more))
        for offset in 0..<more {
            guard self[index + offset] & 0xC0 == 0x80 else { return 0xFFFD }
            value = value << 6 | UInt32(self[index + offset] & 0x3F)
        }
        index += more
        return value
    }
}
