import Foundation
import Testing

@testable import SecurityCore

@Suite struct TOTPTests {
    private static var rfcKey: SharedSecret { SharedSecret(utf8: "12345678901234567890") }

    /// RFC 4226 appendix D.
    @Test(
        arguments: zip(
            Int64(0)...9,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
            ]))
    func `HOTP values of RFC 4226`(counter: Int64, code: String) {
        #expect(TOTP(key: Self.rfcKey).code(counter: counter)?.text() == code)
    }

    /// RFC 6238 appendix B, with the keys of the reference implementation (20, 32 and 64 bytes).
    @Test(
        arguments: [
            (Int64(59), "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ])
    func `TOTP values of RFC 6238`(time: Int64, sha1: String, sha256: String, sha512: String) {
        let digits = String(repeating: "1234567890", count: 7)
        let rows: [(LibCrypto.Digest, Int, String)] = [
            (.sha1, 20, sha1), (.sha256, 32, sha256), (.sha512, 64, sha512),
        ]
        for (algorithm, length, expected) in rows {
            let totp = TOTP(
                key: SharedSecret(utf8: String(digits.prefix(length))), algorithm: algorithm, digits: 8)
            #expect(totp.code(counter: time / 30)?.text() == expected)
            let found = Secret(utf8: expected).withBytes {
                totp.counter(of: $0, at: Instant(seconds: time), window: 0)
            }
            #expect(found == time / 30)
        }
    }

    @Test func `codes of passlib`() {
        for vector in OneTimeCodesVectors.all.codes {
            #expect(TOTP(key: .hex(vector.keyHex)).code(counter: vector.counter)?.text() == vector.code)
        }
    }

    @Test func `the window is passlib's`() throws {
        let totp = TOTP(key: Self.rfcKey)
        for vector in OneTimeCodesVectors.all.windows {
            let counters = try #require(totp.counters(at: Instant(seconds: vector.now), window: vector.windowSeconds))
            let now = vector.now / 30
            #expect(
                [counters.lowerBound - now, counters.upperBound - now] == vector.acceptedStepsFromNow)
            #expect(counters.count == vector.numberAccepted)
        }
    }

    @Test func `a code outside the window is not found`() throws {
        let totp = TOTP(key: Self.rfcKey)
        let now = Instant(seconds: 1_700_000_015)
        for offset in Int64(-6)...6 {
            let code = totp.code(counter: 1_700_000_015 / 30 + offset)
            let found = code?.withBytes { totp.counter(of: $0, at: now, window: 120) } ?? nil
            #expect((found != nil) == (abs(offset) <= 4))
        }
    }

    @Test(arguments: ["", "75522", "7552240", "75522a", "755224 ", "７５５２２４", "-55224", "+55224"])
    func `what is not exactly six digits is no code`(typed: String) {
        let found = Secret(utf8: typed).withBytes {
            TOTP(key: Self.rfcKey).counter(of: $0, at: Instant(seconds: 0), window: 300)
        }
        #expect(found == nil)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max - 1, Int64.max])
    func `no moment and no window traps`(edge: Int64) {
        for period in [Int64.min, -30, 0, 1, 30, Int64.max] {
            let totp = TOTP(key: Self.rfcKey, digits: 6, period: period)
            for window in [Int64.min, -1, 0, 30] {
                let moment = Instant(microseconds: edge)
                _ = Secret(utf8: "000000").withBytes { totp.counter(of: $0, at: moment, window: window) }
            }
            _ = totp.code(counter: edge)
            _ = totp.counters(at: Instant(microseconds: edge), window: edge)
        }
    }
}

@Suite struct TypedCodeTests {
    enum Kind: Equatable {
        case totp(String)
        case recovery(String)
        case neither
    }

    private func kind(_ typed: String) -> Kind {
        let code = TypedCode.typed(typed)
        return switch consume code {
        case .totp(let digits): Kind.totp(digits.text())
        case .recovery(let code): Kind.recovery(code.text())
        case .neither: Kind.neither
        }
    }

    @Test(
        arguments: [
            ("732303", Kind.totp("732303")), ("732 303", .totp("732303")), ("732-303", .totp("732303")),
            (" 732303 ", .totp("732303")), ("732303=", .totp("732303")), ("\u{a0}732\u{2009}303", .totp("732303")),
            ("0123456789", .totp("0123456789")), ("32303", .neither), ("01234567890", .neither), ("abcdef", .neither),
            ("", .neither), ("１２３４５６", .neither), ("12345²", .neither),
            ("0123-4567-89ab", .recovery("0123-4567-89ab")), (" 0123-4567-89ab\n", .recovery("0123-4567-89ab")),
            ("0000-0000-0000", .recovery("0000-0000-0000")), ("0123-4567-89AB", .neither), ("0123456789ab", .neither),
            ("0123-4567-89ab-cdef", .neither), ("0123-4567-89abx", .neither), ("correct horse", .neither),
        ])
    func `a typed text is sorted`(typed: String, expected: Kind) {
        #expect(kind(typed) == expected)
    }

    @Test func `what passlib makes of a typed code`() throws {
        let totp = TOTP(key: .hex("3132333435363738393031323334353637383930"))
        let vectors = OneTimeCodesVectors.all.normalizeToken.filter { $0.entered != nil }
        try #require(vectors.count > 9)
        for vector in vectors {
            let typed = Secret(utf8: vector.entered ?? "")
            let counter: Int64? =
                switch typed.withBytes({ TypedCode($0) }) {
                case .totp(let digits):
                    digits.withBytes { totp.counter(of: $0, at: Instant(seconds: vector.now), window: 0) }
                case .recovery: nil
                case .neither: nil
                }
            #expect((counter != nil) == vector.isAccepted, "\(vector.entered ?? "")")
        }
    }

    @Test func `no bytes trap`() {
        for seed in 0..<3000 {
            var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
            var bytes: [UInt8] = []
            for _ in 0..<(seed % 40) {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes.append(
                    seed % 3 == 0
                        ? UInt8(truncatingIfNeeded: state) : [0xE2, 0x80, 0x89, 0x31, 0x2D, 0xC2][Int(state % 6)])
            }
            _ = TypedCode(bytes.span)
        }
    }
}

extension TypedCode {
    static func typed(_ text: String) -> TypedCode {
        Secret(utf8: text).withBytes { TypedCode($0) }
    }
}

@Suite struct TOTPWalletTests {
    @Test func `passlib's wallets open`() throws {
        for vector in OneTimeCodesVectors.all.wallet {
            let totp = try TOTPWallet(secrets: TOTPSecrets(vector.secrets), cost: 14).open(text: vector.storedJson)
            #expect(totp.key.withBytes { Hex.text($0) } == vector.keyHex, "\(vector.label)")
        }
    }

    @Test func `the tag of new wallets is passlib's`() {
        for vector in OneTimeCodesVectors.all.defaultTag {
            let secrets = TOTPSecrets(vector.tags.map { (tag: $0, secret: SharedSecret(utf8: "secret")) })
            #expect(secrets.defaultTag == vector.defaultTag, "\(vector.tags)")
        }
    }

    /// passlib's own word for each, and ours.
    @Test func `what passlib refuses is refused by name`() throws {
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"]), cost: 14)
        let expected: [WalletError?] = [
            .unknownTag, .wrongVersion, .malformed, nil, .wrongType, .wrongVersion, nil, nil, .malformed, .malformed,
        ]
        let vectors = OneTimeCodesVectors.all.walletErrors
        try #require(vectors.count == expected.count)
        for (vector, error) in zip(vectors, expected) {
            guard let error else {
                let totp = try wallet.open(text: vector.source)
                #expect(totp.key.text() == "12345678901234567890")
                #expect(totp.digits == vector.digits)
                #expect(totp.period == vector.period)
                continue
            }
            #expect(throws: error) { _ = try wallet.open(text: vector.source) }
        }
    }

    @Test(
        arguments: [
            (#"{"key":"GEZDGNBV","key":"GEZDGNBV","type":"totp","v":1}"#, WalletError.malformed),
            (#"{"key":"GEZDGNBV","enckey":{},"type":"totp","v":1}"#, .malformed),
            (#"{"enckey":{"key":"GEZDGNBV"},"key":"GEZDGNBV","type":"totp","v":1}"#, .malformed),
            (#"{"key":"GEZD\u0047NBV","type":"totp","v":1}"#, .malformed),
            (#"{"key":"","type":"totp","v":1}"#, .malformed),
            (#"{"key":"1!","type":"totp","v":1}"#, .malformed),
            ("{\"key\":\"GEZD\nGNBV\",\"type\":\"totp\",\"v\":1}", .malformed),
            (#"{"key":"GEZDGNBV","format":"hex","type":"totp","v":1}"#, .unsupported),
            (#"{"x":{"key":"GEZDGNBV"},"key":"AAAAAAAA","type":"totp","v":1}"#, .unsupported),
            (#"{"key":7,"type":"totp","v":1}"#, .malformed),
            (#"{"key":"GEZDGNBV","type":"totp","v":1,"digits":5}"#, .unsupported),
            (#"{"key":"GEZDGNBV","type":"totp","v":1,"digits":"6"}"#, .malformed),
            (#"{"key":"GEZDGNBV","type":"totp","v":1,"period":0}"#, .unsupported),
            (#"{"key":"GEZDGNBV","type":"totp","v":1,"alg":"md5"}"#, .unsupported),
            (#"{"key":"GEZDGNBV","type":"totp","v":1.0}"#, .wrongVersion),
            (#"{"enckey":{"c":21,"k":"AAAA","s":"AAAA","t":"1","v":1},"type":"totp","v":1}"#, .costOutOfBounds),
            (#"{"enckey":{"c":-1,"k":"AAAA","s":"AAAA","t":"1","v":1},"type":"totp","v":1}"#, .costOutOfBounds),
            (#"{"enckey":{"c":4,"k":"A","s":"AAAA","t":"1","v":1},"type":"totp","v":1}"#, .malformed),
            (#"{"enckey":{"c":4,"s":"AAAA","t":"1","v":1},"type":"totp","v":1}"#, .malformed),
            (#"[{"type":"totp"}]"#, .malformed), ("", .malformed), ("null", .malformed),
        ])
    func `a malformed wallet is refused`(stored: String, error: WalletError) {
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret"]), cost: 4)
        #expect(throws: error) { _ = try wallet.open(text: stored) }
    }

    @Test func `an over-long wallet is not parsed`() {
        let padding = String(repeating: " ", count: TOTPWallet.longestWallet)
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret"]), cost: 4)
        #expect(throws: WalletError.malformed) {
            _ = try wallet.open(text: #"{"key":"GEZDGNBV","type":"totp","v":1}"# + padding)
        }
    }

    /// Names that passlib knows and that change no code.
    @Test func `label, issuer and an old counter are not looked at`() throws {
        let stored = #"{"issuer":"x","key":"gezd gnb-v=","label":"y","last_counter":7,"type":"totp","v":1}"#
        let totp = try TOTPWallet(secrets: TOTPSecrets([]), cost: 4).open(text: stored)
        #expect(totp.key.text() == "12345")
    }

    /// jansson calls itself for each level: 2,000 of them do not fit this stack.
    @Test(arguments: ["[", #"{"a":"#])
    func `a deeply nested wallet fits a small stack`(level: String) async {
        let stored = String(repeating: level, count: TOTPWallet.longestWallet / level.utf8.count)
        let isRefused = await withCheckedContinuation { continuation in
            let thread = Thread {
                let wallet = TOTPWallet(secrets: TOTPSecrets([]), cost: 4)
                continuation.resume(returning: (try? wallet.open(text: stored)) == nil)
            }
            thread.stackSize = 64 * 1024
            thread.start()
        }
        #expect(isRefused)
    }

    /// Each text is one of passlib's with up to three bytes changed, taken out or put in.
    @Test func `a damaged wallet is refused or opens to what can be sealed again`() throws {
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret"]), cost: 0)
        let sealed = try wallet.seal(TOTP(key: SharedSecret(utf8: "12345678901234567890")), random: SystemRandom.bytes)
        let seeds = [sealed.text(), #"{"digits":8,"key":"GEZDGNBVGY3TQOJQ","period":60,"type":"totp","v":1}"#]
        var opened = 0
        for seed in 1...3000 {
            var noise = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
            func next(_ bound: Int) -> Int {
                noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(noise >> 33) % bound
            }
            var bytes = Array(seeds[seed % 2].utf8)
            for _ in 0...next(3) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array(#"{}[]",:\0"#.utf8)[next(9)], at: place)
                }
            }
            guard let totp = try? wallet.open(bytes.span) else { continue }
            opened += 1
            let again = try wallet.open(text: wallet.seal(totp, random: SystemRandom.bytes).text())
            #expect(again.key.withBytes { Hex.text($0) } == totp.key.withBytes { Hex.text($0) })
        }
        #expect(opened > 100)
    }

    @Test(arguments: [(LibCrypto.Digest.sha1, 6, Int64(30)), (.sha256, 8, 60), (.sha512, 10, 1)])
    func `what is sealed opens again`(algorithm: LibCrypto.Digest, digits: Int, period: Int64) throws {
        let secrets = TOTPSecrets(["1": "old", "10": "newest", "9": "newer"])
        let wallet = TOTPWallet(secrets: secrets, cost: 4)
        let key = SharedSecret(SystemRandom.bytes(20) ?? Secret(utf8: ""))
        let sealed = try wallet.seal(
            TOTP(key: key, algorithm: algorithm, digits: digits, period: period), random: SystemRandom.bytes)
        #expect(sealed.text().contains(#""t":"10""#))
        let opened = try wallet.open(text: sealed.text())
        #expect(opened.key.withBytes { Hex.text($0) } == key.withBytes { Hex.text($0) })
        #expect(opened.algorithm == algorithm)
        #expect(opened.digits == digits)
        #expect(opened.period == period)
    }

    @Test(
        arguments: [
            (#"{"key":"GEZDGNBVGY3TQOJQ","type":"totp","v":1}"#, 5), ("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ", 5),
            ("1/4", 5), ("1/7", 7), ("2/4", 5), ("2/5", nil), ("2/9", nil),
        ] as [(String, Int?)])
    func `an old seal becomes one of the newest tag, never a cheaper one`(stored: String, cost: Int?) throws {
        let key = SharedSecret(utf8: "1234567890")
        var source = stored
        if stored.count == 3, let tag = stored.first, let cost = stored.last?.wholeNumberValue {
            let maker = TOTPWallet(secrets: TOTPSecrets([String(tag): "secret \(tag)"]), cost: cost)
            source = try maker.seal(TOTP(key: key), random: SystemRandom.bytes).text()
        }
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret 1", "2": "secret 2"]), cost: 5)
        let opened = try Secret(utf8: source).withBytes { try wallet.read($0) }
        let new = wallet.resealed(opened, random: SystemRandom.bytes)
        guard let cost else {
            #expect(new == nil)
            return
        }
        let again = try #require(new).withBytes { try wallet.read($0) }
        #expect(again.seal == OpenedWallet.Seal(tag: "2", cost: cost))
        #expect(again.totp.key.text() == key.text())
    }

    @Test func `without a secret, a tag or randomness nothing is sealed anew`() throws {
        let text = Secret(utf8: #"{"key":"GEZDGNBVGY3TQOJQ","type":"totp","v":1}"#)
        let without = TOTPWallet(secrets: TOTPSecrets([]), cost: 5)
        #expect(without.resealed(try text.withBytes { try without.read($0) }, random: SystemRandom.bytes) == nil)
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret"]), cost: 5)
        #expect(wallet.resealed(try text.withBytes { try wallet.read($0) }) { _ in nil } == nil)
    }

    @Test func `the sealed text is passlib's to the byte`() throws {
        let vector = try #require(OneTimeCodesVectors.all.wallet.first)
        let wallet = TOTPWallet(secrets: TOTPSecrets(vector.secrets), cost: 14)
        let salt = "c63847e89d132244e85d0b21"
        let sealed = try wallet.seal(TOTP(key: .hex(vector.keyHex))) { _ in
            Secret(utf8: salt).withBytes { Hex.decode($0) }
        }
        #expect(sealed.text() == vector.storedJson)
    }

    @Test func `sealing needs a tag, randomness and room`() {
        let totp = TOTP(key: SharedSecret(utf8: "12345678901234567890"))
        #expect(throws: WalletError.unknownTag) {
            _ = try TOTPWallet(secrets: TOTPSecrets([]), cost: 4).seal(totp, random: SystemRandom.bytes)
        }
        let wallet = TOTPWallet(secrets: TOTPSecrets(["1": "secret"]), cost: 4)
        #expect(throws: WalletError.failed) { _ = try wallet.seal(totp) { _ in nil } }
        #expect(throws: WalletError.unsupported) {
            _ = try wallet.seal(TOTP(key: SharedSecret(utf8: "")), random: SystemRandom.bytes)
        }
        let long = TOTP(key: SharedSecret(utf8: String(repeating: "k", count: 120)))
        #expect(throws: WalletError.unsupported) { _ = try wallet.seal(long, random: SystemRandom.bytes) }
    }
}
