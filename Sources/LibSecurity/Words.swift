// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CLibSecurity

@_cdecl("lsec_version") @implementation
public func lsec_version() -> UnsafePointer<CChar>? {
    // The header's number, as a literal that lives as long as the library.
    unsafe constant("0.1.0")
}

@_cdecl("lsec_result_string") @implementation
public func lsec_result_string(_ result: lsec_result) -> UnsafePointer<CChar>? {
    unsafe constant(sentence(result))
}

@_cdecl("lsec_reason_string") @implementation
public func lsec_reason_string(_ reason: lsec_reason) -> UnsafePointer<CChar>? {
    unsafe constant(word(reason))
}

@_cdecl("lsec_token_status_string") @implementation
public func lsec_token_status_string(_ status: lsec_token_status) -> UnsafePointer<CChar>? {
    unsafe constant(word(status))
}

@_cdecl("lsec_step_prompt") @implementation
public func lsec_step_prompt(_ step: lsec_step) -> UnsafePointer<CChar>? {
    switch step {
    case LSEC_STEP_ASK_PASSWORD: unsafe constant("Password: ")
    case LSEC_STEP_ASK_CODE: unsafe constant("Verification code: ")
    default: unsafe constant("")
    }
}

/// A text that lives as long as the library.
func constant(_ text: StaticString) -> UnsafePointer<CChar>? {
    // SAFETY: a literal's UTF-8 is ended by NUL and lives as long as the library, which is never unmapped.
    unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

private func sentence(_ result: lsec_result) -> StaticString {
    switch result {
    case LSEC_OK: "success"
    case LSEC_REFUSED: "refused"
    case LSEC_NOT_FOUND: "no such account"
    case LSEC_ERR_ARGUMENT: "an argument is not valid"
    case LSEC_ERR_STATE: "not possible now"
    case LSEC_ERR_MEMORY: "out of memory"
    case LSEC_ERR_POLICY_FILE: "the configuration file is missing, or its owner or mode is not safe"
    case LSEC_ERR_POLICY: "the configuration file has errors, or lacks a setting that is needed"
    case LSEC_ERR_CRYPTO: "a cryptographic library or the random generator failed"
    case LSEC_ERR_STORE_MISSING: "the account database does not exist"
    case LSEC_ERR_STORE_UNREADABLE: "the account database may not be read"
    case LSEC_ERR_STORE_READ_ONLY: "the account database may not be written"
    case LSEC_ERR_STORE_LOCKED: "the account database is locked by another process"
    case LSEC_ERR_STORE_DAMAGED: "the account database is damaged"
    case LSEC_ERR_STORE_FULL: "no room left for the account database"
    case LSEC_ERR_STORE_SCHEMA: "the account database lacks a table or column, or forbids the change"
    case LSEC_ERR_STORE_UNSUPPORTED: "this kind of account database is not supported"
    case LSEC_ERR_STORE: "the account database failed"
    default: "unknown result"
    }
}

/// The core's raw values.
private func word(_ reason: lsec_reason) -> StaticString {
    switch reason {
    case LSEC_REASON_NONE: "none"
    case LSEC_REASON_UNKNOWN_ACCOUNT: "unknown-account"
    case LSEC_REASON_AMBIGUOUS_ACCOUNT: "ambiguous-account"
    case LSEC_REASON_SUPERUSER: "superuser"
    case LSEC_REASON_INACTIVE: "inactive"
    case LSEC_REASON_UNCONFIRMED: "unconfirmed"
    case LSEC_REASON_NOT_ADMITTED: "not-admitted"
    case LSEC_REASON_NO_PASSWORD: "no-password"
    case LSEC_REASON_WRONG_PASSWORD: "wrong-password"
    case LSEC_REASON_UNUSABLE_PASSWORD: "unusable-password"
    case LSEC_REASON_WRONG_CODE: "wrong-code"
    case LSEC_REASON_USED_CODE: "used-code"
    case LSEC_REASON_NOT_A_CODE: "not-a-code"
    case LSEC_REASON_UNUSABLE_FACTOR: "unusable-factor"
    case LSEC_REASON_NO_USABLE_FACTOR: "no-usable-factor"
    case LSEC_REASON_NO_FACTOR: "no-factor"
    case LSEC_REASON_THROTTLED: "throttled"
    case LSEC_REASON_TOO_MANY_FAILURES: "too-many-failures"
    case LSEC_REASON_DUMMY_ANSWER: "dummy-answer"
    default: "unknown-reason"
    }
}

private func word(_ status: lsec_token_status) -> StaticString {
    switch status {
    case LSEC_TOKEN_VALID: "valid"
    case LSEC_TOKEN_INVALID: "invalid"
    case LSEC_TOKEN_EXPIRED: "expired"
    case LSEC_TOKEN_UNKNOWN_ACCOUNT: "unknown-account"
    case LSEC_TOKEN_CHANGED: "changed"
    case LSEC_TOKEN_USED: "used"
    case LSEC_TOKEN_INACTIVE: "inactive"
    case LSEC_TOKEN_ANONYMOUS: "anonymous"
    case LSEC_TOKEN_ENDED: "ended"
    default: "unknown-status"
    }
}
