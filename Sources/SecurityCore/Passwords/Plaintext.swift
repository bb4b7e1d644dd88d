/// The normalised text itself. ``PasswordHasher`` asks this scheme only where the policy allows it by name.
///
/// passlib takes any string that no other scheme recognises for a plaintext password, so that whoever has read an unknown
/// hash can log in with it. Here a string is no plaintext password when it is empty, or starts like a hash of any kind, also
/// behind the marks of a locked account (`!`, `*`).
struct Plaintext: HashingScheme {
    let scheme = PasswordScheme.plaintext

    /// `$` and `{` begin modular crypt strings and LDAP's; the others are Django's.
    private static let hashPrefixes = [
        "$", "{", "argon2$", "bcrypt$", "bcrypt_sha256$", "crypt$", "md5$", "pbkdf2_sha1$", "pbkdf2_sha256$", "scrypt$",
        "sha1$",
    ]

    func identifies(_ stored: Span<UInt8>) -> Bool {
        let start = stored.indices.first { stored[$0] != 0x21 && stored[$0] != 0x2A }
        guard let start else { return false }
        let rest = stored.extracting(droppingFirst: start)
        return !Plaintext.hashPrefixes.contains { rest.begins(with: $0) }
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        ConstantTime.equal(password, stored)
    }

    /// A password that could not be told from a hash is refused.
    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        guard identifies(password) else { throw .unsupported(scheme) }
        return Secret(copying: password)
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool { false }
}
