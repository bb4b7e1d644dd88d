/// `$6$rounds=<rounds>$<salt, up to 16>$<checksum>`: SHA-crypt (Ulrich Drepper, Unix crypt using SHA-256 and SHA-512).
///
/// Without `rounds=` there are 5000. Read as passlib reads it: no clipping of rounds, no cutting of salts.
struct SHACrypt: HashingScheme {
    let scheme: PasswordScheme
    private let prefix: String
    private let checksum: SHACryptChecksum
    private let checksumCount: Int
    private let range: CostRange

    /// With SHA-256. The limit is 10 seconds here.
    static let sha256 = SHACrypt(
        scheme: .sha256Crypt, prefix: "$5$", checksum: SHACryptChecksum(digest: .sha256), checksumCount: 43,
        range: CostRange(allowed: 1000...999_999_999, standard: 535_000, limit: 30_000_000))
    /// With SHA-512.
    static let sha512 = SHACrypt(
        scheme: .sha512Crypt, prefix: "$6$", checksum: SHACryptChecksum(digest: .sha512), checksumCount: 86,
        range: CostRange(allowed: 1000...999_999_999, standard: 656_000, limit: 30_000_000))

    private static let implicitRounds = 5000

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let parts = try parse(stored)
        let computed = checksum.compute(password, salt: stored.extracting(parts.salt), rounds: parts.rounds)
        return computed.withBytes { ConstantTime.equal($0, stored.extracting(parts.checksum)) }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let rounds = range.cost(options)
        guard rounds <= range.limit else { throw .tooCostly(scheme) }
        let salt = try ModularCrypt.salt(min(max(options.saltLength ?? 16, 0), 16), random)
        let computed = checksum.compute(password, salt: Array(salt.utf8).span, rounds: rounds)
        let setting = rounds == SHACrypt.implicitRounds ? prefix : "\(prefix)rounds=\(rounds)$"
        return computed.withBytes { ModularCrypt.text("\(setting)\(salt)$", $0) }
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
        var fields = stored.fields(from: prefix.utf8.count)
        var rounds: Int? = SHACrypt.implicitRounds
        if stored.extracting(fields[0]).begins(with: "rounds=") {
            rounds = stored.extracting(fields.removeFirst()).decimal(named: "rounds")
        }
        guard fields.count == 2, fields[0].count <= 16, stored.extracting(fields[0]).isHash64,
            fields[1].count == checksumCount, stored.extracting(fields[1]).isHash64
        else { throw .malformed(scheme) }
        return Parts(rounds: try range.checked(rounds, scheme), salt: fields[0], checksum: fields[1])
    }
}
