/* No copy of a password, code, key or configured secret stays in writable memory. usage: secrets VECTORS
 *
 * What is searched for is kept masked, so that this program has no copy of its own. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MASK 0x2a
#define MOST 64

struct pattern {
    const char *name;
    char masked[MOST];
    size_t length;
};

static struct pattern patterns[16];
static size_t pattern_count;

/* Keeps a text to search for. */
static void keep(const char *name, const char *text, size_t length)
{
    struct pattern *pattern = &patterns[pattern_count++];

    pattern->name = name;
    pattern->length = length < MOST ? length : MOST;
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
    size_t found = 0;

    for (size_t start = 0; start + pattern->length <= size; start++) {
        size_t index = 0;
        while (index < pattern->length && (block[start + index] ^ MASK) == pattern->masked[index]) index++;
        found += index == pattern->length;
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

/* Makes a key and binds it to an account. Three patterns: its bytes, its text, the end of that. */
static void enrol(lsec_context *context, int64_t account)
{
    char *key, bytes[32];

    if (lsec_totp_generate(context, account, &key, NULL) != LSEC_OK) exit(2);
    if (lsec_totp_enrol(context, account, key, NULL, 0) != LSEC_OK) exit(2);
    remember("the TOTP key", bytes, base32_bytes(key, (unsigned char *)bytes));
    keep("its text", key, strlen(key));
    /* The allocator writes over the beginning of what is freed. */
    keep("the end of its text", key + 16, strlen(key) - 16);
    lsec_string_free(key);
    /* At once, before another allocation writes over it. */
    CHECK("a freed text is wiped", in_memory(&patterns[pattern_count - 1]) == 0);
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

    context = site_context(site(argv[1], ""));
    CHECK("the search finds what is there", in_memory(&patterns[1]) > 0 && in_memory(&patterns[2]) > 0);
    enrol(context, 1);
    log_in(context, &patterns[0], &patterns[4]);
    CHECK("what was typed is gone while the context lives", in_memory(&patterns[0]) == 0);
    CHECK("the TOTP key likewise", in_memory(&patterns[3]) == 0 && in_memory(&patterns[4]) == 0);
    lsec_context_free(context);
    for (size_t index = 0; index < pattern_count; index++) {
        size_t found = in_memory(&patterns[index]);
        if (found) printf("# %s: %zu times\n", patterns[index].name, found);
        CHECK(patterns[index].name, found == 0);
    }
    return checks_status();
}
