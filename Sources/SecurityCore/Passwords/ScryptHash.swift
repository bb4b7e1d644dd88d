/// scrypt's parameters (RFC 7914 section 2).
struct ScryptParameters: Equatable {
    /// The binary logarithm of N.
    var logCost: Int
    /// r.
    var blockSize: Int
    /// p.
    var parallelism: Int
}

/// The two ways to write a scrypt hash, by their beginning.
public enum ScryptForm: String, CaseIterable, Sendable {
    /// passlib's own.
    case passlib = "$scrypt$"
    /// That of the crypt(3) specification.
    case seven = "$7$"

    /// What stands before the salt.
    func setting(_ parameters: ScryptParameters) -> String {
        switch self {
        case .passlib:
            "\(rawValue)ln=\(parameters.logCost),r=\(parameters.blockSize),p=\(parameters.parallelism)$"
        case .seven:
            rawValue + Hash64.text(parameters.logCost, count: 1) + Hash64.text(parameters.blockSize, count: 5)
                + Hash64.text(parameters.parallelism, count: 5)
        }
    }

    /// The checksum as text.
    func encode(_ checksum: Span<UInt8>) -> Secret {
        switch self {
        case .passlib: Base64.phc.encode(checksum)
        case .seven: Hash64.encode(checksum)
        }
    }
}

/// A scrypt hash, read; what its numbers may be is judged later.
struct ScryptHash: ~Copyable {
    let parameters: ScryptParameters
    let salt: Secret
    let checksum: Secret

    /// A string in passlib's form.
    init?(passlib stored: Span<UInt8>) {
        let fields = stored.fields(from: ScryptForm.passlib.rawValue.utf8.count)
        guard fields.count == 3 else { return nil }
        let settings = stored.extracting(fields[0])
        let costs = settings.fields(from: 0, separator: 0x2C)
        guard costs.count == 3,
            let logCost = settings.extracting(costs[0]).decimal(named: "ln"),
            let blockSize = settings.extracting(costs[1]).decimal(named: "r"),
            let parallelism = settings.extracting(costs[2]).decimal(named: "p"),
            let salt = Base64.lenient.decode(stored.extracting(fields[1])),
            let checksum = Base64.lenient.decode(stored.extracting(fields[2]))
        else { return nil }
        parameters = ScryptParameters(logCost: logCost, blockSize: blockSize, parallelism: parallelism)
        self.salt = salt
        self.checksum = checksum
    }

    /// A string in the form of crypt(3). passlib takes any ASCII for a salt.
    init?(seven stored: Span<UInt8>) {
        let fields = stored.fields(from: ScryptForm.seven.rawValue.utf8.count)
        guard fields.count == 2, fields[0].count >= 11 else { return nil }
        let head = stored.extracting(fields[0])
        let text = head.extracting(11..<head.count)
        guard let logCost = Hash64.integer(head.extracting(0..<1)),
            let blockSize = Hash64.integer(head.extracting(1..<6)),
            let parallelism = Hash64.integer(head.extracting(6..<11)),
            text.indices.allSatisfy({ text[$0] < 0x80 }),
            let checksum = Hash64.decode(stored.extracting(fields[1]))
        else { return nil }
        parameters = ScryptParameters(logCost: logCost, blockSize: blockSize, parallelism: parallelism)
        salt = Secret(copying: text)
        self.checksum = checksum
    }
}
