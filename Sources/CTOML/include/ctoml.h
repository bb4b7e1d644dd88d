#ifndef CTOML_H
#define CTOML_H
/* A TOML document as a tree of plain nodes, because Swift in Embedded mode cannot use toml++ directly. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest text that ctoml_parse takes, in bytes. */
#define CTOML_LONGEST ((size_t)1 << 20)

enum {
    CTOML_STRING = 1,
    CTOML_INTEGER,
    CTOML_FLOAT,
    CTOML_BOOLEAN,
    CTOML_DATE, /* a date, a time or both; its value is not given */
    CTOML_ARRAY,
    CTOML_TABLE
};

/* A value. All pointers belong to the document; texts are UTF-8, may hold NUL bytes and do not end with one. */
typedef struct ctoml_node {
    int32_t type;
    uint32_t line;   /* from 1, of the key where there is one */
    uint32_t column; /* from 1, in code points */
    const char *key; /* in a table, else NULL */
    size_t key_length;
    const char *text; /* of a string, else NULL */
    size_t text_length;
    int64_t integer; /* of an integer or a boolean */
    double real;     /* of a float */
    const struct ctoml_node *first; /* of an array or a table, in the order of the text */
    const struct ctoml_node *next;  /* the neighbour in the same array or table */
} ctoml_node;

typedef struct ctoml_error {
    uint32_t line;
    uint32_t column;
    char text[200]; /* ends with NUL; perhaps cut */
} ctoml_error;

typedef struct ctoml_document ctoml_document;

/* Parses `count` bytes. NULL on an error, which is then described in `error`. */
ctoml_document *ctoml_parse(const uint8_t *bytes, size_t count, ctoml_error *error);
/* The table of the top level; lives as long as the document. */
const ctoml_node *ctoml_root(const ctoml_document *document);
/* Wipes and frees the document; NULL is allowed. */
void ctoml_free(ctoml_document *document);

#ifdef __cplusplus
}
#endif
#endif
