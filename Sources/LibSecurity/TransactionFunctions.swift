// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
public import CLibSecurity
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_transaction_begin") @implementation
public func lsec_transaction_begin(
    _ context: OpaquePointer?, _ identity: UnsafePointer<CChar>?, _ request: UnsafePointer<lsec_request>?,
    _ transaction: UnsafeMutablePointer<OpaquePointer?>?, _ step: UnsafeMutablePointer<lsec_step>?
) -> lsec_result {
    unsafe transaction?.pointee = nil
    unsafe step?.pointee = LSEC_STEP_DENIED
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let transaction = unsafe transaction, let step = unsafe step else {
            throw .argument("transaction or step is NULL")
        }
        let identity = unsafe try Arguments.text(identity, "identity", limit: Int(LSEC_IDENTITY_MAX))
        let request = unsafe try Request(request)
        let begun = Transaction(context: context, identity: identity, request: request)
        try begun.begin()
        guard let handle = unsafe begun.makeHandle() else { throw .memory }
        unsafe transaction.pointee = handle
        unsafe step.pointee = begun.step
        return LSEC_OK
    }
}

@_cdecl("lsec_transaction_answer") @implementation
public func lsec_transaction_answer(
    _ transaction: OpaquePointer?, _ answer: UnsafePointer<CChar>?, _ length: Int,
    _ step: UnsafeMutablePointer<lsec_step>?
) -> lsec_result {
    unsafe step?.pointee = LSEC_STEP_DENIED
    return unsafe Transaction.run(transaction) { (transaction) throws(Failure) in
        guard let step = unsafe step else { throw .argument("step is NULL") }
        try transaction.answer(unsafe try Arguments.answer(answer, length, "answer"))
        unsafe step.pointee = transaction.step
        return LSEC_OK
    }
}

@_cdecl("lsec_transaction_step") @implementation
public func lsec_transaction_step(_ transaction: OpaquePointer?) -> lsec_step {
    unsafe Transaction.read(transaction, else: LSEC_STEP_DENIED) { $0.step }
}

@_cdecl("lsec_transaction_reason") @implementation
public func lsec_transaction_reason(_ transaction: OpaquePointer?) -> lsec_reason {
    unsafe Transaction.read(transaction, else: LSEC_REASON_NONE) { $0.reason }
}

@_cdecl("lsec_transaction_account") @implementation
public func lsec_transaction_account(
    _ transaction: OpaquePointer?, _ account: UnsafeMutablePointer<Int64>?
) -> lsec_result {
    unsafe account?.pointee = 0
    return unsafe Transaction.run(transaction) { (transaction) throws(Failure) in
        guard let account = unsafe account else { throw .argument("account is NULL") }
        guard let id = transaction.grantedAccount else { throw Failure(LSEC_ERR_STATE, "nobody was let in") }
        unsafe account.pointee = id
        return LSEC_OK
    }
}

@_cdecl("lsec_transaction_audit") @implementation
public func lsec_transaction_audit(
    _ transaction: OpaquePointer?, _ line: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe line?.pointee = nil
    return unsafe Transaction.run(transaction) { (transaction) throws(Failure) in
        guard let line = unsafe line else { throw .argument("line is NULL") }
        unsafe line.pointee = try Outputs.text(transaction.auditLine)
        return LSEC_OK
    }
}

@_cdecl("lsec_transaction_free") @implementation
public func lsec_transaction_free(_ transaction: OpaquePointer?) {
    unsafe Transaction.handle(transaction)?.release()
}
