/// `pbkdf2_sha256$<rounds>$<salt>$<base64>`: PBKDF2 of Django, whose salt is text and whose checksum has padding.
struct DjangoPBKDF2: HashingScheme {
    let scheme: PasswordScheme
    private let prefix: String
    private let digest: LibCrypto.Digest
    private let range: CostRange

    /// With HMAC-SHA256.
    static let sha256 = DjangoPBKDF2(
        scheme: .djangoPBKDF2SHA256, prefix: "pbkdf2_sha256$", digest: .sha256,
        range: CostRange(allowed: 1...0xFFFF_FFFF, standard: 29000, limit: 10_000_000))
    /// With HMAC-SHA1.
    static let sha1 = DjangoPBKDF2(
        scheme: .djangoPBKDF2SHA1, prefix: "pbkdf2_sha1$", digest: .sha1,
        range: CostRange(allowed: 1...0xFFFF_FFFF, standard: 131_000, limit: 10_000_000))

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let parts = try parse(stored)
        let computed = try checksum(password, salt: stored.extracting(parts.salt), rounds: parts.rounds)
        return computed.withBytes { ConstantTime.equal($0, stored.extracting(parts.checksum)) }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let rounds = range.cost(options)
        guard rounds <= range.limit else { throw .tooCostly(scheme) }
        let salt = try DjangoSalt.make(options, random)
        let checksum = try checksum(password, salt: Array(salt.utf8).span, rounds: rounds)
        return checksum.withBytes { ModularCrypt.text("\(prefix)\(rounds)$\(salt)$", $0) }
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        range.isDue(try parse(stored).rounds, options)
    }

    private struct Parts {
        var rounds: Int
        var salt: Range<Int>
        var checksum: Range<Int>
    }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> Parts {
        let fields = stored.fields(from: prefix.utf8.count)
        guard fields.count == 3, !fields[1].isEmpty, DjangoSalt.isValid(stored.extracting(fields[1])),
            fields[2].count == (digest.count + 2) / 3 * 4, fields[2].allSatisfy({ isPaddedBase64(stored[$0]) })
        else { throw .malformed(scheme) }
        let rounds = try range.checked(stored.extracting(fields[0]).decimal, scheme)
        return Parts(rounds: rounds, salt: fields[1], checksum: fields[2])
    }

    /// The text is compared, so that passlib does not mind where its padding stands: such a text matches no password.
    private func isPaddedBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2B, 0x2F...0x39, 0x3D, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private func checksum(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: Int) throws(PasswordError) -> Secret {
        let key = LibCrypto.pbkdf2(
            digest, password: password, salt: salt, rounds: Int32(clamping: rounds), count: digest.count)
        guard let key else { throw .failed }
        return key.withBytes { Base64.standard.encode($0) }
    }
}
