/// One way to store a password, in passlib's string format.
///
/// `password` is what is hashed: the HMAC or the normalised text. It never holds a NUL and has
/// ``PasswordHasher/longestPassword`` bytes at most.
protocol HashingScheme: Sendable {
    /// passlib's name.
    var scheme: PasswordScheme { get }

    /// Whether the stored string is of this scheme, by its beginning or its shape alone.
    func identifies(_ stored: Span<UInt8>) -> Bool

    /// Whether the password is the stored string's. Costs a full hash.
    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool

    /// A new stored string. Costs a full hash.
    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret

    /// Whether a stored string of this scheme is to be renewed by its parameters alone.
    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool
}

/// One row of the table of schemes: its name and its four functions.
struct SchemeRow: Sendable {
    let scheme: PasswordScheme
    let identifies: @Sendable (Span<UInt8>) -> Bool
    let verify: @Sendable (Span<UInt8>, Span<UInt8>) throws(PasswordError) -> Bool
    let hash: @Sendable (Span<UInt8>, SchemeOptions, (Int) -> Secret?) throws(PasswordError) -> Secret
    let isDue: @Sendable (Span<UInt8>, SchemeOptions) throws(PasswordError) -> Bool

    private init(_ row: some HashingScheme) {
        scheme = row.scheme
        identifies = { stored in row.identifies(stored) }
        verify = { (password, stored) throws(PasswordError) in try row.verify(password, against: stored) }
        hash = { (password, options, random) throws(PasswordError) in
            try row.hash(password, options, random: random)
        }
        isDue = { (stored, options) throws(PasswordError) in try row.isDue(stored, options) }
    }

    /// Every scheme that SECURITY_PASSWORD_SCHEMES or LIBSECURITY_PASSWORD_SCHEMES can name. The order says nothing: that of the policy decides.
    static let all: [SchemeRow] = [
        SchemeRow(Bcrypt()),
        SchemeRow(Argon2()),
        SchemeRow(DESCrypt()),
        SchemeRow(PBKDF2Scheme.sha256),
        SchemeRow(PBKDF2Scheme.sha512),
        SchemeRow(SHACrypt.sha256),
        SchemeRow(SHACrypt.sha512),
        SchemeRow(Plaintext()),
        SchemeRow(Scrypt()),
        SchemeRow(PrefixedScheme("argon2", Argon2(.djangoArgon2, type: .i), identifiedBy: .byNameAndInner)),
        SchemeRow(
            PrefixedScheme(
                "bcrypt_sha256$", Bcrypt(.djangoBcryptSHA256, renewsUnusedBits: false), identifiedBy: .byName,
                isDigested: true)),
        SchemeRow(DjangoPBKDF2.sha256),
        SchemeRow(DjangoPBKDF2.sha1),
        SchemeRow(PrefixedScheme("bcrypt$", Bcrypt(.djangoBcrypt), identifiedBy: .byNameAndInner)),
        SchemeRow(DjangoSalted.md5),
        SchemeRow(DjangoSalted.sha1),
        SchemeRow(DjangoDESCrypt()),
        SchemeRow(Yescrypt()),
    ]

    /// The row of a scheme.
    static func of(_ scheme: PasswordScheme) -> SchemeRow? {
        all.first { row in row.scheme == scheme }
    }
}
