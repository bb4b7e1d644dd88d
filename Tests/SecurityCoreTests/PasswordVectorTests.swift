import Testing

@testable import SecurityCore

/// Strings that Flask-Security stored, at low cost and at its default cost.
@Suite struct PasswordVectorTests {
    @Test(arguments: PasswordVectors.all.normalize)
    func `text is normalised as Python does it`(_ vector: PasswordVectors.Normalized) {
        let forms: [(NormalizationForm, String)] = [
            (.nfkd, vector.nfkdUtf8Hex), (.nfc, vector.nfcUtf8Hex), (.nfkc, vector.nfkcUtf8Hex),
            (.nfd, vector.nfdUtf8Hex),
        ]
        for (form, expected) in forms {
            let normalized = Secret(hex: vector.inUtf8Hex).withBytes { form.normalize($0)?.hex() }
            #expect(normalized == expected, "\(form.rawValue)")
        }
    }

    @Test(arguments: PasswordVectors.all.hmac)
    func `the double hash is base64 of HMAC-SHA512`(_ vector: PasswordVectors.HMAC) {
        let code = Secret(utf8: PasswordVectors.all.passwordSalt).withBytes { key in
            Secret(hex: vector.normalizedUtf8Hex).withBytes { message in
                LibCrypto.hmac(.sha512, key: key, message: message).withBytes { Base64.standard.encode($0).text() }
            }
        }
        #expect(code == vector.hmacSha512Base64)
        #expect(code.utf8.count == 88)
    }

    @Test(arguments: PasswordVectors.all.hashes)
    func `a stored string matches its password and no other`(_ vector: PasswordVectors.Stored) throws {
        let hasher = PasswordHasher.vectors { $0.allowsPlaintext = true }
        #expect(hasher.scheme(of: SharedSecret(utf8: vector.stored))?.rawValue == vector.scheme)
        #expect(try hasher.verify(vector.password, vector.stored) != .mismatch)
        #expect(try hasher.verify("x" + vector.password, vector.stored) == .mismatch)
    }

    @Test(arguments: PasswordVectors.all.singleHash.filter { !$0.scheme.hasPrefix("django_") })
    func `a single hash matches its password where the policy says so`(_ vector: PasswordVectors.Stored) throws {
        let hasher = PasswordHasher.vectors { $0.singleHash = .all }
        #expect(try hasher.verify(vector.password, vector.stored) != .mismatch)
        #expect(try PasswordHasher.vectors().verify(vector.password, vector.stored) == .mismatch)
    }

    @Test(arguments: PasswordVectors.all.defaultCost)
    func `a string of passlib's default cost matches`(_ vector: PasswordVectors.Stored) throws {
        #expect(try PasswordHasher.vectors().verify(vector.password, vector.stored) != .mismatch)
    }

    @Test(arguments: PasswordVectors.all.singleHash.filter { $0.scheme.hasPrefix("django_") })
    func `Django's hashes match where the policy names their scheme`(_ vector: PasswordVectors.Stored) throws {
        let hasher = PasswordHasher.vectors { $0.schemes = PasswordScheme.allCases }
        #expect(hasher.scheme(of: SharedSecret(utf8: vector.stored))?.rawValue == vector.scheme)
        #expect(try hasher.verify(vector.password, vector.stored) != .mismatch)
        #expect(try hasher.verify("x" + vector.password, vector.stored) == .mismatch)
        #expect(PasswordHasher.vectors().error(vector.password, vector.stored) == .unidentified)
    }

    @Test(arguments: PasswordVectors.all.needsUpdate)
    func `a hash is due for renewal when passlib says so`(_ vector: PasswordVectors.Update) throws {
        var options: [PasswordScheme: SchemeOptions] = [:]
        for (key, value) in vector.passlibOptions {
            let name = try #require(key.firstRange(of: "__"))
            let scheme = try #require(PasswordScheme(rawValue: String(key[..<name.lowerBound])))
            switch key[name.upperBound...] {
            case "rounds": options[scheme, default: SchemeOptions()].rounds = value
            case "min_rounds": options[scheme, default: SchemeOptions()].minimumRounds = value
            default: Issue.record("option \(key)")
            }
        }
        let scheme = try #require(PasswordScheme(rawValue: vector.passwordHash))
        let hasher = PasswordHasher.vectors { policy in
            policy.scheme = scheme
            policy.options = options
            policy.allowsPlaintext = true
        }
        let stored = SharedSecret(utf8: vector.stored)
        #expect(hasher.scheme(of: stored)?.rawValue == vector.identifiedAs)
        #expect(try hasher.isDue(stored) == vector.needsUpdate)
    }

    @Test(arguments: PasswordVectors.all.edge)
    func `what passlib takes for plaintext by exclusion is no password here`(_ vector: PasswordVectors.Edge) {
        let hasher = PasswordHasher.vectors { $0.allowsPlaintext = true }
        switch vector.stored {
        case "pw": #expect(hasher.error("pw", "pw") == .malformed(.desCrypt))
        case "hello": #expect(hasher.scheme(of: SharedSecret(utf8: "hello")) == .plaintext)
        default: #expect(hasher.error(vector.stored, vector.stored) == .unidentified)
        }
    }
}
