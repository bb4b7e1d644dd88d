// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_password_check") @implementation
public func lsec_password_check(
    _ context: OpaquePointer?, _ password: UnsafePointer<lsec_new_password>?, _ flaws: UnsafeMutablePointer<UInt32>?,
    _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe flaws?.pointee = 0
    unsafe text?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let flaws = unsafe flaws else { throw .argument("flaws is NULL") }
        let password = unsafe try NewPassword(password)
        let found = PasswordRules(policy: context.policy.passwords).flaws(of: password.new, beside: password.facts)
        return unsafe try tell(found, flaws, text, in: context)
    }
}

@_cdecl("lsec_password_set") @implementation
public func lsec_password_set(
    _ context: OpaquePointer?, _ account: Int64, _ password: UnsafePointer<lsec_new_password>?,
    _ flaws: UnsafeMutablePointer<UInt32>?, _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe flaws?.pointee = 0
    unsafe text?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let flaws = unsafe flaws else { throw .argument("flaws is NULL") }
        let password = unsafe try NewPassword(password)
        let store = try context.openStore()
        _ = try context.account(account, in: store)
        let change = PasswordChange(policy: context.policy, store: store, environment: context.environment)
        switch try password.set(by: change, account: account) {
        case .changed: return LSEC_OK
        case .refused(let found): return unsafe try tell(found, flaws, text, in: context)
        }
    }
}

/// Writes flaws where a C program wants them.
private func tell(
    _ found: [PasswordFlaw], _ flaws: UnsafeMutablePointer<UInt32>,
    _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, in context: Context
) throws(Failure) -> lsec_result {
    guard !found.isEmpty else { return LSEC_OK }
    if let text = unsafe text {
        unsafe text.pointee = try Outputs.text(Outputs.lines(found.flatMap { $0.messages }.map { context.text($0) }))
    }
    unsafe flaws.pointee = found.reduce(0) { $0 | $1.flag }
    return LSEC_REFUSED
}
