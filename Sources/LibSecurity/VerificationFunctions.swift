// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_password_verify") @implementation
public func lsec_password_verify(
    _ context: OpaquePointer?, _ identity: UnsafePointer<CChar>?, _ password: UnsafePointer<CChar>?, _ length: Int,
    _ request: UnsafePointer<lsec_request>?, _ reason: UnsafeMutablePointer<lsec_reason>?
) -> lsec_result {
    unsafe reason?.pointee = LSEC_REASON_NONE
    return unsafe Context.run(context) { (context) throws(Failure) in
        let password = unsafe try Arguments.answer(password, length, "password")
        let check = unsafe try SingleCheck(context, identity, request, .password)
        return unsafe try check.result(of: password, reason)
    }
}

@_cdecl("lsec_totp_verify") @implementation
public func lsec_totp_verify(
    _ context: OpaquePointer?, _ identity: UnsafePointer<CChar>?, _ code: UnsafePointer<CChar>?, _ length: Int,
    _ request: UnsafePointer<lsec_request>?, _ reason: UnsafeMutablePointer<lsec_reason>?
) -> lsec_result {
    unsafe reason?.pointee = LSEC_REASON_NONE
    return unsafe Context.run(context) { (context) throws(Failure) in
        let code = unsafe try Arguments.answer(code, length, "code")
        let check = unsafe try SingleCheck(context, identity, request, .code)
        return unsafe try check.result(of: code.isTOTP ? code : Secret(utf8: ""), reason)
    }
}

@_cdecl("lsec_recovery_code_verify") @implementation
public func lsec_recovery_code_verify(
    _ context: OpaquePointer?, _ identity: UnsafePointer<CChar>?, _ code: UnsafePointer<CChar>?, _ length: Int,
    _ request: UnsafePointer<lsec_request>?, _ reason: UnsafeMutablePointer<lsec_reason>?
) -> lsec_result {
    unsafe reason?.pointee = LSEC_REASON_NONE
    return unsafe Context.run(context) { (context) throws(Failure) in
        let code = unsafe try Arguments.answer(code, length, "code")
        let check = unsafe try SingleCheck(context, identity, request, .code)
        return unsafe try check.result(of: code.isRecoveryCode ? code : Secret(utf8: ""), reason)
    }
}

@_cdecl("lsec_freshness_check") @implementation
public func lsec_freshness_check(
    _ context: OpaquePointer?, _ session: UnsafeMutablePointer<lsec_freshness>?, _ now: Int64
) -> lsec_result {
    unsafe Context.run(context) { (context) throws(Failure) in
        guard let session = unsafe session else { throw .argument("session is NULL") }
        try Arguments.check(
            size: unsafe session.pointee.size, expected: MemoryLayout<lsec_freshness>.size, "session")
        let verdict = Freshness.check(
            Freshness.Session(unsafe session.pointee), policy: context.policy.freshness, now: Instant(seconds: now))
        if let end = verdict.newGraceEndSeconds { unsafe session.pointee.grace_until = end }
        return verdict.isFresh ? LSEC_OK : LSEC_REFUSED
    }
}
