import CPeers
import SecurityCore
import SecurityStore
import SecurityTokens

// Ratios of one run: our verification over the bare C call, TOTP checks per second over liboath's, look-ups in
// databases of growing size. CPU time, not wall time.

/// CPU seconds that `body` takes.
func cpu(_ body: () -> Void) -> Double {
    let start = cpeers_cpu()
    body()
    return cpeers_cpu() - start
}

/// The median of interleaved measurements of two bodies, in seconds of CPU.
func interleaved(_ rounds: Int, _ ours: () -> Void, _ peer: () -> Void) -> (ours: Double, peer: Double) {
    var times: [(Double, Double)] = []
    for _ in 0..<rounds { times.append((cpu(ours), cpu(peer))) }
    let middle = rounds / 2
    return (times.map { $0.0 }.sorted()[middle], times.map { $0.1 }.sorted()[middle])
}

func text(_ value: Double, _ digits: Int = 3) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value * scale).rounded())
    let fraction = String(scaled % Int(scale))
    return "\(scaled / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
}

func padded(_ value: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - value.count))
    return right ? blanks + value : value + blanks
}

func row(_ cells: [String]) {
    print(padded(cells[0], 40) + cells.dropFirst().map { padded($0, 14, right: true) }.joined())
}

// MARK: Hashes

struct HashCase {
    var scheme: PasswordScheme
    var options: SchemeOptions
    var rounds: Int
}

func hashBench() {
    row(["verification (single hash)", "ours ms", "bare C ms", "ratio"])
    let password = "correct horse battery staple"
    let cases = [
        HashCase(scheme: .bcrypt, options: SchemeOptions(rounds: 10), rounds: 9),
        HashCase(scheme: .sha512Crypt, options: SchemeOptions(rounds: 100_000), rounds: 9),
        HashCase(scheme: .sha256Crypt, options: SchemeOptions(rounds: 100_000), rounds: 9),
    ]
    for item in cases {
        var policy = PasswordPolicy()
        policy.scheme = item.scheme
        policy.schemes = [item.scheme]
        policy.singleHash = .all
        policy.options = [item.scheme: item.options]
        let hasher = PasswordHasher(policy: policy, salt: nil, random: SystemRandom.bytes)
        guard let hash = try? hasher.hash(Secret(utf8: password)) else { continue }
        let stored = SharedSecret(hash)
        let bytes = stored.withBytes { span in span.indices.map { span[$0] } }
        let storedText = String(decoding: bytes, as: UTF8.self)
        let result = interleaved(item.rounds) {
            let verdict = try? hasher.verify(Secret(utf8: password), against: stored)
            if verdict != .match(isDue: false) { print("WRONG \(item.scheme.rawValue)") }
        } _: {
            if cpeers_crypt(password, storedText) != 0 { print("WRONG PEER") }
        }
        row([item.scheme.rawValue, text(result.ours * 1e3), text(result.peer * 1e3), text(result.ours / result.peer)])
    }
    argon2Row(password)
}

func argon2Row(_ password: String) {
    var policy = PasswordPolicy()
    policy.scheme = .argon2
    policy.schemes = [.argon2]
    policy.singleHash = .all
    var options = SchemeOptions(rounds: 3)
    options.memoryCost = 65536
    options.parallelism = 4
    policy.options = [.argon2: options]
    let hasher = PasswordHasher(policy: policy, salt: nil, random: SystemRandom.bytes)
    guard let hash = try? hasher.hash(Secret(utf8: password)) else { return }
    let stored = SharedSecret(hash)
    let salt = "0123456789abcdef"
    let expected = [UInt8](repeating: 0, count: 32)
    let result = interleaved(7) {
        _ = try? hasher.verify(Secret(utf8: password), against: stored)
    } _: {
        _ = cpeers_argon2(password, password.utf8.count, salt, 16, 3, 65536, 4, expected, 32)
    }
    row(["argon2id 64 MiB t=3 p=4", text(result.ours * 1e3), text(result.peer * 1e3), text(result.ours / result.peer)])
}

// MARK: TOTP

func totpBench() {
    row(["TOTP checks (3 codes each)", "ours M/s", "liboath M/s", "ratio"])
    let key = "12345678901234567890"
    let totp = TOTP(key: SharedSecret(utf8: key))
    let code = Secret(utf8: "000000")
    let checks = 200_000
    let now = Instant(seconds: 1_700_000_000)
    let result = interleaved(7) {
        code.withBytes { code in
            for _ in 0..<checks { _ = totp.counter(of: code, at: now, window: 30) }
        }
    } _: {
        for _ in 0..<checks { _ = cpeers_oath(key, 20, 1_700_000_000, "000000") }
    }
    let ours = Double(checks) / result.ours / 1e6
    let peer = Double(checks) / result.peer / 1e6
    row(["clear key", text(ours), text(peer), text(ours / peer)])
}

// MARK: Tokens

/// Verification of an authentication token, payload included, against the bare HMAC-SHA1 of its bytes.
func tokenBench() {
    row(["token checks", "ours M/s", "bare HMAC M/s", "ratio"])
    let now = Instant(seconds: 1_700_000_000)
    let key = SharedSecret(utf8: "a key of thirty-two bytes or more")
    let serializer = TimedSerializer(Signer(key: key, salt: "remember-salt"))
    let name = JSONString("0123456789abcdef0123456789abcdef")
    let payloads = [
        ("5.0", AuthenticationPayload(uniquifier: name).value),
        ("5.9", AuthenticationPayload(uniquifier: name, authenticatedAt: 1_700_000_000.5).value),
    ]
    let bare = SharedHMACKey(.sha1, key: Array("twenty bytes of key.".utf8).span)
    let checks = 100_000
    for (label, payload) in payloads {
        let token = serializer.dumps(payload, at: now)
        let result = interleaved(7) {
            token.withBytes { token in
                for _ in 0..<checks where serializer.loads(token, maxAge: 60, now: now).payload == nil {
                    print("WRONG")
                }
            }
        } _: {
            token.withBytes { token in
                for _ in 0..<checks { _ = bare.code(of: token) }
            }
        }
        let ours = Double(checks) / result.ours / 1e6
        let peer = Double(checks) / result.peer / 1e6
        row(["authentication token of \(label)", text(ours), text(peer), text(ours / peer)])
    }
}

// MARK: Look-ups

func lookupBench(_ paths: [String]) {
    row(["look-up with open and close", "us", "of the first"])
    var first: Double?
    for path in paths {
        let rounds = 2000
        let time = cpu {
            for index in 0..<rounds {
                guard let store = try? StoreFactory.open(.sqlite(path: path), by: .host) else {
                    return print("cannot open \(path)")
                }
                let name = "user\(index % 1000)"
                _ = try? store.accounts(where: .username, equals: name, ignoringCase: false)
            }
        }
        let each = time / Double(rounds) * 1e6
        let base = first ?? each
        first = base
        row([String(path.split(separator: "/").last ?? ""), text(each, 1), text(each / base)])
    }
}

hashBench()
print()
totpBench()
print()
tokenBench()
print()
lookupBench(Array(CommandLine.arguments.dropFirst()))
