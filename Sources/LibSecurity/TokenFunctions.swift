// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
public import CLibSecurity
import SecurityCore
import SecurityStore
import SecurityTokens

// SAFETY, for all of this file: pointers come from a C program, which answers for what they point to by the header's
// rules. NULL is refused before a pointer is used, none is kept, and outputs are written before the function returns.

@_cdecl("lsec_token_make") @implementation
public func lsec_token_make(
    _ context: OpaquePointer?, _ account: Int64, _ purpose: lsec_token_purpose,
    _ token: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe token?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let token = unsafe token else { throw .argument("token is NULL") }
        let kind = try AccountTokenKind(purpose)
        let store = try context.openStore()
        let account = try context.account(account, in: store)
        unsafe token.pointee = try Outputs.text(try context.newToken(kind, account, store))
        return LSEC_OK
    }
}

@_cdecl("lsec_token_make_change_email") @implementation
public func lsec_token_make_change_email(
    _ context: OpaquePointer?, _ account: Int64, _ email: UnsafePointer<CChar>?,
    _ token: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe token?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let token = unsafe token else { throw .argument("token is NULL") }
        let email = unsafe try Arguments.text(email, "email", limit: Int(LSEC_IDENTITY_MAX))
        guard EmailAddress.normalized(email, context.policy.addresses.email) != nil else { return LSEC_REFUSED }
        let store = try context.openStore()
        let account = try context.account(account, in: store)
        unsafe token.pointee = try Outputs.text(try context.newToken(.changeEmail, account, store, newEmail: email))
        return LSEC_OK
    }
}

@_cdecl("lsec_token_new_email") @implementation
public func lsec_token_new_email(
    _ context: OpaquePointer?, _ text: UnsafePointer<CChar>?, _ length: Int,
    _ email: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> lsec_result {
    unsafe email?.pointee = nil
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let email = unsafe email else { throw .argument("email is NULL") }
        let text = unsafe try Arguments.token(text, length, "text")
        let tokens = context.tokens(try context.openStore())
        let finding: TokenFinding
        do throws(StoreError) {
            finding = try text.withBytes { (text) throws(StoreError) in try tokens.check(.changeEmail, text) }
        } catch {
            throw Failure(error)
        }
        guard finding.verdict == .valid, let address = finding.newEmail else { return LSEC_REFUSED }
        unsafe email.pointee = try Outputs.text(address)
        return LSEC_OK
    }
}

@_cdecl("lsec_token_check") @implementation
public func lsec_token_check(
    _ context: OpaquePointer?, _ purpose: lsec_token_purpose, _ text: UnsafePointer<CChar>?, _ length: Int,
    _ token: UnsafeMutablePointer<lsec_token>?
) -> lsec_result {
    unsafe judge(context, purpose, text, length, token) { (tokens, kind, text) throws(StoreError) in
        try text.withBytes { (text) throws(StoreError) in try tokens.check(kind, text) }
    }
}

@_cdecl("lsec_token_redeem") @implementation
public func lsec_token_redeem(
    _ context: OpaquePointer?, _ purpose: lsec_token_purpose, _ text: UnsafePointer<CChar>?, _ length: Int,
    _ token: UnsafeMutablePointer<lsec_token>?
) -> lsec_result {
    unsafe judge(context, purpose, text, length, token) { (tokens, kind, text) throws(StoreError) in
        try text.withBytes { (text) throws(StoreError) in try tokens.redeem(kind, text) }
    }
}

private func judge(
    _ context: OpaquePointer?, _ purpose: lsec_token_purpose, _ text: UnsafePointer<CChar>?, _ length: Int,
    _ token: UnsafeMutablePointer<lsec_token>?,
    _ body: (AccountTokens, AccountTokenKind, borrowing Secret) throws(StoreError) -> TokenFinding
) -> lsec_result {
    let size = MemoryLayout<lsec_token>.size
    // A struct of another size is not written to.
    if let token = unsafe token, unsafe token.pointee.size == size { unsafe token.pointee = .none }
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let token = unsafe token else { throw .argument("token is NULL") }
        try Arguments.check(size: unsafe token.pointee.size, expected: size, "token")
        let kind = try AccountTokenKind(purpose)
        let text = unsafe try Arguments.token(text, length, "text")
        let tokens = context.tokens(try context.openStore())
        do throws(StoreError) {
            unsafe token.pointee = lsec_token(try body(tokens, kind, text))
        } catch {
            throw Failure(error)
        }
        return unsafe token.pointee.status == LSEC_TOKEN_VALID ? LSEC_OK : LSEC_REFUSED
    }
}

@_cdecl("lsec_session_read") @implementation
public func lsec_session_read(
    _ context: OpaquePointer?, _ cookie: UnsafePointer<CChar>?, _ length: Int,
    _ session: UnsafeMutablePointer<lsec_session>?
) -> lsec_result {
    let size = MemoryLayout<lsec_session>.size
    if let session = unsafe session, unsafe session.pointee.size == size { unsafe session.pointee = .none }
    return unsafe Context.run(context) { (context) throws(Failure) in
        guard let session = unsafe session else { throw .argument("session is NULL") }
        try Arguments.check(size: unsafe session.pointee.size, expected: size, "session")
        let cookie = unsafe try Arguments.token(cookie, length, "cookie")
        let tokens = context.tokens(try context.openStore())
        do throws(StoreError) {
            let finding = try cookie.withBytes { (cookie) throws(StoreError) in
                try tokens.session(cookie, isUse: true)
            }
            unsafe session.pointee = lsec_session(
                finding, policy: context.policy.freshness, now: context.environment.now())
        } catch {
            throw Failure(error)
        }
        return unsafe session.pointee.status == LSEC_TOKEN_VALID ? LSEC_OK : LSEC_REFUSED
    }
}

extension Context {
    /// The site's tokens, over a database that was opened for one call.
    fileprivate func tokens(_ store: any AccountDirectory) -> AccountTokens {
        AccountTokens(policy: policy, store: store, environment: environment)
    }

    fileprivate func newToken(
        _ kind: AccountTokenKind, _ account: Account, _ store: any AccountDirectory, newEmail: String? = nil
    ) throws(Failure) -> Secret {
        do throws(AccountTokenError) {
            return try tokens(store).make(kind, for: account, newEmail: newEmail)
        } catch {
            throw Failure(error)
        }
    }
}

extension Arguments {
    /// A copy of a token or cookie, wiped at its end. One that is longer than LSEC_TOKEN_MAX is not read; an empty one,
    /// which is no token either, stands for it.
    fileprivate static func token(
        _ pointer: UnsafePointer<CChar>?, _ length: Int, _ name: String
    ) throws(Failure) -> Secret {
        guard let pointer = unsafe pointer else { throw .argument("\(name) is NULL") }
        guard length >= 0, length <= Int(LSEC_TOKEN_MAX) else { return Secret(utf8: "") }
        // SAFETY: the header demands `length` readable bytes; they are copied before this returns.
        return unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
            Secret(copying: unsafe Span(_unsafeStart: bytes, count: length))
        }
    }
}
