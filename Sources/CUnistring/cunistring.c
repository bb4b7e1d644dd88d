/* A C target instead of a module map: libunistring's headers redefine int32_t as a macro, which makes libc's structs
 * differ between two Clang modules. */
#include "cunistring.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

ptrdiff_t cunistring_normalize(int form, const unsigned char *in, size_t length, unsigned char *out, size_t capacity) {
    uninorm_t const forms[] = {UNINORM_NFC, UNINORM_NFD, UNINORM_NFKC, UNINORM_NFKD};
    if (form < 0 || form > 3) return -1;
    if (length == 0) return 0;
    if (u8_check(in, length) != NULL) return -1;
    size_t produced = capacity;
    uint8_t *result = u8_normalize(forms[form], in, length, out, &produced);
    if (result == NULL) return -1;
    if (result != out) { /* it did not fit, and u8_normalize made a block of its own: wipe that too */
        explicit_bzero(result, produced);
        free(result);
        return -1;
    }
    return (ptrdiff_t)produced;
}
