/// `$y$<parameters>$<salt>$<checksum>`: yescrypt, in which Debian's and others' `passwd` store new passwords.
///
/// passlib does not know it, so that SECURITY_PASSWORD_SCHEMES cannot name it: LIBSECURITY_PASSWORD_SCHEMES does. It is for
/// accounts whose hash was taken over from /etc/shadow, and so always hashes the password itself. Each is renewed as soon
/// as its password is known, because the Python application cannot read it.
struct Yescrypt: HashingScheme {
    let scheme = PasswordScheme.yescrypt

    private static let prefix = "$y$"
    /// The only flavour that libxcrypt writes (YESCRYPT_DEFAULTS).
    private static let flavor: UInt32 = 47
    /// The most memory in bytes: 1 GiB.
    private static let memoryLimit = 1 << 30

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: Yescrypt.prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        try check(stored)
        // libxcrypt takes phrases of up to 511 bytes.
        guard password.count <= LibCrypt.longestPhrase else { return false }
        guard let output = LibCrypt.hash(password, setting: stored) else { throw .failed }
        return output.withBytes { ConstantTime.equal($0, stored) }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        throw .unsupported(scheme)
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        try check(stored)
        return true
    }

    /// Nothing is given to libxcrypt that it would need more memory for than allowed.
    private func check(_ stored: Span<UInt8>) throws(PasswordError) {
        let fields = stored.fields(from: Yescrypt.prefix.utf8.count)
        guard fields.count == 3, fields.allSatisfy({ stored.extracting($0).isHash64 }), fields[1].count <= 86,
            fields[1].count % 4 != 1, fields[2].count == 43
        else { throw .malformed(scheme) }
        var numbers = YescryptNumbers(place: fields[0])
        guard let flavor = numbers.next(stored, least: 0), let logCost = numbers.next(stored, least: 1),
            let blockSize = numbers.next(stored, least: 1)
        else { throw .malformed(scheme) }
        // What may follow, parallelism and a ROM, nobody writes.
        guard flavor == Yescrypt.flavor, numbers.isAtEnd else { throw .unsupported(scheme) }
        guard logCost < 32, Int(blockSize) <= (Yescrypt.memoryLimit / 128) >> Int(logCost) else {
            throw .tooCostly(scheme)
        }
    }
}

/// The numbers in a yescrypt setting: each takes one character more for each doubling of the bits that it needs.
private struct YescryptNumbers {
    private var place: Range<Int>

    init(place: Range<Int>) {
        self.place = place
    }

    var isAtEnd: Bool { place.isEmpty }

    /// The next number, which is at least `least`; nil when it is cut off or too large. yescrypt: `decode64_uint32`.
    mutating func next(_ stored: Span<UInt8>, least: UInt32) -> UInt32? {
        guard let first = digit(stored) else { return nil }
        var (start, end, bits, rest) = (UInt32(0), UInt32(47), UInt32(0), 0)
        var result = UInt64(least)
        while first > end {
            result += UInt64(end + 1 - start) << UInt64(bits)
            (start, end) = (end + 1, end + 1 + (62 - end) / 2)
            rest += 1
            bits += 6
        }
        result += UInt64(first - start) << UInt64(bits)
        for _ in 0..<rest {
            guard let digit = digit(stored) else { return nil }
            bits -= 6
            result += UInt64(digit) << UInt64(bits)
        }
        return UInt32(exactly: result)
    }

    private mutating func digit(_ stored: Span<UInt8>) -> UInt32? {
        guard let index = place.first, let value = Hash64.value(stored[index]) else { return nil }
        place = place.dropFirst()
        return UInt32(clamping: value)
    }
}
