/// Reading of modular crypt and PHC strings: a prefix, fields between dollar signs, decimal numbers, alphabets.
///
/// Strings come out of a database: anything may stand there.
extension Span where Element == UInt8 {
    /// Whether the text starts with `prefix`.
    func begins(with prefix: String) -> Bool {
        guard count >= prefix.utf8.count else { return false }
        var index = 0
        for byte in prefix.utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Whether `byte` occurs.
    func contains(_ byte: UInt8) -> Bool {
        indices.contains { self[$0] == byte }
    }

    /// The places of the fields between `separator`s, from `start` on; one more than there are separators.
    func fields(from start: Int, separator: UInt8 = 0x24) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        var begin = Swift.min(start, count)
        for index in begin..<count where self[index] == separator {
            fields.append(begin..<index)
            begin = index + 1
        }
        return fields + [begin..<count]
    }

    /// The value of 1 to 10 ASCII digits without a leading zero; nil for anything else.
    var decimal: Int? {
        guard (1...10).contains(count), count == 1 || self[0] != 0x30 else { return nil }
        var value = 0
        for index in indices {
            guard (0x30...0x39).contains(self[index]) else { return nil }
            value = value * 10 + Int(self[index] - 0x30)
        }
        return value
    }

    /// The value of a field `name=digits`.
    func decimal(named name: String) -> Int? {
        guard begins(with: name + "=") else { return nil }
        return extracting(droppingFirst: name.utf8.count + 1).decimal
    }

    /// Whether every character is one of `./0-9A-Za-z`, the alphabet of crypt(3).
    var isHash64: Bool {
        indices.allSatisfy { index in
            switch self[index] {
            case 0x2E...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
    }
}

/// Making of modular crypt strings.
enum ModularCrypt {
    /// The alphabet of crypt(3), by value.
    static let hash64 = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// A stored string of its setting, which is no secret, and its checksum, which is.
    static func text(_ setting: String, _ checksum: Span<UInt8>) -> Secret {
        let setting = Array(setting.utf8)
        return Secret(count: setting.count + checksum.count) { out in
            for index in setting.indices { out[index] = setting[index] }
            for index in checksum.indices { out[setting.count + index] = checksum[index] }
        }
    }

    /// `count` random characters of crypt(3)'s alphabet.
    static func salt(_ count: Int, _ random: (Int) -> Secret?) throws(PasswordError) -> String {
        guard let bytes = random(count) else { throw .failed }
        return bytes.withBytes { bytes in
            var salt = ""
            for index in bytes.indices { salt.unicodeScalars.append(Unicode.Scalar(hash64[Int(bytes[index] & 63)])) }
            return salt
        }
    }
}

extension Span where Element == UInt8 {
    /// The text as a String, byte for byte; for settings, which are ASCII and no secret.
    var asciiText: String {
        var text = ""
        for index in indices { text.unicodeScalars.append(Unicode.Scalar(self[index])) }
        return text
    }
}
