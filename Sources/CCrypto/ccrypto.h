#ifndef CCRYPTO_H
#define CCRYPTO_H
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/* The digests themselves, without the provider machinery of EVP, whose first use costs a fresh process 0.4 to 0.6 ms of
 * processor time; the digest takes 0.01. OpenSSL 3 marks them deprecated in favour of EVP, and a deprecated function is
 * an error in Swift here: hence these wrappers. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#define CCRYPTO_DIGEST(NAME, UPPER, CONTEXT)                                                                           \
    static inline int ccrypto_##NAME##_init(CONTEXT *context) { return UPPER##_Init(context); }                        \
    static inline int ccrypto_##NAME##_update(CONTEXT *context, const void *data, size_t count) {                      \
        return UPPER##_Update(context, data, count);                                                                   \
    }                                                                                                                  \
    static inline int ccrypto_##NAME##_final(unsigned char *out, CONTEXT *context) { return UPPER##_Final(out, context); }
CCRYPTO_DIGEST(md5, MD5, MD5_CTX)
CCRYPTO_DIGEST(sha1, SHA1, SHA_CTX)
CCRYPTO_DIGEST(sha256, SHA256, SHA256_CTX)
CCRYPTO_DIGEST(sha512, SHA512, SHA512_CTX)
#undef CCRYPTO_DIGEST
#pragma GCC diagnostic pop
#endif
