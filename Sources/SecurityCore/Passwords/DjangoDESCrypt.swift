/// `crypt$<salt>$<des_crypt>`: the first Unix crypt, of Django.
///
/// Django 1.0 wrote a salt of five characters and repeated its first two in the hash; Django 1.4 leaves it empty.
struct DjangoDESCrypt: HashingScheme {
    private static let prefix = "crypt$"
    private static let inner = DESCrypt(.djangoDESCrypt)

    var scheme: PasswordScheme { .djangoDESCrypt }

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: DjangoDESCrypt.prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        try DjangoDESCrypt.inner.verify(password, against: stored.extracting(hash(in: stored)))
    }

    /// passlib's form, which every Django reads: the salt stands twice.
    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let hash = try DjangoDESCrypt.inner.hash(password, options, random: random)
        return hash.withBytes { hash in
            let salt = hash.extracting(first: 2).asciiText
            return ModularCrypt.text("\(DjangoDESCrypt.prefix)\(salt)$", hash)
        }
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        _ = try hash(in: stored)
        return false
    }

    /// The place of the 13 characters.
    private func hash(in stored: Span<UInt8>) throws(PasswordError) -> Range<Int> {
        let fields = stored.fields(from: DjangoDESCrypt.prefix.utf8.count)
        guard fields.count == 2, fields[1].count == 13, stored.extracting(fields[1]).isHash64 else {
            throw .malformed(scheme)
        }
        let salt = stored.extracting(fields[0])
        let hash = stored.extracting(fields[1])
        guard salt.isEmpty || salt.count >= 2 && salt.isHash64 && salt[0] == hash[0] && salt[1] == hash[1] else {
            throw .malformed(scheme)
        }
        return fields[1]
    }
}
