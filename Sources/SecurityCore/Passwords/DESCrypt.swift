/// 13 characters of `./0-9A-Za-z`, 2 of salt and 11 of checksum: the first Unix crypt, of 8 bytes of 7 bits.
///
/// Read for old databases. Two characters are taken for a hash as well, and found malformed, because passlib takes them
/// for a salt.
struct DESCrypt: HashingScheme {
    /// What errors name: the scheme of passlib, or Django's.
    let scheme: PasswordScheme

    /// The algorithm under a scheme's name.
    init(_ scheme: PasswordScheme = .desCrypt) {
        self.scheme = scheme
    }

    func identifies(_ stored: Span<UInt8>) -> Bool {
        (stored.count == 13 || stored.count == 2) && stored.isHash64
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        guard stored.count == 13, stored.isHash64 else { throw .malformed(scheme) }
        let output = try compute(password, salt: stored.extracting(first: 2))
        return output.withBytes { ConstantTime.equal($0, stored) }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let salt = Array(try ModularCrypt.salt(2, random).utf8)
        return try compute(password, salt: salt.span)
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool { false }

    private func compute(_ password: Span<UInt8>, salt: Span<UInt8>) throws(PasswordError) -> Secret {
        guard let output = LibCrypt.hash(password.extracting(first: min(password.count, 8)), setting: salt),
            output.count == 13
        else { throw .failed }
        return output
    }
}
