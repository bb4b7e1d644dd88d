/* No copy of a password, code, key or configured secret stays in writable memory. usage: secrets VECTORS
 *
 * This program keeps what it searches for masked, so that it has no copy of its own. malloc overwrites the first 16 bytes
 * of a block that is freed. A search for a whole text would therefore miss every block that was freed without being wiped:
 * of a text of 24 bytes or more the search looks for what follows those 16 bytes, which finds whole copies as well. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MASK 0x2a
#define MOST 64
#define OVERWRITTEN 16

struct pattern {
    const char *name;
    char masked[MOST];
    size_t length;
    /* How many bytes at the beginning the search leaves out. */
    size_t skipped;
};

/* The patterns in the order in which they are kept. */
enum { PASSWORD, SECRET_KEY, PASSWORD_SALT, WALLET_SECRET, TOTP_KEY, TOTP_TEXT };

static struct pattern patterns[16];
static size_t pattern_count;

/* Keeps a text to search for. */
static void keep(const char *name, const char *text, size_t length)
{
    struct pattern *pattern = &patterns[pattern_count++];

    pattern->name = name;
    pattern->length = length < MOST ? length : MOST;
    pattern->skipped = pattern->length >= OVERWRITTEN + 8 ? OVERWRITTEN : 0;
    for (size_t index = 0; index < pattern->length; index++) pattern->masked[index] = (char)(text[index] ^ MASK);
}

/* Keeps a text to search for, and wipes it where it stands. */
static void remember(const char *name, char *text, size_t length)
{
    keep(name, text, length);
    explicit_bzero(text, length);
}

/* A masked literal, unmasked into `out`: the file holds every byte with its bits under MASK flipped. */
static size_t reveal(const char *masked, char *out)
{
    size_t length = strlen(masked);

    for (size_t index = 0; index < length; index++) out[index] = (char)(masked[index] ^ MASK);
    return length;
}

static size_t occurrences(const char *block, size_t size, const struct pattern *pattern)
{
    const char *masked = pattern->masked + pattern->skipped;
    size_t found = 0, length = pattern->length - pattern->skipped;

    for (size_t start = 0; start + length <= size; start++) {
        size_t index = 0;
        while (index < length && (block[start + index] ^ MASK) == masked[index]) index++;
        found += index == length;
    }
    return found;
}

/* How often a pattern stands in the writable memory of this process. */
static size_t in_memory(const struct pattern *pattern)
{
    char line[512], mode[8];
    unsigned long start, end;
    size_t found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");

    while (maps && fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %7s", &start, &end, mode) == 3 && mode[0] == 'r' && mode[1] == 'w'
            && !strstr(line, "[vvar"))
            found += occurrences((const char *)start, end - start, pattern);
    if (maps) fclose(maps);
    return found;
}

/* The value of a key of sample.toml, without quotes. */
static size_t configured(const char *vectors, const char *key, char *out)
{
    char path[512], line[1024];
    size_t length = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/sample.toml", vectors);
    file = fopen(path, "r");
    if (!file) exit(2);
    setvbuf(file, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, key, strlen(key))) {
            const char *value = strchr(strchr(line, '='), '"') + 1;
            length = strcspn(value, "\"");
            memcpy(out, value, length);
        }
    fclose(file);
    explicit_bzero(line, sizeof line);
    return length;
}

/* The text of a pattern. */
static void recall(const struct pattern *pattern, char *out)
{
    for (size_t index = 0; index < pattern->length; index++) out[index] = (char)(pattern->masked[index] ^ MASK);
    out[pattern->length] = 0;
}

/* Makes a key and binds it to an account. Two patterns: its bytes and its text. */
static void enrol(lsec_context *context, int64_t account)
{
    char *key, bytes[32];

    if (lsec_totp_generate(context, account, &key, NULL) != LSEC_OK) exit(2);
    if (lsec_totp_enrol(context, account, key, NULL, 0) != LSEC_OK) exit(2);
    remember("the TOTP key", bytes, base32_bytes(key, (unsigned char *)bytes));
    keep("its text", key, strlen(key));
    lsec_string_free(key);
    /* At once, before another allocation writes over it. */
    CHECK("a freed text is wiped", in_memory(&patterns[TOTP_TEXT]) == 0);
}

/* Logs ann in. */
static void log_in(lsec_context *context, const struct pattern *password, const struct pattern *key)
{
    lsec_transaction *transaction;
    lsec_step step;
    char typed[MOST + 1], code[7];

    if (lsec_transaction_begin(context, "ann@example.org", NULL, &transaction, &step) != LSEC_OK) exit(2);
    recall(password, typed);
    if (lsec_transaction_answer(transaction, typed, password->length, &step) != LSEC_OK) exit(2);
    recall(key, typed);
    totp_code_of(typed, code);
    explicit_bzero(typed, sizeof typed);
    if (lsec_transaction_answer(transaction, code, 6, &step) != LSEC_OK) exit(2);
    CHECK("a login", step == LSEC_STEP_GRANTED);
    lsec_transaction_free(transaction);
}

int main(int argc, char **argv)
{
    /* "correct horse battery staple", masked. */
    static const char password[] = "\x49\x45\x58\x58\x4f\x49\x5e\x0a\x42\x45\x58\x59\x4f\x0a"
                                   "\x48\x4b\x5e\x5e\x4f\x58\x53\x0a\x59\x5e\x4b\x5a\x46\x4f";
    char text[MOST];
    lsec_context *context;

    if (argc != 2) return 2;
    remember("the password", text, reveal(password, text));
    remember("SECRET_KEY", text, configured(argv[1], "SECRET_KEY", text));
    remember("SECURITY_PASSWORD_SALT", text, configured(argv[1], "SECURITY_PASSWORD_SALT", text));
    remember("SECURITY_TOTP_SECRETS", text, configured(argv[1], "SECURITY_TOTP_SECRETS", text));

    context = site_context(site(argv[1], ""));
    CHECK("the search finds what is there", in_memory(&patterns[SECRET_KEY]) > 0
        && in_memory(&patterns[PASSWORD_SALT]) > 0 && in_memory(&patterns[WALLET_SECRET]) > 0);
    enrol(context, 1);
    log_in(context, &patterns[PASSWORD], &patterns[TOTP_TEXT]);
    CHECK("what was typed is gone while the context lives", in_memory(&patterns[PASSWORD]) == 0);
    CHECK("the TOTP key likewise", in_memory(&patterns[TOTP_KEY]) == 0 && in_memory(&patterns[TOTP_TEXT]) == 0);
    lsec_context_free(context);
    for (size_t index = 0; index < pattern_count; index++) {
        size_t found = in_memory(&patterns[index]);
        if (found) printf("# %s: %zu times\n", patterns[index].name, found);
        CHECK(patterns[index].name, found == 0);
    }
    return checks_status();
}
