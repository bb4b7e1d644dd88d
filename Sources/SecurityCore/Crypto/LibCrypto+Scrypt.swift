import CCrypto

extension LibCrypto {
    /// scrypt (RFC 7914). `logCost` is the binary logarithm of N. nil for parameters that RFC 7914 forbids, and when memory
    /// runs out: it takes 128 * `blockSize` * (N + `parallelism`) bytes, which the caller bounds. libcrypto wipes them.
    static func scrypt(
        password: Span<UInt8>, salt: Span<UInt8>, logCost: Int, blockSize: Int, parallelism: Int, count: Int
    ) -> Secret? {
        guard (1..<64).contains(logCost), blockSize > 0, parallelism > 0 else { return nil }
        prepare()
        return unsafe output(count) { out in
            // SAFETY: all buffers live through the call; an empty one may be NULL, with a length of 0.
            unsafe password.withUnsafeBytes { password in
                unsafe salt.withUnsafeBytes { salt in
                    // An empty password must not be NULL: libcrypto would only check the parameters then.
                    let text = unsafe password.baseAddress ?? UnsafeRawPointer(out.baseAddress)
                    return unsafe EVP_PBE_scrypt(
                        text?.assumingMemoryBound(to: CChar.self), password.count,
                        salt.baseAddress?.assumingMemoryBound(to: UInt8.self), salt.count, 1 << UInt64(logCost),
                        UInt64(blockSize), UInt64(parallelism), UInt64.max,
                        out.baseAddress?.assumingMemoryBound(to: UInt8.self), out.count) == 1
                }
            }
        }
    }
}
