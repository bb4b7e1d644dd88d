#ifndef CRESOLVER_H
#define CRESOLVER_H
#include <stddef.h>
#include <stdint.h>

/* What a question to the DNS gave. */
enum cresolver_result { CRESOLVER_ANSWER, CRESOLVER_NO_DATA, CRESOLVER_NO_DOMAIN, CRESOLVER_UNKNOWN };

/* Asks for the records of a type (RFC 1035 section 3.2.2) of a whole name. `server`, an IPv4 address, and `port` take the
 * place of the system's servers; NULL = those. Each server is waited for `seconds`, once. The answer is written to
 * `answer`, its length to `length`. */
int cresolver_query(const char *server, uint16_t port, const char *name, int type, int seconds, unsigned char *answer,
                    size_t capacity, size_t *length);

/* The data of the `index`-th record of a type in an answer: addresses as their bytes, the strings of TXT in one, of MX
 * the name of the host ("" for the root). Returns the length in `out`; -1 behind the last; -2 when it cannot be read. */
int cresolver_record(const unsigned char *answer, size_t length, int type, int index, unsigned char *out,
                     size_t capacity);

#endif
