import CArgon2

/// libargon2's computation (RFC 9106), on the calling thread.
///
/// Only `argon2_ctx` with one thread is used: `argon2_hash` and `argon2_verify` start a thread for each lane and slice, in a
/// process that is not ours. libargon2 wipes its memory before it frees it (`FLAG_clear_internal_memory`, on unless a host
/// turns it off).
enum LibArgon2 {
    /// What the result depends on besides password and salt.
    struct Parameters: Equatable {
        /// The variant.
        var type: Argon2Type
        /// 0x10 or 0x13.
        var version: UInt32
        /// KiB.
        var memory: UInt32
        /// Passes.
        var passes: UInt32
        /// Lanes, computed one after the other.
        var lanes: UInt32
    }

    /// `count` bytes; nil when memory runs out or libargon2 refuses a parameter.
    static func derive(
        _ parameters: Parameters, password: Span<UInt8>, salt: Span<UInt8>, count: Int
    ) -> Secret? {
        var result: Int32 = -1
        let output = Secret(count: count) { out in
            // SAFETY: all three buffers live through the call. With no flag set libargon2 writes to `out` only, though its
            // context has mutable pointers throughout.
            result = unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe password.withUnsafeBufferPointer { password in
                    unsafe salt.withUnsafeBufferPointer { salt in
                        var context = unsafe argon2_context()
                        unsafe context.out = out.baseAddress
                        unsafe context.outlen = UInt32(clamping: out.count)
                        unsafe context.pwd = UnsafeMutablePointer(mutating: password.baseAddress)
                        unsafe context.pwdlen = UInt32(clamping: password.count)
                        unsafe context.salt = UnsafeMutablePointer(mutating: salt.baseAddress)
                        unsafe context.saltlen = UInt32(clamping: salt.count)
                        unsafe context.t_cost = parameters.passes
                        unsafe context.m_cost = parameters.memory
                        unsafe context.lanes = parameters.lanes
                        unsafe context.threads = 1
                        unsafe context.version = parameters.version
                        return unsafe argon2_ctx(&context, parameters.type.fence)
                    }
                }
            }
        }
        guard result == ARGON2_OK.rawValue else { return nil }
        return output
    }
}

extension Argon2Type {
    fileprivate var fence: argon2_type {
        switch self {
        case .id: Argon2_id
        case .i: Argon2_i
        case .d: Argon2_d
        }
    }
}
