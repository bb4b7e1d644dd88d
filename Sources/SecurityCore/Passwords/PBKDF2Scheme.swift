/// `$pbkdf2-sha512$<rounds>$<salt>$<checksum>`: PBKDF2 (RFC 8018 section 5.2), salt and checksum in passlib's ab64.
struct PBKDF2Scheme: HashingScheme {
    let scheme: PasswordScheme
    private let digest: LibCrypto.Digest
    private let prefix: String
    private let range: CostRange

    /// With HMAC-SHA256. The limit is 10 seconds here.
    static let sha256 = PBKDF2Scheme(
        scheme: .pbkdf2SHA256, digest: .sha256, prefix: "$pbkdf2-sha256$",
        range: CostRange(allowed: 1...0xFFFF_FFFF, standard: 29000, limit: 10_000_000))
    /// With HMAC-SHA512.
    static let sha512 = PBKDF2Scheme(
        scheme: .pbkdf2SHA512, digest: .sha512, prefix: "$pbkdf2-sha512$",
        range: CostRange(allowed: 1...0xFFFF_FFFF, standard: 25000, limit: 10_000_000))

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let hash = try parse(stored)
        let computed = try hash.salt.withBytes { (salt) throws(PasswordError) in
            try derive(password, salt, hash.rounds)
        }
        return computed.withBytes { computed in hash.checksum.withBytes { ConstantTime.equal(computed, $0) } }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let rounds = range.cost(options)
        guard rounds <= range.limit else { throw .tooCostly(scheme) }
        guard let salt = random(min(max(options.saltLength ?? 16, 0), 1024)) else { throw .failed }
        return try salt.withBytes { (salt) throws(PasswordError) in
            let checksum = try derive(password, salt, rounds).withBytes { Base64.ab64.encode($0) }
            let text = Base64.ab64.encode(salt).withBytes { $0.asciiText }
            return checksum.withBytes { ModularCrypt.text("\(prefix)\(rounds)$\(text)$", $0) }
        }
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        range.isDue(try parse(stored).rounds, options)
    }

    private struct Hash: ~Copyable {
        let rounds: Int
        let salt: Secret
        let checksum: Secret
    }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> Hash {
        let fields = stored.fields(from: prefix.utf8.count)
        guard fields.count == 3,
            let salt = Base64.ab64.decode(stored.extracting(fields[1])), salt.count <= 1024,
            let checksum = Base64.ab64.decode(stored.extracting(fields[2])), checksum.count == digest.count
        else { throw .malformed(scheme) }
        let rounds = try range.checked(stored.extracting(fields[0]).decimal, scheme)
        return Hash(rounds: rounds, salt: salt, checksum: checksum)
    }

    private func derive(_ password: Span<UInt8>, _ salt: Span<UInt8>, _ rounds: Int) throws(PasswordError) -> Secret {
        let key = LibCrypto.pbkdf2(
            digest, password: password, salt: salt, rounds: Int32(clamping: rounds), count: digest.count)
        guard let key else { throw .failed }
        return key
    }
}
