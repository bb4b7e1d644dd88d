import CLibc
import CPAM
import SecurityCore

/// The transaction that libpam hands over. The only file that talks to libpam.
///
/// Nothing here outlives the call of the entry point: the handle is the application's, tokens and items are libpam's, and
/// an answer to ``answer(to:)`` is ours to wipe and free.
@safe
final class LinuxPAM: Transaction {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    func userName() throws(Interruption) -> String? {
        var name: UnsafePointer<CChar>?
        // SAFETY: libpam keeps the name; it is copied before the next call.
        let code = unsafe pam_get_user(handle, &name, nil)
        guard code == PAM_SUCCESS, let name = unsafe name else { throw LinuxPAM.interruption(code) }
        return unsafe String(validatingCString: name)
    }

    func text(_ item: TextItem) -> String? {
        guard let value = unsafe self.item(item.number) else { return nil }
        // SAFETY: these items are C strings, kept by libpam while the call lasts.
        guard let text = unsafe String(validatingCString: value.assumingMemoryBound(to: CChar.self)) else { return "?" }
        return text.isEmpty ? nil : text
    }

    func variable(_ name: String, of environment: EnvironmentKind) -> String? {
        // SAFETY: the value is libpam's or the process's, and copied before the next call.
        let value =
            switch environment {
            case .session: unsafe pam_getenv(handle, name)
            case .process: unsafe UnsafePointer(getenv(name))
            }
        guard let value = unsafe value else { return nil }
        return unsafe String(validatingCString: value)
    }

    var callerID: UInt32 { getuid() }

    func systemID(of name: String) -> UInt32? {
        // SAFETY: the record belongs to libpam, which frees it with the handle.
        guard let record = unsafe name.withCString({ unsafe pam_modutil_getpwnam(handle, $0) }) else { return nil }
        return unsafe record.pointee.pw_uid
    }

    func isUser(_ name: String) -> Bool {
        guard let value = unsafe item(PAM_USER) else { return false }
        // SAFETY: a C string, kept by libpam until the item is set again.
        let user = unsafe String(validatingCString: value.assumingMemoryBound(to: CChar.self)) ?? ""
        return user.utf8.elementsEqual(name.utf8)
    }

    func stacked(_ token: Token) -> SharedSecret? {
        guard let value = unsafe item(token.number) else { return nil }
        return unsafe LinuxPAM.copy(value.assumingMemoryBound(to: CChar.self))
    }

    func token(_ token: Token) throws(Interruption) -> SharedSecret {
        var value: UnsafePointer<CChar>?
        // SAFETY: the token is libpam's, which wipes it; it is copied before the next call. With a nil prompt libpam asks
        // with its own words, in the user's language.
        let code = unsafe pam_get_authtok(handle, token.number, &value, nil)
        guard code == PAM_SUCCESS, let value = unsafe value else { throw LinuxPAM.interruption(code) }
        return unsafe LinuxPAM.copy(value)
    }

    func forget(_ token: Token) {
        _ = unsafe pam_set_item(handle, token.number, nil)
    }

    func keep(_ secret: SharedSecret, as token: Token) {
        // libpam copies a C string; what lies behind a NUL byte is no part of an answer.
        let ended = Secret(count: secret.count + 1) { out in
            secret.withBytes { bytes in
                for index in bytes.indices { out[index] = bytes[index] }
            }
        }
        // SAFETY: the bytes end with NUL and are lent for the call.
        ended.withBytes { bytes in
            _ = unsafe bytes.withUnsafeBufferPointer { unsafe pam_set_item(handle, token.number, $0.baseAddress) }
        }
    }

    func keep(_ grant: KeptGrant?, under name: String) -> Bool {
        guard let grant else {
            // SAFETY: libpam hands the old value to its cleanup function.
            return unsafe name.withCString { unsafe pam_set_data(handle, $0, nil, nil) } == PAM_SUCCESS
        }
        let kept = unsafe Unmanaged.passRetained(grant)
        // SAFETY: libpam copies the name and owns one reference from here on, which the cleanup function lets go, also in a
        // copy of this process. The module is never unloaded (-z nodelete).
        let code = unsafe name.withCString { name in
            unsafe pam_set_data(handle, name, kept.toOpaque()) { unsafe LinuxPAM.letGo($1, status: $2) }
        }
        if code != PAM_SUCCESS { unsafe kept.release() }
        return code == PAM_SUCCESS
    }

    /// libpam's last call for what was kept: pam_end(3) with the application's result, or with a flag beside it when a copy of
    /// the process ends or another value took its place.
    private static func letGo(_ data: UnsafeMutableRawPointer?, status: Int32) {
        guard let data = unsafe data else { return }
        let errno = clibc_errno()
        defer { clibc_set_errno(errno) }
        // SAFETY: the reference that `keep` handed over, which nothing else lets go. The handle lives until pam_end returns.
        let kept = unsafe Unmanaged<KeptGrant>.fromOpaque(data).takeRetainedValue()
        if status == PAM_SUCCESS { kept.recordAtEnd() }
    }

    func takeGrant(under name: String) -> KeptGrant? {
        var value: UnsafeRawPointer?
        // SAFETY: under this name is what `keep` put there, or nil; it is retained before libpam's reference is let go.
        let code = unsafe name.withCString { unsafe pam_get_data(handle, $0, &value) }
        guard code == PAM_SUCCESS, let value = unsafe value else { return nil }
        let grant = unsafe Unmanaged<KeptGrant>.fromOpaque(value).takeUnretainedValue()
        return keep(nil, under: name) ? grant : nil
    }

    func answer(to prompt: String) throws(Interruption) -> SharedSecret {
        var response: UnsafeMutablePointer<CChar>?
        let code = unsafe prompt.withCString { unsafe cpam_prompt(handle, PAM_PROMPT_ECHO_OFF, &response, $0) }
        // SAFETY: a response is ours, also beside an error: wiped and freed once, whatever happens.
        defer {
            if let response = unsafe response {
                unsafe explicit_bzero(response, strlen(response))
                unsafe free(response)
            }
        }
        guard code == PAM_SUCCESS, let response = unsafe response else { throw LinuxPAM.interruption(code) }
        return unsafe LinuxPAM.copy(response)
    }

    func show(_ line: String) {
        _ = unsafe line.withCString { unsafe cpam_prompt(handle, PAM_ERROR_MSG, nil, $0) }
    }

    func log(_ level: LogLevel, _ line: String) {
        unsafe line.withCString { unsafe cpam_syslog(handle, level.priority, $0) }
    }

    func delayFailure(microseconds: UInt32) {
        _ = unsafe pam_fail_delay(handle, microseconds)
    }

    private func item(_ number: Int32) -> UnsafeRawPointer? {
        var value: UnsafeRawPointer?
        // SAFETY: the value stays libpam's.
        guard unsafe pam_get_item(handle, number, &value) == PAM_SUCCESS else { return nil }
        return unsafe value
    }

    /// The bytes of a C string. One that is longer than the core accepts is read so far that the core sees that.
    private static func copy(_ text: UnsafePointer<CChar>) -> SharedSecret {
        let count = unsafe strnlen(text, PasswordHasher.longestPassword + 1)
        // SAFETY: `count` bytes stand before the NUL, and the closure does not keep them.
        return unsafe text.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            unsafe SharedSecret(Secret(copying: Span(_unsafeStart: bytes, count: count)))
        }
    }

    /// What a failed call for an answer comes to. No part of a login can be resumed, so PAM_CONV_AGAIN is no answer;
    /// pam_get_authtok() reports a failed conversation as PAM_AUTHTOK_ERR.
    private static func interruption(_ code: Int32) -> Interruption {
        switch code {
        case PAM_TRY_AGAIN: Interruption(.entriesDiffer, "entries-differ")
        case PAM_BUF_ERR: Interruption(.outOfMemory, "out-of-memory")
        case PAM_SYSTEM_ERR, PAM_BAD_ITEM: Interruption(.systemFailure, "libpam-failed")
        default: Interruption(.noAnswer, Interruption.noAnswer)
        }
    }
}

extension TextItem {
    fileprivate var number: Int32 {
        switch self {
        case .terminal: PAM_TTY
        case .remoteUser: PAM_RUSER
        case .remoteHost: PAM_RHOST
        }
    }
}

extension Token {
    fileprivate var number: Int32 {
        switch self {
        case .password: PAM_AUTHTOK
        case .oldPassword: PAM_OLDAUTHTOK
        }
    }
}

extension LogLevel {
    fileprivate var priority: Int32 {
        switch self {
        case .error: LOG_ERR
        case .notice: LOG_NOTICE
        case .info: LOG_INFO
        case .debug: LOG_DEBUG
        }
    }
}
