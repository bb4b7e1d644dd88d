#include "check.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int failures;

void check(int holds, const char *what, const char *file, int line)
{
    if (holds) {
        printf("ok %s\n", what);
    } else {
        printf("FAIL %s (%s:%d)\n", what, file, line);
        failures++;
    }
    fflush(stdout);
}

int checks_status(void) { return failures ? 1 : 0; }

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

/* ---- Sites ---- */

#define MOST_SITES 128
static char folders[MOST_SITES][64], configurations[MOST_SITES][96];
static int site_count;
static pid_t maker;

static void remove_sites(void)
{
    static const char *const names[]
        = { "security.toml", "sample.db", "sample.db-journal", "sample.db-wal", "sample.db-shm" };
    char path[128];

    if (getpid() != maker) return;
    for (int index = 0; index < site_count; index++) {
        for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
            snprintf(path, sizeof path, "%s/%s", folders[index], names[name]);
            unlink(path);
        }
        rmdir(folders[index]);
    }
}

static void copy(const char *from, const char *to)
{
    char block[4096];
    size_t count;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");

    if (!in || !out) give_up(from);
    while ((count = fread(block, 1, sizeof block, in)) > 0)
        if (fwrite(block, 1, count, out) != count) give_up(to);
    fclose(in);
    if (fclose(out) != 0) give_up(to);
}

/* Whether a line of TOML sets a key that `keys` sets too. */
static int is_replaced(const char *line, const char *keys)
{
    size_t length = strcspn(line, " =");

    for (const char *key = keys; key && *key; key = strchr(key, '\n') ? strchr(key, '\n') + 1 : NULL)
        if (length && strncmp(key, line, length) == 0 && strchr(" =", key[length])) return 1;
    return 0;
}

const char *site(const char *vectors, const char *keys)
{
    char path[512], line[4096];
    FILE *in, *out;
    char *folder = folders[site_count], *configuration = configurations[site_count];

    if (site_count == MOST_SITES) give_up("too many sites");
    if (site_count++ == 0) {
        maker = getpid();
        atexit(remove_sites);
    }
    snprintf(folder, sizeof folders[0], "/tmp/lsec-cabi-XXXXXX");
    if (!mkdtemp(folder)) give_up("mkdtemp");
    snprintf(configuration, sizeof configurations[0], "%s/security.toml", folder);
    snprintf(path, sizeof path, "%s/sample.db", vectors);
    copy(path, site_database(configuration));
    snprintf(path, sizeof path, "%s/sample.toml", vectors);
    in = fopen(path, "r");
    out = fopen(configuration, "w");
    if (!in || !out) give_up(path);
    while (fgets(line, sizeof line, in))
        if (!is_replaced(line, keys)) fputs(line, out);
    fprintf(out, "\n%s\n", keys);
    fclose(in);
    if (fclose(out) != 0 || chmod(configuration, 0600) != 0) give_up(configuration);
    return configuration;
}

const char *site_database(const char *configuration)
{
    static char path[128];

    snprintf(path, sizeof path, "%.*s/sample.db", (int)(strrchr(configuration, '/') - configuration), configuration);
    return path;
}

lsec_context *site_context(const char *configuration)
{
    lsec_context *context;
    char *problems;

    if (lsec_context_open(configuration, &context, &problems) == LSEC_OK) return context;
    fprintf(stderr, "%s: %s\n", configuration, problems ? problems : "cannot be opened");
    exit(2);
}

/* ---- One-time codes ---- */

static void code_of_key(const unsigned char *key, size_t length, int periods, char code[7])
{
    unsigned char message[8], mac[EVP_MAX_MD_SIZE];
    unsigned int mac_length;
    uint64_t counter = (uint64_t)(time(NULL) / 30 + periods);
    uint32_t value;

    for (int index = 7; index >= 0; index--, counter >>= 8) message[index] = (unsigned char)counter;
    HMAC(EVP_sha1(), key, (int)length, message, sizeof message, mac, &mac_length);
    mac_length = mac[mac_length - 1] & 15;
    value = (uint32_t)(mac[mac_length] & 127) << 24 | (uint32_t)mac[mac_length + 1] << 16
        | (uint32_t)mac[mac_length + 2] << 8 | mac[mac_length + 3];
    snprintf(code, 7, "%06u", (unsigned)(value % 1000000));
}

void totp_code(unsigned char key_byte, int periods, char code[7])
{
    unsigned char key[20];

    memset(key, key_byte, sizeof key);
    code_of_key(key, sizeof key, periods, code);
}

size_t base32_bytes(const char *base32, unsigned char *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t length = 0;
    unsigned bits = 0;
    int held = 0;

    for (; *base32; base32++) {
        bits = bits << 5 | (unsigned)(strchr(alphabet, *base32) - alphabet);
        held += 5;
        if (held >= 8) {
            held -= 8;
            out[length++] = (unsigned char)(bits >> held);
        }
    }
    return length;
}

void totp_code_of(const char *base32, char code[7])
{
    unsigned char key[64];

    code_of_key(key, base32_bytes(base32, key), 0, code);
    explicit_bzero(key, sizeof key);
}

void totp_settle(void)
{
    while (time(NULL) % 30 > 20) usleep(200000);
}

/* ---- The database ---- */

int64_t query(const char *configuration, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    int64_t value = -1;

    if (sqlite3_open_v2(site_database(configuration), &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        give_up("sqlite3_open_v2");
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK) {
        if (sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    return value;
}
