#ifndef CPHONENUMBER_H
#define CPHONENUMBER_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a valid number in E.164 form, ended by NUL, into `out`, which holds `capacity` bytes. Without a country code it
 * is one of `region`. Returns 0 when the text is no valid number or the form does not fit. */
int cphonenumber_e164(const char *text, size_t length, const char *region, char *out, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
