/// Django's way to store another scheme's hash: behind a name of its own (passlib: `PrefixWrapper`).
struct PrefixedScheme<Inner: HashingScheme>: HashingScheme {
    /// Whether passlib looks behind the name before it takes a stored string for one of this scheme.
    enum Identification: Sendable {
        case byName, byNameAndInner
    }

    private let prefix: String
    private let inner: Inner
    private let identification: Identification
    /// Whether the inner scheme hashes the hexadecimal SHA-256 of the password, to escape bcrypt's 72 bytes.
    private let isDigested: Bool

    /// A scheme behind a name. Errors carry the inner scheme's, which is told the outer one's.
    init(_ prefix: String, _ inner: Inner, identifiedBy identification: Identification, isDigested: Bool = false) {
        self.prefix = prefix
        self.inner = inner
        self.identification = identification
        self.isDigested = isDigested
    }

    var scheme: PasswordScheme { inner.scheme }

    func identifies(_ stored: Span<UInt8>) -> Bool {
        guard stored.begins(with: prefix) else { return false }
        return identification == .byName || inner.identifies(stored.extracting(droppingFirst: prefix.utf8.count))
    }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        try input(password).withBytes { (input) throws(PasswordError) in
            try inner.verify(input, against: stored.extracting(droppingFirst: prefix.utf8.count))
        }
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        let hash = try input(password).withBytes { (input) throws(PasswordError) in
            try inner.hash(input, options, random: random)
        }
        return hash.withBytes { ModularCrypt.text(prefix, $0) }
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        try inner.isDue(stored.extracting(droppingFirst: prefix.utf8.count), options)
    }

    private func input(_ password: Span<UInt8>) -> Secret {
        guard isDigested else { return Secret(copying: password) }
        return LibCrypto.digest(.sha256, of: password).withBytes { Hex.encode($0) }
    }
}
