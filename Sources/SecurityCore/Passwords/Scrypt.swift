/// scrypt (RFC 7914) in the two forms that passlib reads:
/// - `$scrypt$ln=<log2 N>,r=<r>,p=<p>$<salt>$<checksum>`, salt and checksum in base64 without padding;
/// - `$7$<N><r, 5><p, 5><salt>$<checksum>` in crypt(3)'s base64, the salt as it stands.
struct Scrypt: HashingScheme {
    let scheme = PasswordScheme.scrypt

    /// Binary logarithms of N.
    private static let range = CostRange(allowed: 1...31, standard: 16, limit: 31)
    private static let standardBlockSize = 8
    private static let standardParallelism = 1
    private static let checksumCount = 32
    private static let longestSalt = 1024
    /// RFC 7914 section 2: p <= (2^32 - 1) * 32 / (128 * r); passlib rounds it down.
    private static let largestProduct = (1 << 30) - 1
    /// The most memory in bytes: 1 GiB.
    private static let memoryLimit = 1 << 30
    /// The most N * r * p: some ten seconds here.
    private static let workLimit = 1 << 25

    func identifies(_ stored: Span<UInt8>) -> Bool {
        ScryptForm.allCases.contains { stored.begins(with: $0.rawValue) }
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let hash = try parse(stored)
        let computed = try hash.salt.withBytes { (salt) throws(PasswordError) in
            try derive(password, salt, hash.parameters)
        }
        return computed.withBytes { computed in hash.checksum.withBytes { ConstantTime.equal(computed, $0) } }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let parameters = try checked(
            ScryptParameters(
                logCost: Scrypt.range.cost(options), blockSize: blockSize(options), parallelism: parallelism(options)),
            malformed: .unsupported(scheme))
        guard let bytes = random(min(max(options.saltLength ?? 16, 0), 768)) else { throw .failed }
        let form = options.scryptForm ?? .passlib
        let text = bytes.withBytes { Base64.phc.encode($0) }
        // The form without a separator has room for text alone.
        let checksum = try (form == .passlib ? bytes : text.copy()).withBytes { (salt) throws(PasswordError) in
            try derive(password, salt, parameters)
        }
        let setting = form.setting(parameters) + text.withBytes { $0.asciiText } + "$"
        return checksum.withBytes { form.encode($0) }.withBytes { ModularCrypt.text(setting, $0) }
    }

    /// passlib's rule: another block size or parallelism, or a cost that an option does not want. The form is ignored.
    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        let parameters = try parse(stored).parameters
        return parameters.blockSize != blockSize(options) || parameters.parallelism != parallelism(options)
            || Scrypt.range.isDue(parameters.logCost, options)
    }

    private func blockSize(_ options: SchemeOptions) -> Int { options.blockSize ?? Scrypt.standardBlockSize }
    private func parallelism(_ options: SchemeOptions) -> Int { options.parallelism ?? Scrypt.standardParallelism }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> ScryptHash {
        let hash =
            stored.begins(with: ScryptForm.passlib.rawValue) ? ScryptHash(passlib: stored) : ScryptHash(seven: stored)
        guard let hash, hash.salt.count <= Scrypt.longestSalt, hash.checksum.count == Scrypt.checksumCount else {
            throw .malformed(scheme)
        }
        _ = try checked(hash.parameters, malformed: .malformed(scheme))
        return hash
    }

    /// The parameters, if scrypt allows them (`malformed` if not) and they are within the limits above.
    private func checked(
        _ parameters: ScryptParameters, malformed: PasswordError
    ) throws(PasswordError) -> ScryptParameters {
        let (logCost, blockSize, parallelism) = (parameters.logCost, parameters.blockSize, parameters.parallelism)
        guard Scrypt.range.allowed.contains(logCost), (1...Scrypt.largestProduct).contains(blockSize),
            (1...Scrypt.largestProduct).contains(parallelism), blockSize * parallelism <= Scrypt.largestProduct,
            logCost < 16 * blockSize
        else { throw malformed }
        // No product overflows: each factor is below 2^31.
        let blocks = (1 << logCost) + parallelism
        guard blocks <= Scrypt.memoryLimit / 128 / blockSize,
            (1 << logCost) * blockSize <= Scrypt.workLimit / parallelism
        else { throw .tooCostly(scheme) }
        return parameters
    }

    private func derive(
        _ password: Span<UInt8>, _ salt: Span<UInt8>, _ parameters: ScryptParameters
    ) throws(PasswordError) -> Secret {
        let key = LibCrypto.scrypt(
            password: password, salt: salt, logCost: parameters.logCost, blockSize: parameters.blockSize,
            parallelism: parameters.parallelism, count: Scrypt.checksumCount)
        guard let key else { throw .failed }
        return key
    }
}
