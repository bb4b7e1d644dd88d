/// How recovery codes stand in the column: plainly (Flask-Security 5.0), or, with
/// SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS, each in a Fernet token that the first key made and any key opens.
///
/// With keys a plain code is none, as in Flask-Security: whoever can write the column cannot make codes. Entries that no
/// key opens, or that are older than SECURITY_MULTI_FACTOR_RECOVERY_CODE_TTL, are kept and never match.
public final class RecoveryCodeVault {
    /// Codes as they are.
    public static var plain: RecoveryCodeVault { RecoveryCodeVault(keys: [], maxAge: nil) }

    private let keys: [Fernet]
    /// Seconds after which an encrypted code no longer counts; nil = never.
    public let maxAge: Int64?

    /// A vault of keys, the one that encrypts first; none: codes are kept plainly. `maxAge` in seconds, nil = no limit.
    public init(keys: [Fernet], maxAge: Int64?) {
        self.keys = keys
        self.maxAge = maxAge
    }

    /// Whether codes are kept encrypted.
    public var isEncrypted: Bool { !keys.isEmpty }

    /// The column's text of some codes; nil when libcrypto or the random generator fails.
    public func column(of codes: [SharedSecret], now: Instant, random: (Int) -> Secret?) -> Secret? {
        var column = SecretBuilder(capacity: max(codes.count, 1) * (RecoveryCodes.codeCount + 1))
        for code in codes {
            if column.count > 0 { column.append(RecoveryCodes.comma) }
            guard let key = keys.first else {
                code.withBytes { column.append($0) }
                continue
            }
            guard let token = code.withBytes({ key.seal($0, now: now, random: random) }) else { return nil }
            column.append(token)
        }
        return column.finish()
    }

    /// The column's text without one code, which is compared exactly, in constant time; nil when it is not there. A
    /// code that stands there twice is taken out twice; empty entries go too.
    public func column(_ column: Span<UInt8>, without code: Span<UInt8>, now: Instant) -> Secret? {
        guard RecoveryCodes.isCode(code), column.count <= RecoveryCodes.longestColumn else { return nil }
        var rest = SecretBuilder(capacity: max(column.count, 1))
        var isFound = false
        RecoveryCodes.eachEntry(column) { entry in
            if holds(entry, now: now, { ConstantTime.equal($0, code) }) {
                isFound = true
                return
            }
            if rest.count > 0 { rest.append(RecoveryCodes.comma) }
            rest.append(entry)
        }
        return isFound ? rest.finish() : nil
    }

    /// How many codes a column holds that can be used here now.
    public func count(in column: Span<UInt8>, now: Instant) -> Int {
        guard column.count <= RecoveryCodes.longestColumn else { return 0 }
        var count = 0
        RecoveryCodes.eachEntry(column) { entry in count += holds(entry, now: now, { _ in true }) ? 1 : 0 }
        return count
    }

    /// Spends what opening one entry costs, for an account that has none.
    public func spend(now: Instant) {
        guard let key = keys.first else { return }
        let token = key.seal(Secret(utf8: "0000-0000-0000"), now: now)
        _ = token?.withBytes { key.open($0, now: now, maxAge: nil) }
    }

    /// Whether an entry is a code that passes `test`.
    private func holds(_ entry: Span<UInt8>, now: Instant, _ test: (Span<UInt8>) -> Bool) -> Bool {
        guard isEncrypted else { return RecoveryCodes.isCode(entry) && test(entry) }
        for key in keys {
            guard let code = key.open(entry, now: now, maxAge: maxAge) else { continue }
            return code.withBytes { RecoveryCodes.isCode($0) && test($0) }
        }
        return false
    }
}

extension Fernet {
    /// A token that nobody stores: its IV is fixed.
    fileprivate func seal(_ text: borrowing Secret, now: Instant) -> Secret? {
        text.withBytes { seal($0, now: now, random: { count in Secret(count: count) { _ in } }) }
    }
}
