/// `$2b$<cost>$<salt, 22><checksum, 31>`: bcrypt, of the first 72 bytes.
///
/// As passlib verifies them:
/// 1. `2a`, `2b` and `2y` are one algorithm here. What set them apart are faults of old implementations, which neither
///    passlib's back end nor this code has; libxcrypt's own `2a` differs on purpose for passwords that one of the faults
///    would hit, so `2b` is computed for all.
/// 2. `2` lacks the closing NUL of the key: the password is repeated to 72 bytes.
/// 3. `2x` hashes are products of a fault that makes different passwords equal (CVE-2011-2483): refused.
/// 4. Unused bits of the last character of salt and checksum are cleared before use.
struct Bcrypt: HashingScheme {
    /// What errors name: the bcrypt of passlib, or Django's.
    let scheme: PasswordScheme
    /// Whether a `2a` hash with unused bits in its salt is due: not where passlib does not see its beginning.
    private let renewsUnusedBits: Bool

    /// The algorithm under a scheme's name.
    init(_ scheme: PasswordScheme = .bcrypt, renewsUnusedBits: Bool = true) {
        self.scheme = scheme
        self.renewsUnusedBits = renewsUnusedBits
    }

    /// 2^cost key set-ups. 18 is 64 times passlib's 12, and 12 seconds here.
    private static let range = CostRange(allowed: 4...31, standard: 12, limit: 18)
    private static let prefixes = ["$2b$", "$2a$", "$2y$", "$2$", "$2x$"]
    private static let longestKey = 72

    func identifies(_ stored: Span<UInt8>) -> Bool {
        Bcrypt.prefixes.contains { stored.begins(with: $0) }
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        let parts = try parse(stored)
        let computed = try Bcrypt.checksum(
            password, variant: parts.variant, cost: parts.cost, salt: stored.extracting(parts.salt))
        let expected = Secret(count: parts.checksum.count) { out in
            for index in out.indices { out[index] = stored[parts.checksum.lowerBound + index] }
            let last = out.count - 1
            out[last] = Base64.bcrypt.clearingUnusedBits(2, of: out[last]) ?? 0
        }
        return computed.withBytes { computed in expected.withBytes { ConstantTime.equal(computed, $0) } }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let variant = options.bcryptVariant ?? "2b"
        let cost = Bcrypt.range.cost(options)
        guard cost <= Bcrypt.range.limit else { throw .tooCostly(scheme) }
        guard variant != "2x", Bcrypt.prefixes.contains("$\(variant)$") else {
            throw .unsupported(scheme)
        }
        guard let bytes = random(16) else { throw .failed }
        let salt = bytes.withBytes { Base64.bcrypt.encode($0) }
        return try salt.withBytes { (salt) throws(PasswordError) in
            let checksum = try Bcrypt.checksum(password, variant: variant, cost: cost, salt: salt)
            let setting = Bcrypt.setting(variant, cost) + salt.asciiText
            return checksum.withBytes { ModularCrypt.text(setting, $0) }
        }
    }

    /// passlib's `needs_update` looks at the cost, and at the salt's unused bits in `2a` hashes only.
    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        let parts = try parse(stored)
        let last = stored[parts.salt.upperBound - 1]
        if renewsUnusedBits, parts.variant == "2a", Base64.bcrypt.clearingUnusedBits(4, of: last) != last {
            return true
        }
        return Bcrypt.range.isDue(parts.cost, options)
    }

    private struct Parts {
        var variant: String
        var cost: Int
        var salt: Range<Int>
        var checksum: Range<Int>
    }

    private func parse(_ stored: Span<UInt8>) throws(PasswordError) -> Parts {
        let fields = stored.fields(from: 1)
        guard identifies(stored), fields.count == 3, fields[1].count == 2, fields[2].count == 53,
            stored.extracting(fields[2]).isHash64
        else {
            throw .malformed(scheme)
        }
        let variant = stored.extracting(fields[0]).asciiText
        guard variant != "2x" else { throw .unsupported(scheme) }
        let tens = stored.extracting(fields[1]).extracting(first: 1).decimal
        let ones = stored.extracting(fields[1]).extracting(last: 1).decimal
        guard let tens, let ones else { throw .malformed(scheme) }
        let salt = fields[2].lowerBound..<fields[2].lowerBound + 22
        return Parts(
            variant: variant, cost: try Bcrypt.range.checked(tens * 10 + ones, scheme), salt: salt,
            checksum: salt.upperBound..<fields[2].upperBound)
    }

    private static func setting(_ variant: String, _ cost: Int) -> String {
        "$\(variant)$\(cost < 10 ? "0" : "")\(cost)$"
    }

    /// The 31 characters of the checksum.
    private static func checksum(
        _ password: Span<UInt8>, variant: String, cost: Int, salt: Span<UInt8>
    ) throws(PasswordError) -> Secret {
        let setting = Array(Bcrypt.setting("2b", cost).utf8) + salt.indices.map { salt[$0] }
        let key = key(password, repeating: variant == "2")
        guard let output = key.withBytes({ LibCrypt.hash($0, setting: setting.span) }), output.count == 60 else {
            throw .failed
        }
        return output.withBytes { Secret(copying: $0.extracting(last: 31)) }
    }

    private static func key(_ password: Span<UInt8>, repeating: Bool) -> Secret {
        let isRepeated = repeating && !password.isEmpty
        return Secret(count: isRepeated ? longestKey : min(password.count, longestKey)) { out in
            for index in out.indices { out[index] = password[index % password.count] }
        }
    }
}
