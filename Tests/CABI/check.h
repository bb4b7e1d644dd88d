/* What the C programs of this folder share: checks, sites, one-time codes, a look into the database. */
#ifndef CHECK_H
#define CHECK_H

#include <libsecurity.h>
#include <stdint.h>

/* Prints `ok WHAT` or `FAIL WHAT`, and counts. */
#define CHECK(what, holds) check((holds) != 0, (what), __FILE__, __LINE__)
void check(int holds, const char *what, const char *file, int line);

/* The exit status of main: 0 when no check failed. */
int checks_status(void);

/* Makes a site from Tests/Vectors, whose path is `vectors`: a folder with a copy of sample.db and with sample.toml, in
   which `keys` (lines of TOML) take the place of keys of the same name. Returns the path of the configuration. Sites
   are removed when the program ends. */
const char *site(const char *vectors, const char *keys);

/* The path of the database beside a configuration; valid until the next call. */
const char *site_database(const char *configuration);

/* A context on a site; the program ends when it cannot be opened. */
lsec_context *site_context(const char *configuration);

/* The six digits of a TOTP key of 20 equal bytes, `periods` half minutes from now (RFC 6238, SHA-1). */
void totp_code(unsigned char key_byte, int periods, char code[7]);

/* The bytes of a key in base32; how many they are. */
size_t base32_bytes(const char *base32, unsigned char *out);

/* The six digits of a key in base32, now; no copy of the key stays. */
void totp_code_of(const char *base32, char code[7]);

/* Waits until the present half minute has at least 10 seconds left, so that codes of one test are of one period. */
void totp_settle(void);

/* The integer that a query gives, or -1. */
int64_t query(const char *configuration, const char *sql);

#endif
