#ifndef CPEERS_H
#define CPEERS_H
#include <stddef.h>

/* The bare C calls that our code is measured against; each answers 0 when the secret is right. */
int cpeers_oath(const char *key, size_t key_length, long now, const char *code);
int cpeers_crypt(const char *password, const char *stored);
int cpeers_argon2(const char *password, size_t length, const char *salt, size_t salt_length, unsigned t, unsigned m,
                  unsigned p, const unsigned char *expected, size_t expected_length);
int cpeers_pbkdf2_sha512(const char *password, size_t length, const unsigned char *salt, size_t salt_length, int rounds,
                         const unsigned char *expected);

/* CPU seconds of this process. */
double cpeers_cpu(void);

#endif
