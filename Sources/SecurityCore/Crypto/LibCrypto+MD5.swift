import CCrypto

extension LibCrypto {
    /// MD5 (RFC 1321), 16 bytes, for Django's oldest hashes alone: it is no ``Digest``, so that nothing else can choose it.
    static func md5(of message: Span<UInt8>) -> Secret {
        Secret(count: 16) { out in
            _ = Secret(count: MemoryLayout<MD5_CTX>.size) { state in
                unsafe state.withUnsafeMutableBytes { state in
                    unsafe message.withUnsafeBytes { message in
                        unsafe out.withUnsafeMutableBufferPointer { out in
                            // SAFETY: a Secret is aligned to 16 bytes, and the state is as large as it must be; all
                            // three buffers live through the calls.
                            let state = unsafe state.baseAddress?.assumingMemoryBound(to: MD5_CTX.self)
                            _ = unsafe ccrypto_md5_init(state)
                            _ = unsafe ccrypto_md5_update(state, message.baseAddress, message.count)
                            _ = unsafe ccrypto_md5_final(out.baseAddress, state)
                        }
                    }
                }
            }
        }
    }
}
