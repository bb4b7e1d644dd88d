import Testing

@testable import SecurityCore

@Suite struct OTPAuthURITests {
    @Test func `URIs and keys for people are passlib's`() throws {
        for vector in OneTimeCodesVectors.all.uri {
            guard let keyHex = vector.keyHex else {
                let totp = TOTP(key: SharedSecret(utf8: "12345678901234567890"))
                #expect(throws: OTPAuthURI.Failure.colon) {
                    _ = try OTPAuthURI.make(totp, issuer: vector.issuer, account: vector.username)
                }
                continue
            }
            let totp = TOTP(key: .hex(keyHex))
            let uri = try OTPAuthURI.make(totp, issuer: vector.issuer, account: vector.username)
            #expect(uri.text() == vector.uri)
            if let pretty = vector.prettyKey { #expect(OTPAuthURI.keyForPeople(totp).text() == pretty) }
            let opened = try TOTPWallet(secrets: TOTPSecrets([]), cost: 4).open(text: uri.text())
            #expect(opened.key.withBytes { Hex.text($0) } == keyHex)
        }
    }

    /// passlib's to_uri, for what the vectors leave out.
    @Test(
        arguments: [
            (LibCrypto.Digest.sha1, 6, Int64(30), "a@b", "ann@b", "a@b:ann@b?secret=GEZDGNBV&issuer=a%40b"),
            (.sha1, 6, 30, "", "ann", "ann?secret=GEZDGNBV"),
            (.sha256, 8, 60, "x", "y", "x:y?secret=GEZDGNBV&algorithm=SHA256&digits=8&period=60&issuer=x"),
            (.sha512, 6, 30, "x", "y", "x:y?secret=GEZDGNBV&algorithm=SHA512&issuer=x"),
        ])
    func `parameters stand where passlib puts them`(
        algorithm: LibCrypto.Digest, digits: Int, period: Int64, issuer: String, account: String, rest: String
    ) throws {
        let totp = TOTP(key: SharedSecret(utf8: "12345"), algorithm: algorithm, digits: digits, period: period)
        let uri = try OTPAuthURI.make(totp, issuer: issuer, account: account)
        #expect(uri.text() == "otpauth://totp/" + rest)
        let opened = try uri.withBytes { (bytes) throws(WalletError) in try OTPAuthURI.totp(of: bytes) }
        #expect(opened.key.text() == "12345")
        #expect(opened.algorithm == algorithm)
        #expect(opened.digits == digits)
        #expect(opened.period == period)
    }

    @Test func `an account needs a name`() {
        #expect(throws: OTPAuthURI.Failure.noAccount) {
            _ = try OTPAuthURI.make(TOTP(key: SharedSecret(utf8: "12345")), issuer: "x", account: "")
        }
    }

    private func read(_ rest: String) throws(WalletError) -> TOTP {
        try Secret(utf8: "otpauth://" + rest).withBytes { (uri) throws(WalletError) in try OTPAuthURI.totp(of: uri) }
    }

    /// Each is read by passlib's from_uri as the same key.
    @Test(
        arguments: [
            "totp/x:y?secret=GEZDGNBV&issuer=x", "totp/y?secret=GEZDGNBV", "totp/x:y?secret=gezd-gnbv&issuer=",
            "totp/x:y?secret=GEZD%47NBV&%69ssuer=x", "totp/x:y?secret=GEZD+GNBV&image=a&image",
            "totp/a/b?secret=GEZDGNBV",
            "totp/x%3Ay?issuer=x&secret=GEZDGNBV%3D%3D%3D#secret=AAAA", "totp/%zz?&&secret=GEZDGNBV \n",
        ])
    func `a URI is read as passlib reads it`(rest: String) throws {
        #expect(try read(rest).key.text() == "12345")
    }

    @Test(
        arguments: [
            ("hotp/x:y?secret=GEZDGNBV", WalletError.unsupported), ("TOTP/x:y?secret=GEZDGNBV", .unsupported),
            ("totpx/y?secret=GEZDGNBV", .unsupported), ("totp?secret=GEZDGNBV", .malformed), ("", .unsupported),
            ("totp", .malformed), ("totp/x:y", .malformed), ("totp/x:y?", .malformed),
            ("totp/x:y?issuer=x", .malformed),
            ("totp/?secret=GEZDGNBV", .malformed), ("totp/x:?secret=GEZDGNBV", .malformed),
            ("totp/x:%20?secret=GEZDGNBV", .malformed), ("totp/x:y:z?secret=GEZDGNBV", .malformed),
            ("totp/x:y?secret=", .malformed), ("totp/x:y?secret=1", .malformed), ("totp/x:y?secret=====", .malformed),
            ("totp/x:y?secret=GEZDGNBV&secret=GEZDGNBV", .malformed),
            ("totp/x:y?secret=GEZDGNBV&digits=6&digits=6", .malformed),
            ("totp/x:y?secret=GEZDGNBV&issuer=z", .malformed), ("totp/x:y?secret=GEZD\nGNBV", .malformed),
            ("totp/x:y?secret=GEZDGNBV&digits=99", .unsupported), ("totp/x:y?secret=GEZDGNBV&digits=-6", .malformed),
            ("totp/x:y?secret=GEZDGNBV&period=0", .unsupported),
            ("totp/x:y?secret=GEZDGNBV&period=999999999999999999999", .malformed),
            ("totp/x:y?secret=GEZDGNBV&algorithm=MD5", .unsupported),
        ])
    func `a malformed URI is refused`(rest: String, error: WalletError) {
        #expect(throws: error) { _ = try read(rest) }
    }
}
