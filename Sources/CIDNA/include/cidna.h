#ifndef CIDNA_H
#define CIDNA_H
#include <stdint.h>

/* The tables of internationalised domain names (RFC 5892, UTS 46) as Python's package idna has them: an account that
 * the one program makes must be found by the other. libidn2 2.3.3 of Debian 12, with another version of Unicode, decides
 * otherwise on 6,525 of 1,111,936 characters in a label, and on 510 of 11,025 changed domains. */

/* What UTS 46 does to a code point. */
enum cidna_status { CIDNA_KEPT = 0, CIDNA_MAPPED = 1, CIDNA_DISALLOWED = 2 };
uint32_t cidna_status_of(uint32_t code_point);

/* The `index`-th code point of what a mapped one becomes; 0 behind the last. */
uint32_t cidna_mapped(uint32_t code_point, uint32_t index);

/* The derived property of RFC 5892 section 3. */
enum cidna_class { CIDNA_NEVER = 0, CIDNA_PVALID = 1, CIDNA_CONTEXTJ = 2, CIDNA_CONTEXTO = 3 };
uint32_t cidna_class_of(uint32_t code_point);

/* The joining type as its letter ('L', 'R', 'D', 'T', 'C', 'U'); 0 for none. */
uint32_t cidna_joining_of(uint32_t code_point);

/* The scripts that the rules of RFC 5892 appendix A ask for. */
enum cidna_script { CIDNA_OTHER = 0, CIDNA_GREEK = 1, CIDNA_HEBREW = 2, CIDNA_JAPANESE = 3 };
uint32_t cidna_script_of(uint32_t code_point);

/* The bidirectional class; those behind NSM are in no label. */
enum cidna_bidi {
    CIDNA_BIDI_UNKNOWN = 0, CIDNA_BIDI_L, CIDNA_BIDI_R, CIDNA_BIDI_AL, CIDNA_BIDI_AN, CIDNA_BIDI_EN, CIDNA_BIDI_ES,
    CIDNA_BIDI_CS, CIDNA_BIDI_ET, CIDNA_BIDI_ON, CIDNA_BIDI_BN, CIDNA_BIDI_NSM
};
uint32_t cidna_bidi_of(uint32_t code_point);

#endif
