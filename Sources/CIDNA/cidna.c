/* C, because the tables of 110 KB are constants here, and code that runs first in Swift. */
#include "cidna.h"

#include <stddef.h>

#include "tables.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define VALUE(table, code_point) ((table)[run(table, COUNT(table), code_point)] & 0xff)

/* The run that holds a code point; each table begins with 0. */
static size_t run(const uint32_t *runs, size_t count, uint32_t code_point) {
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (runs[middle] >> 8 <= code_point) low = middle;
        else high = middle;
    }
    return low;
}

uint32_t cidna_status_of(uint32_t code_point) { return VALUE(mapping_runs, code_point); }

uint32_t cidna_mapped(uint32_t code_point, uint32_t index) {
    const uint32_t *next = &mapping_pool[mapping_places[run(mapping_runs, COUNT(mapping_runs), code_point)]];
    while (index > 0 && *next != 0) {
        index -= 1;
        next += 1;
    }
    return *next;
}

uint32_t cidna_class_of(uint32_t code_point) { return VALUE(class_runs, code_point); }
uint32_t cidna_joining_of(uint32_t code_point) { return VALUE(joining_runs, code_point); }
uint32_t cidna_script_of(uint32_t code_point) { return VALUE(script_runs, code_point); }
uint32_t cidna_bidi_of(uint32_t code_point) { return VALUE(bidi_runs, code_point); }
