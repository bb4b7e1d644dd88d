#ifndef CUNISTRING_H
#define CUNISTRING_H
#include <stddef.h>

/* Unicode normalisation forms (Unicode Standard Annex 15). */
enum cunistring_form { CUNISTRING_NFC = 0, CUNISTRING_NFD = 1, CUNISTRING_NFKC = 2, CUNISTRING_NFKD = 3 };

/* Normalises UTF-8 from `in` into `out`, which holds `capacity` bytes. Returns the length, or -1 when the input is
 * not UTF-8 or the result does not fit. Never allocates when `capacity` is large enough (18 times the input is). */
ptrdiff_t cunistring_normalize(int form, const unsigned char *in, size_t length, unsigned char *out, size_t capacity);

#endif
