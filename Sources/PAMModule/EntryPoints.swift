// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation, NeverUseImplicitlyUnwrappedOptionals

// The six functions that libpam looks up. The compiler compares each with <security/pam_modules.h>.
import CPAM
import PAMSecurity

@_cdecl("pam_sm_authenticate") @implementation
public func pam_sm_authenticate(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.authenticate, pamh, flags, argc, argv)
}

@_cdecl("pam_sm_setcred") @implementation
public func pam_sm_setcred(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.setCredentials, pamh, flags, argc, argv)
}

@_cdecl("pam_sm_acct_mgmt") @implementation
public func pam_sm_acct_mgmt(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.reviewAccount, pamh, flags, argc, argv)
}

@_cdecl("pam_sm_open_session") @implementation
public func pam_sm_open_session(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.openSession, pamh, flags, argc, argv)
}

@_cdecl("pam_sm_close_session") @implementation
public func pam_sm_close_session(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.closeSession, pamh, flags, argc, argv)
}

@_cdecl("pam_sm_chauthtok") @implementation
public func pam_sm_chauthtok(
    _ pamh: OpaquePointer!, _ flags: Int32, _ argc: Int32, _ argv: UnsafeMutablePointer<UnsafePointer<CChar>?>!
) -> Int32 {
    unsafe EntryPoint.run(.changePassword, pamh, flags, argc, argv)
}
