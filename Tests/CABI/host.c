/* What a host process must find unchanged, and a fork at any time. usage: host VECTORS */
#include "check.h"

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAROL "carol@example.org"
#define CAROL_PASSWORD "old scheme, to be rehashed"

extern char **environ;

/* ---- What is looked at ---- */

struct state {
    char signals[256], threads[32], folder[256], locale[64];
    int descriptors, variables;
    mode_t mask;
    uid_t uids[2];
    unsigned long environment;
};

static void status_lines(const char *const *names, size_t count, char *out, size_t size)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");

    *out = 0;
    while (status && fgets(line, sizeof line, status))
        for (size_t index = 0; index < count; index++)
            if (!strncmp(line, names[index], strlen(names[index])) && strlen(out) + strlen(line) < size)
                strcat(out, line);
    if (status) fclose(status);
}

static struct state look(void)
{
    static const char *const signals[] = { "SigBlk", "SigIgn", "SigCgt" }, *const threads[] = { "Threads" };
    struct state state;
    DIR *folder = opendir("/proc/self/fd");

    memset(&state, 0, sizeof state);
    while (folder && readdir(folder)) state.descriptors++;
    if (folder) closedir(folder);
    status_lines(signals, 3, state.signals, sizeof state.signals);
    status_lines(threads, 1, state.threads, sizeof state.threads);
    if (!getcwd(state.folder, sizeof state.folder)) state.folder[0] = 0;
    snprintf(state.locale, sizeof state.locale, "%s", setlocale(LC_ALL, NULL));
    for (char **variable = environ; *variable; variable++, state.variables++)
        for (const char *byte = *variable; *byte; byte++)
            state.environment = state.environment * 31 + (unsigned char)*byte;
    state.mask = umask(0);
    umask(state.mask);
    state.uids[0] = getuid();
    state.uids[1] = geteuid();
    return state;
}

static long resident_kilobytes(void)
{
    long pages = 0, ignored;
    FILE *statm = fopen("/proc/self/statm", "r");

    if (!statm || fscanf(statm, "%ld %ld", &ignored, &pages) != 2) pages = -1;
    if (statm) fclose(statm);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---- What is done ---- */

static int faults;

static void use(const char *configuration)
{
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction;
    lsec_new_password chosen = LSEC_NEW_PASSWORD_INIT;
    lsec_account account = LSEC_ACCOUNT_INIT;
    lsec_step step;
    uint32_t flaws;
    char *text, *uri;

    faults += lsec_transaction_begin(context, CAROL, NULL, &transaction, &step) != LSEC_OK;
    faults += lsec_transaction_answer(transaction, CAROL_PASSWORD, strlen(CAROL_PASSWORD), &step) != LSEC_OK;
    faults += step != LSEC_STEP_GRANTED;
    lsec_transaction_free(transaction);
    faults += lsec_transaction_begin(context, "ann@example.org", NULL, &transaction, &step) != LSEC_OK;
    lsec_transaction_free(transaction);
    faults += lsec_password_verify(context, "bob@example.org", "guess", 5, NULL, NULL) != LSEC_REFUSED;
    faults += lsec_totp_verify(context, "ann@example.org", "000000", 6, NULL, NULL) != LSEC_REFUSED;
    faults += lsec_recovery_code_verify(context, "ann@example.org", "0000-0000-0000", 14, NULL, NULL) != LSEC_REFUSED;
    faults += lsec_account_find(context, CAROL, NULL, &account) != LSEC_OK;
    chosen.password = "short";
    chosen.password_length = 5;
    faults += lsec_password_check(context, &chosen, &flaws, &text) != LSEC_REFUSED;
    lsec_string_free(text);
    faults += lsec_totp_generate(context, 1, &text, &uri) != LSEC_OK;
    lsec_string_free(text);
    lsec_string_free(uri);
    faults += lsec_account_read(context, 99, LSEC_ACCOUNT_EMAIL, &text) != LSEC_NOT_FOUND;
    lsec_context_free(context);
}

/* A person may take minutes to type: nothing is open meanwhile. */
static void waits(const char *configuration)
{
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction;
    lsec_step step;
    int before = look().descriptors;

    CHECK("a transaction waits for a password",
        lsec_transaction_begin(context, "ann@example.org", NULL, &transaction, &step) == LSEC_OK
            && step == LSEC_STEP_ASK_PASSWORD);
    CHECK("with no descriptor open", look().descriptors == before);
    CHECK("then for a code", lsec_transaction_answer(transaction, "correct horse battery staple", 28, &step) == LSEC_OK
            && step == LSEC_STEP_ASK_CODE);
    CHECK("with no descriptor open either", look().descriptors == before);
    lsec_transaction_free(transaction);
    lsec_context_free(context);
}

/* The exit status of a child that runs `body`. */
static int in_child(int (*body)(void *), void *argument)
{
    int status;
    pid_t child = fork();

    if (child == 0) _exit(body(argument));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

static int answers_in_child(void *transaction)
{
    lsec_step step;

    if (lsec_transaction_answer(transaction, CAROL_PASSWORD, strlen(CAROL_PASSWORD), &step) != LSEC_OK) return 2;
    return step == LSEC_STEP_GRANTED ? 0 : 1;
}

static int uses_in_child(void *configuration)
{
    use(configuration);
    return faults;
}

static int frees_in_child(void *context)
{
    lsec_context_free(context);
    return 0;
}

static void forks(const char *configuration)
{
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction;
    lsec_step step;

    CHECK("a transaction begins", lsec_transaction_begin(context, CAROL, NULL, &transaction, &step) == LSEC_OK);
    CHECK("and goes on in a child", in_child(answers_in_child, transaction) == 0);
    lsec_transaction_free(transaction);
    CHECK("a child uses the library", in_child(uses_in_child, (void *)configuration) == 0);
    CHECK("a child frees its copy", in_child(frees_in_child, context) == 0);
    CHECK("the parent goes on", lsec_password_verify(context, CAROL, CAROL_PASSWORD, strlen(CAROL_PASSWORD), NULL, NULL)
            == LSEC_OK);
    lsec_context_free(context);
}

int main(int argc, char **argv)
{
    const char *configuration;
    struct state before, after;
    long resident;

    if (argc != 2) return 2;
    configuration = site(argv[1], "LIBSECURITY_THROTTLE = false");
    before = look();
    use(configuration);
    after = look();
    CHECK("every call does what it should", faults == 0);
    CHECK("signals are as before", !strcmp(before.signals, after.signals));
    CHECK("there is one thread", !strcmp(before.threads, after.threads) && strstr(after.threads, "\t1\n"));
    CHECK("no descriptor is open", before.descriptors == after.descriptors);
    CHECK("the environment is as before",
        before.environment == after.environment && before.variables == after.variables);
    CHECK("the locale is as before", !strcmp(before.locale, after.locale));
    CHECK("the folder is as before", !strcmp(before.folder, after.folder));
    CHECK("the file mode mask is as before", before.mask == after.mask);
    CHECK("the uids are as before", before.uids[0] == after.uids[0] && before.uids[1] == after.uids[1]);

    waits(configuration);
    forks(configuration);
    for (int round = 0; round < 20; round++) use(configuration);
    resident = resident_kilobytes();
    for (int round = 0; round < 200; round++) use(configuration);
    resident = resident_kilobytes() - resident;
    if (resident >= 1024) printf("# grown by %ld KB\n", resident);
    CHECK("200 rounds grow memory by less than 1 MB", resident < 1024 && faults == 0);
    after = look();
    CHECK("still no descriptor is open", before.descriptors == after.descriptors);
    return checks_status();
}
