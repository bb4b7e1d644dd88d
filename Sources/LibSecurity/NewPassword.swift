import CLibSecurity
import SecurityCore

/// An `lsec_new_password`, read and copied into memory that is wiped.
struct NewPassword: ~Copyable {
    let new: Secret
    let facts: PasswordFacts

    init(_ pointer: UnsafePointer<lsec_new_password>?) throws(Failure) {
        guard let pointer = unsafe pointer else { throw .argument("password is NULL") }
        // SAFETY: the header demands a readable struct; its size is looked at before anything else of it.
        let size = unsafe pointer.pointee.size
        unsafe try Arguments.check(size: size, expected: MemoryLayout<lsec_new_password>.size, "password")
        let raw = unsafe pointer.pointee
        let new = unsafe try Arguments.answer(raw.password, raw.password_length, "password.password")
        let limit = Int(LSEC_IDENTITY_MAX)
        let email = unsafe try Arguments.optionalText(raw.email, "password.email", limit: limit)
        let username = unsafe try Arguments.optionalText(raw.username, "password.username", limit: limit)
        facts = PasswordFacts(
            old: unsafe try Arguments.optionalAnswer(raw.old_password, raw.old_length, "password.old_password"),
            confirmation: unsafe try Arguments.optionalAnswer(
                raw.confirmation, raw.confirmation_length, "password.confirmation"),
            words: [email, username].compactMap { $0 })
        self.new = new
    }

    /// Stores it.
    borrowing func set(by change: PasswordChange, account id: Int64) throws(Failure) -> PasswordChange.Outcome {
        do throws(PasswordChangeError) {
            return try change.set(new, account: id, beside: facts)
        } catch {
            throw Failure(error)
        }
    }
}

extension PasswordFlaw {
    /// The header's flag.
    var flag: UInt32 {
        switch self {
        case .empty: LSEC_FLAW_EMPTY
        case .tooShort: LSEC_FLAW_TOO_SHORT
        case .tooLong: LSEC_FLAW_TOO_LONG
        case .tooManyBytes: LSEC_FLAW_TOO_MANY_BYTES
        case .containsNUL: LSEC_FLAW_NUL
        case .notUTF8: LSEC_FLAW_NOT_UTF8
        case .sameAsOld: LSEC_FLAW_SAME_AS_OLD
        case .breached: LSEC_FLAW_BREACHED
        case .breachedUnknown: LSEC_FLAW_BREACHED_UNKNOWN
        case .tooSimple: LSEC_FLAW_TOO_SIMPLE
        case .strengthUnknown: LSEC_FLAW_STRENGTH_UNKNOWN
        case .notConfirmed: LSEC_FLAW_NOT_CONFIRMED
        }
    }
}
