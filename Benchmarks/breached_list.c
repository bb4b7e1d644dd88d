/* Makes a list of breached passwords of any size, quickly: breached_list LINES [KNOWN] > FILE
 *
 * The hashes are spread as those of SHA-1 are: the gaps between them are exponential. Among them are those of "password 0" to
 * "password KNOWN-1", 1000 unless said otherwise, each with the count 3. Lines end as in the published list. */
#include <math.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

/* xorshift64: good enough to spread hashes. */
static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int compare(const void *left, const void *right) { return memcmp(left, right, SHA_DIGEST_LENGTH); }

static void put(const unsigned char *hash, const char *end)
{
    static const char digits[] = "0123456789ABCDEF";
    char line[64];
    for (int index = 0; index < SHA_DIGEST_LENGTH; index++) {
        line[2 * index] = digits[hash[index] >> 4];
        line[2 * index + 1] = digits[hash[index] & 15];
    }
    size_t length = strlen(end);
    memcpy(line + 40, end, length);
    if (fwrite(line, 1, 40 + length, stdout) != 40 + length) {
        perror("breached_list");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    static const char *const ends[] = {":1\r\n", ":3\r\n", ":2\r\n", ":17\r\n", ":1\r\n", ":204\r\n", ":1\r\n", ":5\r\n"};
    double lines = argc > 1 ? atof(argv[1]) : 0;
    int known = argc > 2 ? atoi(argv[2]) : 1000;
    if (lines < 1 || known < 0) {
        fputs("usage: breached_list LINES [KNOWN] > FILE\n", stderr);
        return 2;
    }
    unsigned char(*hashes)[SHA_DIGEST_LENGTH] = malloc(((size_t)known + 1) * SHA_DIGEST_LENGTH);
    if (!hashes) return 1;
    for (int index = 0; index < known; index++) {
        char password[32];
        int length = snprintf(password, sizeof password, "password %d", index);
        SHA1((const unsigned char *)password, (size_t)length, hashes[index]);
    }
    qsort(hashes, (size_t)known, SHA_DIGEST_LENGTH, compare);
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    long double place = 0;
    int done = 0;
    for (;;) {
        place -= logl((next_random() >> 11) * 0x1p-53L + 0x1p-54L) / lines * 0x1p64L;
        if (place >= 0x1p64L) break;
        unsigned char hash[SHA_DIGEST_LENGTH];
        uint64_t key = (uint64_t)place, low = next_random();
        for (int index = 0; index < 8; index++) hash[index] = (unsigned char)(key >> (56 - 8 * index));
        for (int index = 0; index < 8; index++) hash[8 + index] = (unsigned char)(low >> (8 * index));
        memcpy(hash + 16, hash + 8, 4);
        while (done < known && memcmp(hashes[done], hash, sizeof hash) < 0) put(hashes[done++], ":3\r\n");
        put(hash, ends[low >> 61]);
    }
    while (done < known) put(hashes[done++], ":3\r\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
