import CLibSecurity
import CLibc
import SecurityCore

/// A change of an account's factors by a C program.
struct Enrolment {
    private let account: Account
    private let enrolment: FactorEnrolment

    /// A change of one account, which must exist.
    init(_ context: Context, _ id: Int64) throws(Failure) {
        let store = try context.openStore()
        account = try context.account(id, in: store)
        enrolment = FactorEnrolment(policy: context.policy, store: store, environment: context.environment)
    }

    /// A TOTP with a new key, of which nothing is stored.
    func newTOTP() throws(Failure) -> TOTP {
        do throws(EnrolmentError) {
            return try enrolment.newTOTP()
        } catch {
            throw Failure(error)
        }
    }

    /// Its URI.
    func uri(of totp: TOTP) throws(Failure) -> Secret {
        do throws(EnrolmentError) {
            return try enrolment.uri(of: totp, account: account)
        } catch {
            throw Failure(error)
        }
    }

    /// Stores it; false for a wrong proof.
    func enrol(_ totp: TOTP, proof: SharedSecret?) throws(Failure) -> Bool {
        do throws(EnrolmentError) {
            return try enrolment.enrol(totp, account: account.id, proof: proof)
        } catch {
            throw Failure(error)
        }
    }

    /// New recovery codes, stored; one a line.
    func recoveryCodes() throws(Failure) -> Secret {
        let codes: [SharedSecret]
        do throws(EnrolmentError) {
            codes = try enrolment.replaceRecoveryCodes(account: account.id)
        } catch {
            throw Failure(error)
        }
        var lines = SecretBuilder(capacity: codes.count * (RecoveryCodes.codeCount + 1))
        for code in codes {
            if lines.count > 0 { lines.append(UInt8(ascii: "\n")) }
            code.withBytes { lines.append($0) }
        }
        return lines.finish()
    }

    /// The TOTP of a key that a C program passes in base32.
    static func totp(_ key: UnsafePointer<CChar>?) throws(Failure) -> TOTP {
        guard let key = unsafe key else { throw .argument("key is NULL") }
        let limit = Int(LSEC_KEY_MAX)
        // SAFETY: the header demands a text ended by NUL; no more than `limit` + 1 bytes are looked at.
        let length = unsafe strnlen(key, limit + 1)
        guard length <= limit else { throw .argument("key has more than \(limit) bytes") }
        let text = unsafe try Arguments.answer(key, length, "key")
        guard let bytes = text.withBytes({ Base32.decode($0, .typed) }), (16...128).contains(bytes.count) else {
            throw .argument("key is not base32 of 16 to 128 bytes")
        }
        return TOTP(key: SharedSecret(bytes))
    }

    /// The digits of a code that a C program passes; nil for NULL. What has not the form of a code is no proof.
    static func proof(_ code: UnsafePointer<CChar>?, _ length: Int) throws(Failure) -> SharedSecret? {
        guard let typed = unsafe try Arguments.optionalAnswer(code, length, "code") else { return nil }
        return typed.withBytes { bytes in
            let code = TypedCode(bytes)
            switch consume code {
            case .totp(let digits): return SharedSecret(digits)
            case .recovery: return SharedSecret(utf8: "")
            case .neither: return SharedSecret(utf8: "")
            }
        }
    }
}
