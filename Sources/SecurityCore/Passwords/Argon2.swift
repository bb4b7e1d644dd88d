/// `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<checksum>` (PHC string format, RFC 9106); `argon2i` and `argon2d` too.
///
/// Read as libargon2 reads it, which passlib leaves it to: numbers without leading zeros, base64 without padding and
/// without stray bits, no `keyid` or `data`; without `v=` the version is 16.
struct Argon2: HashingScheme {
    /// What errors name: the argon2 of passlib, or Django's.
    let scheme: PasswordScheme
    /// The type of new hashes.
    private let standardType: Argon2Type

    /// The algorithm under a scheme's name.
    init(_ scheme: PasswordScheme = .argon2, type: Argon2Type = .id) {
        self.scheme = scheme
        standardType = type
    }

    /// Passes.
    private static let passes = CostRange(allowed: 1...0xFFFF_FFFF, standard: 3, limit: 1 << 16)
    /// The most memory in KiB: 1 GiB.
    private static let memoryLimit = 1 << 20
    /// The most memory times passes, in KiB: 16 GiB, 13 seconds here.
    private static let workLimit = 1 << 24
    private static let prefix = "$argon2"

    /// passlib's `^\$argon2[a-z]+\$`.
    func identifies(_ stored: Span<UInt8>) -> Bool {
        guard stored.begins(with: Argon2.prefix) else { return false }
        let fields = stored.fields(from: Argon2.prefix.utf8.count)
        let isLetters = fields[0].allSatisfy { (0x61...0x7A).contains(stored[$0]) }
        return fields.count > 1 && !fields[0].isEmpty && isLetters
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let hash = try parse(stored)
        let parameters = hash.parameters
        let computed = hash.salt.withBytes { salt in
            LibArgon2.derive(parameters, password: password, salt: salt, count: hash.checksum.count)
        }
        guard let computed else { throw .failed }
        return computed.withBytes { computed in hash.checksum.withBytes { ConstantTime.equal(computed, $0) } }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let parameters = try checked(
            type: options.argon2Type ?? standardType, version: 19, memory: memory(options),
            passes: Argon2.passes.cost(options),
            lanes: lanes(options), malformed: .unsupported(scheme))
        guard let salt = random(max(options.saltLength ?? 16, 8)) else { throw .failed }
        let checksum = salt.withBytes { salt in
            LibArgon2.derive(parameters, password: password, salt: salt, count: checksumCount(options))
        }
        guard let checksum else { throw .failed }
        let setting = salt.withBytes { salt in
            "$argon2\(parameters.type.rawValue)$v=\(parameters.version)$m=\(parameters.memory),t=\(parameters.passes)"
                + ",p=\(parameters.lanes)$" + Base64.phc.encode(salt).withBytes { $0.asciiText } + "$"
        }
        let text = checksum.withBytes { Base64.phc.encode($0) }
        return text.withBytes { ModularCrypt.text(setting, $0) }
    }

    /// passlib's `_calc_needs_update`: everything but the salt's length.
    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        let hash = try parse(stored)
        return hash.parameters.type != options.argon2Type ?? standardType
            || hash.parameters.version != 19
            || Int(hash.parameters.memory) != memory(options)
            || Int(hash.parameters.lanes) != lanes(options)
            || hash.checksum.count != checksumCount(options)
            || Argon2.passes.isDue(Int(hash.parameters.passes), options)
    }

    private func memory(_ options: SchemeOptions) -> Int { max(options.memoryCost ?? 65536, 8) }
    private func lanes(_ options: SchemeOptions) -> Int { max(options.parallelism ?? 4, 1) }
    private func checksumCount(_ options: SchemeOptions) -> Int { min(max(options.hashLength ?? 32, 16), 1024) }

    private struct Hash: ~Copyable {
        let parameters: LibArgon2.Parameters
        let salt: Secret
        let checksum: Secret
    }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> Hash {
        var fields = stored.fields(from: Argon2.prefix.utf8.count)
        guard let type = Argon2Type(rawValue: stored.extracting(fields.removeFirst()).asciiText) else {
            throw .malformed(scheme)
        }
        var version = 16
        if fields.count == 4, let written = stored.extracting(fields[0]).decimal(named: "v") {
            version = written
            fields.removeFirst()
        }
        guard fields.count == 3 else { throw .malformed(scheme) }
        let costs = stored.extracting(fields[0]).fields(from: 0, separator: 0x2C)
        guard costs.count == 3,
            let memory = stored.extracting(fields[0]).extracting(costs[0]).decimal(named: "m"),
            let passes = stored.extracting(fields[0]).extracting(costs[1]).decimal(named: "t"),
            let lanes = stored.extracting(fields[0]).extracting(costs[2]).decimal(named: "p"),
            let salt = Base64.phc.decode(stored.extracting(fields[1])), salt.count >= 8,
            let checksum = Base64.phc.decode(stored.extracting(fields[2])), checksum.count >= 4
        else { throw .malformed(scheme) }
        let parameters = try checked(
            type: type, version: version, memory: memory, passes: passes, lanes: lanes, malformed: .malformed(scheme))
        return Hash(parameters: parameters, salt: salt, checksum: checksum)
    }

    /// The parameters, if argon2 allows them (`malformed` if not) and they are within the limits above.
    private func checked(
        type: Argon2Type, version: Int, memory: Int, passes: Int, lanes: Int, malformed: PasswordError
    ) throws(PasswordError) -> LibArgon2.Parameters {
        guard version == 16 || version == 19, Argon2.passes.allowed.contains(passes), (1...0xFF_FFFF).contains(lanes),
            memory <= 0xFFFF_FFFF, memory >= 8 * lanes
        else { throw malformed }
        guard passes <= Argon2.passes.limit, memory <= Argon2.memoryLimit, memory * passes <= Argon2.workLimit else {
            throw .tooCostly(scheme)
        }
        return LibArgon2.Parameters(
            type: type, version: UInt32(clamping: version), memory: UInt32(clamping: memory),
            passes: UInt32(clamping: passes), lanes: UInt32(clamping: lanes))
    }
}
