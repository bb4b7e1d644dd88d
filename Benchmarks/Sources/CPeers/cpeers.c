#include "cpeers.h"

#include <argon2.h>
#include <crypt.h>
#include <liboath/oath.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int cpeers_oath(const char *key, size_t key_length, long now, const char *code) {
    /* One step before and after, as sites configure it. */
    return oath_totp_validate(key, key_length, now, 30, 0, 1, code) >= 0 ? 0 : 1;
}

int cpeers_crypt(const char *password, const char *stored) {
    struct crypt_data *data = calloc(1, sizeof *data);
    char *made = data ? crypt_r(password, stored, data) : NULL;
    int differs = made == NULL || strcmp(made, stored) != 0;
    free(data);
    return differs;
}

int cpeers_argon2(const char *password, size_t length, const char *salt, size_t salt_length, unsigned t, unsigned m,
                  unsigned p, const unsigned char *expected, size_t expected_length) {
    unsigned char out[64];
    argon2_context context = {0};
    context.out = out;
    context.outlen = (uint32_t)expected_length;
    context.pwd = (uint8_t *)password;
    context.pwdlen = (uint32_t)length;
    context.salt = (uint8_t *)salt;
    context.saltlen = (uint32_t)salt_length;
    context.t_cost = t;
    context.m_cost = m;
    context.lanes = p;
    context.threads = 1;
    context.version = ARGON2_VERSION_13;
    if (argon2_ctx(&context, Argon2_id) != ARGON2_OK) return 1;
    return memcmp(out, expected, expected_length) != 0;
}

int cpeers_pbkdf2_sha512(const char *password, size_t length, const unsigned char *salt, size_t salt_length, int rounds,
                         const unsigned char *expected) {
    unsigned char out[64];
    PKCS5_PBKDF2_HMAC(password, (int)length, salt, (int)salt_length, rounds, EVP_sha512(), sizeof out, out);
    return memcmp(out, expected, sizeof out) != 0;
}

double cpeers_cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
