// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_recovery_codes_generate") @implementation
public func lsec_recovery_codes_generate(
    _ context: OpaquePointer?, _ account: Int64, _ codes: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe codes?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let codes = unsafe codes else { throw .argument("codes is NULL") }
        unsafe codes.pointee = try Outputs.text(try Enrolment(context, account).recoveryCodes())
        return LSEC_OK
    }
}

@_cdecl("lsec_totp_generate") @implementation
public func lsec_totp_generate(
    _ context: OpaquePointer?, _ account: Int64, _ key: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ uri: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe key?.pointee = nil
    unsafe uri?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let key = unsafe key else { throw .argument("key is NULL") }
        let enrolment = try Enrolment(context, account)
        let totp = try enrolment.newTOTP()
        let link = try enrolment.uri(of: totp)
        let text = unsafe try Outputs.text(totp.key.withBytes { Base32.encode($0) })
        if let uri = unsafe uri {
            do throws(Failure) {
                unsafe uri.pointee = try Outputs.text(link)
            } catch {
                unsafe lsec_string_free(text)
                throw error
            }
        }
        unsafe key.pointee = unsafe text
        return LSEC_OK
    }
}

@_cdecl("lsec_totp_enrol") @implementation
public func lsec_totp_enrol(
    _ context: OpaquePointer?, _ account: Int64, _ key: UnsafePointer<CChar>?, _ code: UnsafePointer<CChar>?,
    _ length: Int
) -> lsec_result {
    unsafe Context.run(context) { (context) throws(Failure) in
        let totp = unsafe try Enrolment.totp(key)
        let proof = unsafe try Enrolment.proof(code, length)
        return try Enrolment(context, account).enrol(totp, proof: proof) ? LSEC_OK : LSEC_REFUSED
    }
}
