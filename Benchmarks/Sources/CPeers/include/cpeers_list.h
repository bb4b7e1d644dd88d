#ifndef CPEERS_LIST_H
#define CPEERS_LIST_H
#include <stddef.h>

/* A list of breached passwords, mapped whole; NULL when it cannot be. */
const char *cpeers_list_open(const char *path, size_t *size);
/* Plain binary search for a password; its count, or 0. */
long cpeers_list_find(const char *list, size_t size, const char *password);

#endif
