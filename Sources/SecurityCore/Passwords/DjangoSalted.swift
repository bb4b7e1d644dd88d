/// `md5$<salt>$<32 hex>` and `sha1$<salt>$<40 hex>`: one digest of salt and password, of Django before 1.4.
///
/// Read for old databases: a stolen hash costs nothing to guess.
struct DjangoSalted: HashingScheme {
    let scheme: PasswordScheme
    private let prefix: String
    /// Characters of a checksum.
    private let checksumCount: Int
    private let digest: @Sendable (Span<UInt8>) -> Secret

    /// With MD5.
    static let md5 = DjangoSalted(scheme: .djangoSaltedMD5, prefix: "md5$", checksumCount: 32) { LibCrypto.md5(of: $0) }
    /// With SHA-1.
    static let sha1 = DjangoSalted(scheme: .djangoSaltedSHA1, prefix: "sha1$", checksumCount: 40) { message in
        LibCrypto.digest(.sha1, of: message)
    }

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let parts = try parse(stored)
        let computed = checksum(password, salt: stored.extracting(parts.salt))
        return computed.withBytes { ConstantTime.equal($0, stored.extracting(parts.checksum)) }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let salt = try DjangoSalt.make(options, random)
        let checksum = checksum(password, salt: Array(salt.utf8).span)
        return checksum.withBytes { ModularCrypt.text("\(prefix)\(salt)$", $0) }
    }

    /// There is no parameter; the fields must be those of a hash.
    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        _ = try parse(stored)
        return false
    }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> (salt: Range<Int>, checksum: Range<Int>) {
        let fields = stored.fields(from: prefix.utf8.count)
        guard fields.count == 2, DjangoSalt.isValid(stored.extracting(fields[0])),
            fields[1].count == checksumCount, fields[1].allSatisfy({ isLowerHex(stored[$0]) })
        else { throw .malformed(scheme) }
        return (fields[0], fields[1])
    }

    private func isLowerHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    private func checksum(_ password: Span<UInt8>, salt: Span<UInt8>) -> Secret {
        var input = SecretBuilder(capacity: salt.count + password.count)
        input.append(salt)
        input.append(password)
        return input.finish().withBytes { digest($0) }.withBytes { Hex.encode($0) }
    }
}

/// Salts of Django: letters and digits.
enum DjangoSalt {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    /// Longer ones than any option asks for.
    private static let longest = 1024

    /// Whether it may be a salt; an empty one may, as in Django before 1.4.
    static func isValid(_ salt: Span<UInt8>) -> Bool {
        salt.count <= longest && salt.indices.allSatisfy { index in alphabet.contains(salt[index]) }
    }

    /// A new one, of 12 characters unless an option says otherwise. Bytes beyond the last whole alphabet are left out, so that
    /// no character comes more often than another.
    static func make(_ options: SchemeOptions, _ random: (Int) -> Secret?) throws(PasswordError) -> String {
        let count = min(max(options.saltLength ?? 12, 1), longest)
        let isFair = 256 / alphabet.count * alphabet.count
        var salt = ""
        for _ in 0..<16 {
            guard let bytes = random(2 * count) else { throw .failed }
            bytes.withBytes { bytes in
                for index in bytes.indices where Int(bytes[index]) < isFair && salt.utf8.count < count {
                    salt.unicodeScalars.append(Unicode.Scalar(alphabet[Int(bytes[index]) % alphabet.count]))
                }
            }
            if salt.utf8.count == count { return salt }
        }
        throw .failed
    }
}
