/// Django's hashes: recognised by name, not computed by this version.
struct DjangoScheme: HashingScheme {
    let scheme: PasswordScheme
    private let prefix: String

    /// A scheme of a prefix.
    init(_ scheme: PasswordScheme, prefix: String) {
        self.scheme = scheme
        self.prefix = prefix
    }

    func identifies(_ stored: Span<UInt8>) -> Bool { stored.begins(with: prefix) }

    func verify(_ password: Span<UInt8>, against stored: Span<UInt8>) throws(PasswordError) -> Bool {
        throw .unsupported(scheme)
    }

    func hash(
        _ password: Span<UInt8>, _ options: SchemeOptions, random: (Int) -> Secret?
    ) throws(PasswordError) -> Secret {
        throw .unsupported(scheme)
    }

    func isDue(_ stored: Span<UInt8>, _ options: SchemeOptions) throws(PasswordError) -> Bool {
        throw .unsupported(scheme)
    }
}
