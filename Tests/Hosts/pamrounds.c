/* A host that logs in many times and looks at itself before and after.
 *
 *   pamrounds MODULE CONFDIR SERVICE USER ROUNDS EXPECTED [change] < SECRETS
 *
 * SECRETS has lines "answer HEX" (to the prompts of a login, in order) and "secret HEX" (what must not be found). The process
 * itself keeps them under a mask only.
 * EXPECTED is the code that each authentication gives; with "change" the password is changed instead. Rounds alternate: plain; a fork between start and authenticate; two
 * handles, ended in either order; the module opened by the host too, closed before or after the transaction.
 *
 * Prints "same NAME" or "CHANGED NAME ..." for each property of the process, "grown N" in KiB, "copies N", "rounds N".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "codes.h"

enum { max_secrets = 16, max_length = 4096, warm_up = 20, piece_length = 8 };

/* Secrets are kept under a mask, so that the search finds no copy of our own. */
struct masked {
    unsigned char bytes[max_length];
    size_t count;
    int is_answer;
};
static struct masked secrets[max_secrets];
static int secret_count;
static volatile unsigned char mask = 0xa7;

void __syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...)
{
    (void)priority, (void)flag, (void)format;
}

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static int hex(int digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

/* Reads byte by byte, past stdio's buffer, which would keep a copy. */
static int next_byte(void)
{
    unsigned char byte;
    return read(0, &byte, 1) == 1 ? byte : -1;
}

static void read_secrets(void)
{
    int byte;
    while ((byte = next_byte()) >= 0 && secret_count < max_secrets) {
        struct masked *secret = &secrets[secret_count++];
        secret->is_answer = byte == 'a';
        while ((byte = next_byte()) >= 0 && byte != ' ')
            continue;
        while ((byte = next_byte()) >= 0 && byte != '\n') {
            int low = next_byte();
            if (secret->count < max_length)
                secret->bytes[secret->count++] = (unsigned char)(hex(byte) << 4 | hex(low)) ^ mask;
        }
    }
}

struct answers {
    int next;
};

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *data)
{
    struct answers *answers = data;
    *responses = calloc((size_t)count, sizeof **responses);
    for (int i = 0; i < count; i++) {
        if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF)
            continue;
        while (answers->next < secret_count && !secrets[answers->next].is_answer)
            answers->next++;
        if (answers->next >= secret_count)
            return PAM_CONV_ERR;
        const struct masked *secret = &secrets[answers->next++];
        char *text = malloc(secret->count + 1);
        for (size_t j = 0; j < secret->count; j++)
            text[j] = (char)(secret->bytes[j] ^ mask);
        text[secret->count] = '\0';
        (*responses)[i].resp = text;
    }
    return PAM_SUCCESS;
}

static void no_delay(int code, unsigned microseconds, void *data) { (void)code, (void)microseconds, (void)data; }

/* How often a piece of a secret stands in a stretch of memory. */
static int pieces(const struct masked *secret, size_t offset, size_t count, uintptr_t start, uintptr_t end)
{
    int found = 0;
    const volatile unsigned char *last = (unsigned char *)end - count;
    for (const volatile unsigned char *p = (unsigned char *)start; p <= last; p++) {
        size_t i = 0;
        while (i < count && (p[i] ^ mask) == secret->bytes[offset + i])
            i++;
        found += i == count;
    }
    return found;
}

/* How often the secrets stand in the writable memory of this process. malloc overwrites the first sixteen bytes of what is
 * freed, so of a long one the middle and the end are looked for as well. */
static int copies(int tell)
{
    int found = 0;
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == NULL)
        fail("maps");
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t start, end;
        char access[8];
        if (sscanf(line, "%lx-%lx %7s", &start, &end, access) != 3 || access[0] != 'r' || access[1] != 'w')
            continue;
        for (int i = 0; i < secret_count; i++) {
            const struct masked *secret = &secrets[i];
            size_t piece = secret->count < piece_length ? secret->count : piece_length;
            if (secret->is_answer || piece == 0)
                continue;
            int here = pieces(secret, 0, piece, start, end);
            if (secret->count >= 2 * piece_length)
                here += pieces(secret, secret->count / 2, piece, start, end)
                    + pieces(secret, secret->count - piece, piece, start, end);
            if (here > 0 && tell)
                printf("copy of secret %d in %s", i, line);
            found += here;
        }
    }
    fclose(maps);
    return found;
}

/* A disposition as the kernel has it; glibc's sa_mask is wider, and what it adds is noise. */
struct disposition {
    uintptr_t handler;
    int flags;
    unsigned long blocked;
};

struct state {
    struct disposition actions[65];
    sigset_t blocked;
    char descriptors[4096], locale[256], folder[PATH_MAX];
    char **environment;
    size_t environment_hash;
    int threads;
    mode_t umask;
    uid_t users[3];
    gid_t groups[3], others[64];
    int other_count;
    struct rlimit limits[RLIMIT_NLIMITS];
};

static int entries(const char *folder, char *text, size_t size)
{
    int count = 0;
    DIR *directory = opendir(folder);
    struct dirent *entry;
    if (directory == NULL)
        fail(folder);
    while ((entry = readdir(directory)) != NULL) {
        char path[PATH_MAX], target[PATH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        count++;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (text == NULL || length < 0 || atoi(entry->d_name) == dirfd(directory))
            continue;
        target[length] = '\0';
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s=%s ", entry->d_name, target);
    }
    closedir(directory);
    return count;
}

static void take(struct state *state)
{
    memset(state, 0, sizeof *state);
    for (int i = 1; i < 65; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) != 0)
            continue;
        state->actions[i].handler = (uintptr_t)action.sa_handler;
        state->actions[i].flags = action.sa_flags;
        memcpy(&state->actions[i].blocked, &action.sa_mask, sizeof state->actions[i].blocked);
    }
    sigprocmask(SIG_BLOCK, NULL, &state->blocked);
    entries("/proc/self/fd", state->descriptors, sizeof state->descriptors);
    state->threads = entries("/proc/self/task", NULL, 0);
    snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
    if (getcwd(state->folder, sizeof state->folder) == NULL)
        fail("getcwd");
    state->environment = environ;
    for (char **entry = environ; *entry != NULL; entry++)
        for (char *byte = *entry; *byte != '\0'; byte++)
            state->environment_hash = state->environment_hash * 31 + (unsigned char)*byte + (size_t)(entry - environ);
    umask(state->umask = umask(0));
    getresuid(&state->users[0], &state->users[1], &state->users[2]);
    getresgid(&state->groups[0], &state->groups[1], &state->groups[2]);
    state->other_count = getgroups(64, state->others);
    for (int i = 0; i < (int)RLIMIT_NLIMITS; i++)
        getrlimit(i, &state->limits[i]);
}

#define COMPARE(what, field)                                                            \
    do {                                                                                \
        int is_same = memcmp(&before->field, &after->field, sizeof before->field) == 0; \
        changed += !is_same;                                                            \
        if (tell)                                                                       \
            printf("%s %s\n", is_same ? "same" : "CHANGED", what);                      \
    } while (0)

static int compare(const struct state *before, const struct state *after, int tell)
{
    int changed = 0;
    COMPARE("signal dispositions", actions);
    COMPARE("blocked signals", blocked);
    COMPARE("descriptors", descriptors);
    COMPARE("threads", threads);
    COMPARE("locale", locale);
    COMPARE("umask", umask);
    COMPARE("environment", environment);
    COMPARE("environment's texts", environment_hash);
    COMPARE("user ids", users);
    COMPARE("group ids", groups);
    COMPARE("supplementary groups", others);
    COMPARE("working directory", folder);
    COMPARE("limits", limits);
    return changed;
}

static const char *confdir, *service, *user, *module;
static int expected, changes;
static struct state before;

struct transaction {
    struct answers answers;
    struct pam_conv conversation;
    pam_handle_t *handle;
};

static void start(struct transaction *transaction)
{
    *transaction = (struct transaction){.conversation = {converse, &transaction->answers}};
    if (pam_start_confdir(service, user, &transaction->conversation, confdir, &transaction->handle) != PAM_SUCCESS)
        fail("pam_start");
    pam_set_item(transaction->handle, PAM_FAIL_DELAY, (const void *)no_delay);
    pam_set_item(transaction->handle, PAM_RHOST, "192.0.2.7");
}

/* Everything between start and end; whether it went as expected. */
static int use(struct transaction *transaction)
{
    transaction->answers.next = 0;
    if (changes)
        return pam_chauthtok(transaction->handle, 0) == expected;
    int code = pam_authenticate(transaction->handle, 0);
    if (code != expected)
        printf("authenticate: %s\n", code_name(code));
    int account = pam_acct_mgmt(transaction->handle, 0);
    int credentials = pam_setcred(transaction->handle, PAM_ESTABLISH_CRED);
    return code == expected && account == PAM_SUCCESS && (credentials == PAM_SUCCESS) == (code == PAM_SUCCESS);
}

static int end(struct transaction *transaction) { return pam_end(transaction->handle, PAM_SUCCESS) == PAM_SUCCESS; }

static int forked(void)
{
    struct transaction transaction;
    int status;
    start(&transaction);
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        struct state state;
        int ok = use(&transaction) && end(&transaction);
        take(&state);
        fflush(stdout);
        _exit(ok && compare(&before, &state, 0) == 0 && copies(0) == 0 ? 0 : 1);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return end(&transaction) && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int paired(int first_ends_first)
{
    struct transaction one, two;
    start(&one);
    start(&two);
    int ok = use(&one) && use(&two);
    return first_ends_first ? ok && end(&one) && end(&two) : ok && end(&two) && end(&one);
}

static int opened(int closes_first)
{
    struct transaction transaction;
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return 0;
    start(&transaction);
    int ok = use(&transaction);
    if (closes_first)
        return dlclose(library) == 0 && ok && end(&transaction);
    return ok && end(&transaction) && dlclose(library) == 0;
}

static int plain(void)
{
    struct transaction transaction;
    start(&transaction);
    int ok = use(&transaction);
    /* libpam wipes the token when pam_authenticate() returns; nothing may be left before pam_end() either. */
    ok = ok && copies(1) == 0;
    return end(&transaction) && ok;
}

static int one_round(int number)
{
    switch (number % 6) {
    case 0: {
        struct transaction transaction;
        start(&transaction);
        return use(&transaction) && end(&transaction);
    }
    case 1: return number > 200 ? paired(1) : forked();
    case 2: return paired(1);
    case 3: return paired(0);
    case 4: return opened(1);
    default: return opened(0);
    }
}

/* The entry points themselves, as a broken host may call them; errno must survive. */
static int survives_misuse(void)
{
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    int (*authenticate)(pam_handle_t *, int, int, const char **);
    *(void **)&authenticate = library ? dlsym(library, "pam_sm_authenticate") : NULL;
    if (authenticate == NULL)
        return 0;
    errno = EXDEV;
    int code = authenticate(NULL, 0, 0, NULL);
    int kept = errno == EXDEV;
    struct transaction transaction;
    start(&transaction);
    const char *arguments[] = {"nonsense", NULL};
    errno = EXDEV;
    int refused = authenticate(transaction.handle, 0, 1, arguments);
    int empty = authenticate(transaction.handle, 0, 1, arguments + 1);
    kept = kept && errno == EXDEV;
    return end(&transaction) && dlclose(library) == 0 && kept && code == PAM_SYSTEM_ERR && refused == PAM_SERVICE_ERR
        && empty == PAM_SERVICE_ERR;
}

static long resident(void)
{
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &size, &pages) != 2)
        fail("statm");
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    struct state after;
    if (argc != 7 && argc != 8) {
        fprintf(stderr, "pamrounds MODULE CONFDIR SERVICE USER ROUNDS EXPECTED [change] < SECRETS\n");
        return 2;
    }
    module = argv[1], confdir = argv[2], service = argv[3], user = argv[4];
    int rounds = atoi(argv[5]), good = 0;
    expected = atoi(argv[6]);
    changes = argc == 8;
    setlocale(LC_ALL, "C.UTF-8");
    umask(027);
    signal(SIGUSR1, SIG_IGN);
    read_secrets();
    take(&before);
    printf("copies before %d\n", copies(1));
    printf("first login %s\n", plain() ? "ok" : "FAILED");
    long resident_before = 0;
    size_t heap_before = 0;
    for (int i = 0; i < rounds; i++) {
        if (i == warm_up) {
            resident_before = resident();
            heap_before = mallinfo2().uordblks;
        }
        good += one_round(i);
    }
    long resident_growth = resident() - resident_before;
    long heap_growth = (long)mallinfo2().uordblks - (long)heap_before;
    take(&after);
    compare(&before, &after, 1);
    printf("copies %d\n", copies(1));
    printf("grown %ld\n", (resident_growth > heap_growth ? resident_growth : heap_growth) / 1024);
    printf("misuse %s\n", survives_misuse() ? "ok" : "FAILED");
    printf("rounds %d of %d\n", good, rounds);
    return 0;
}
