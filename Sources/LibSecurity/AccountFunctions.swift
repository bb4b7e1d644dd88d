// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_account_find") @implementation
public func lsec_account_find(
    _ context: OpaquePointer?, _ identity: UnsafePointer<CChar>?, _ request: UnsafePointer<lsec_request>?,
    _ account: UnsafeMutablePointer<lsec_account>?
) -> lsec_result {
    let size = MemoryLayout<lsec_account>.size
    // A struct of another size is not written to.
    if let account = unsafe account, unsafe account.pointee.size == size { unsafe account.pointee = .nobody }
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let account = unsafe account else { throw .argument("account is NULL") }
        try Arguments.check(size: unsafe account.pointee.size, expected: size, "account")
        let name = unsafe try Arguments.text(identity, "identity", limit: Int(LSEC_IDENTITY_MAX))
        let match = try context.find(unsafe try Request(request).identity(name))
        unsafe account.pointee = lsec_account(match, policy: context.policy, now: context.environment.now())
        guard case .one = match else { return LSEC_NOT_FOUND }
        return LSEC_OK
    }
}

@_cdecl("lsec_account_read") @implementation
public func lsec_account_read(
    _ context: OpaquePointer?, _ account: Int64, _ which: lsec_account_text,
    _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe text?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let text = unsafe text else { throw .argument("text is NULL") }
        let found = try context.account(account, in: try context.openStore())
        guard let wanted = found.text(which) else { throw .argument("which is unknown") }
        unsafe text.pointee = try Outputs.text(wanted)
        return LSEC_OK
    }
}
