/// The options of passlib's schemes, by their field of ``SchemeOptions``.
enum SchemeOptionField {
    case rounds
    case newRounds
    case minimumRounds
    case maximumRounds
    case memoryCost
    case parallelism
    case blockSize
    case hashLength
    case saltLength
    case ident
    case type
    /// Known to passlib, and without an effect on hashes made here.
    case ignored

    private static let names: [(name: String, field: SchemeOptionField)] = [
        ("rounds", .rounds), ("time_cost", .rounds), ("default_rounds", .newRounds), ("min_rounds", .minimumRounds),
        ("max_rounds", .maximumRounds), ("memory_cost", .memoryCost), ("parallelism", .parallelism),
        ("block_size", .blockSize),
        ("digest_size", .hashLength), ("hash_len", .hashLength), ("checksum_size", .hashLength),
        ("salt_size", .saltLength), ("salt_len", .saltLength), ("ident", .ident), ("type", .type),
        ("truncate_error", .ignored), ("vary_rounds", .ignored), ("max_threads", .ignored),
        ("relaxed", .ignored), ("implicit_rounds", .ignored),
    ]

    /// The option of a name.
    init?(_ name: String) {
        guard let row = SchemeOptionField.names.first(where: { $0.name.equals(name) }) else { return nil }
        self = row.field
    }

    /// The option that an unknown name was probably meant to be.
    static func nearest(to name: String) -> String? { NearestName.of(name, among: names.map { $0.name }) }

    /// What the number may be, where that does not depend on the scheme.
    var range: ClosedRange<Int64>? {
        switch self {
        case .memoryCost: 8...4_194_304
        case .parallelism: 1...255
        case .blockSize: 1...1024
        case .hashLength: 16...1024
        case .saltLength: 8...1024
        case .rounds, .newRounds, .minimumRounds, .maximumRounds, .ident, .type, .ignored: nil
        }
    }

    /// Puts a number where it belongs.
    func store(_ number: Int, in options: inout SchemeOptions) {
        switch self {
        case .rounds: options.rounds = number
        case .newRounds: options.newRounds = number
        case .minimumRounds: options.minimumRounds = number
        case .maximumRounds: options.maximumRounds = number
        case .memoryCost: options.memoryCost = number
        case .parallelism: options.parallelism = number
        case .blockSize: options.blockSize = number
        case .hashLength: options.hashLength = number
        case .saltLength: options.saltLength = number
        case .ident, .type, .ignored: break
        }
    }
}
