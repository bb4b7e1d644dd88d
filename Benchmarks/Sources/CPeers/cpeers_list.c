#include "cpeers_list.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *cpeers_list_open(const char *path, size_t *size) {
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    void *list = MAP_FAILED;
    if (descriptor >= 0 && fstat(descriptor, &facts) == 0) {
        *size = (size_t)facts.st_size;
        list = mmap(NULL, *size, PROT_READ, MAP_SHARED, descriptor, 0);
    }
    if (descriptor >= 0) close(descriptor);
    return list == MAP_FAILED ? NULL : list;
}

long cpeers_list_find(const char *list, size_t size, const char *password) {
    static const char digits[] = "0123456789ABCDEF";
    unsigned char hash[SHA_DIGEST_LENGTH];
    char wanted[2 * SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)password, strlen(password), hash);
    for (int index = 0; index < SHA_DIGEST_LENGTH; index++) {
        wanted[2 * index] = digits[hash[index] >> 4];
        wanted[2 * index + 1] = digits[hash[index] & 15];
    }
    size_t low = 0, high = size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        while (middle > low && list[middle - 1] != '\n') middle--;
        if (middle + sizeof wanted >= size) return 0;
        int order = memcmp(list + middle, wanted, sizeof wanted);
        if (order == 0) return strtol(list + middle + sizeof wanted + 1, NULL, 10);
        if (order > 0) {
            high = middle;
        } else {
            const char *end = memchr(list + middle, '\n', size - middle);
            low = end ? (size_t)(end - list) + 1 : size;
        }
    }
    return 0;
}
