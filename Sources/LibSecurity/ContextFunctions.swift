// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CLibSecurity
import CLibc
import SecurityCore

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_context_open") @implementation
public func lsec_context_open(
    _ path: UnsafePointer<CChar>?, _ context: UnsafeMutablePointer<OpaquePointer?>?,
    _ problems: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe context?.pointee = nil
    unsafe problems?.pointee = nil
    guard let context = unsafe context else { return LSEC_ERR_ARGUMENT }
    do throws(Failure) {
        let path = unsafe try Arguments.optionalText(path, "path", limit: Int(LSEC_PATH_MAX))
        let policy = try policy(at: path ?? PolicyFile.standardPath)
        let translations = policy.messages.translations(for: nil)
        guard let handle = unsafe Context(policy: policy, translations: translations).makeHandle() else {
            return LSEC_ERR_MEMORY
        }
        unsafe context.pointee = handle
        return LSEC_OK
    } catch {
        guard let problems = unsafe problems, error.result != LSEC_ERR_ARGUMENT else { return error.result }
        do throws(Failure) { unsafe problems.pointee = try Outputs.text(error.message) } catch {}
        return error.result
    }
}

private func policy(at path: String) throws(Failure) -> Policy {
    let reading: PolicyReading
    do throws(PolicyFileError) {
        reading = try PolicyReader.read(file: path)
    } catch {
        throw Failure(LSEC_ERR_POLICY_FILE, error.description)
    }
    guard let policy = reading.policy else {
        throw Failure(LSEC_ERR_POLICY, Outputs.lines(reading.errors.map { $0.description }))
    }
    return policy
}

@_cdecl("lsec_context_policy") @implementation
public func lsec_context_policy(_ context: OpaquePointer?) -> UInt32 {
    guard let policy = unsafe Context.handle(context)?.object.policy else { return 0 }
    let offers: [(flag: UInt32, isOffered: Bool)] = [
        (LSEC_POLICY_CHANGEABLE, policy.isChangeable),
        (LSEC_POLICY_TWO_FACTOR, policy.factors.isActive),
        (LSEC_POLICY_TWO_FACTOR_REQUIRED, policy.factors.isRequired),
        (LSEC_POLICY_RECOVERY_CODES, policy.factors.recoveryCodes),
    ]
    return offers.reduce(0) { $1.isOffered ? $0 | $1.flag : $0 }
}

@_cdecl("lsec_context_free") @implementation
public func lsec_context_free(_ context: OpaquePointer?) {
    unsafe Context.handle(context)?.release()
}

@_cdecl("lsec_last_error") @implementation
public func lsec_last_error(_ context: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
    if size > 0 { unsafe buffer?.pointee = 0 }
    guard let text = unsafe Context.handle(context)?.object.errors.text() else { return 0 }
    let bytes = Array(text.utf8)
    guard let buffer = unsafe buffer, size > 0 else { return bytes.count }
    // SAFETY: the header demands `size` writable bytes; one is kept for the NUL.
    let count = min(bytes.count, size - 1)
    for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: bytes[index]) }
    unsafe buffer[count] = 0
    return bytes.count
}

@_cdecl("lsec_string_free") @implementation
public func lsec_string_free(_ text: UnsafeMutablePointer<CChar>?) {
    guard let text = unsafe text else { return }
    // SAFETY: the header demands a text of Outputs, which ends with NUL and came from malloc.
    unsafe explicit_bzero(text, strlen(text))
    unsafe free(text)
}
