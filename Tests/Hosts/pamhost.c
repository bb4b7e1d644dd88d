/* A PAM application for the tests: runs the phases it is told to, with scripted answers, and prints what happened.
 *
 *   pamhost [option...] CONFDIR SERVICE USER OPERATION...
 *
 * operations  auth acct setcred setcred-delete setcred-refresh open close chauthtok end start fork (the child goes on, the parent waits and passes its
 *             status on) user=NAME  rhost=TEXT  tty=TEXT  authtok-left (is a token still there?)
 * options     -a ANSWER   the next answer to a prompt; words with a meaning of their own:
 *                         @null (no text) @none (no response at all) @error @again (codes) @long:N (N bytes)
 *                         @user:NAME:TEXT (PAM_USER becomes NAME while TEXT is typed)
 *             -f FLAG     silent, nonull, expired: flags of the next operations
 *             -u UID      real uid while the operations run (the effective one stays)
 *             -s          seccomp: a clone, fork or vfork from now on kills the process
 *             -k N        kill -9 itself when prompt N (from 1) comes
 *
 * Output, a line each: "prompt: ", "shown: ", "info: ", "error: ", "log: LEVEL ", "delay: ", "OPERATION: CODE".
 * The exit status is 0 whenever the program itself worked.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "codes.h"

enum { max_answers = 64 };

struct script {
    const char *answers[max_answers];
    int count, next, prompts, killed_at;
    pam_handle_t **handle;
};

/* libpam's calls of syslog come here, because an executable's symbols come first. */
void __syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...)
{
    static const char *const levels[] = {"EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"};
    va_list arguments;
    (void)flag;
    printf("log: %s ", levels[LOG_PRI(priority)]);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static char *answer_text(const char *answer)
{
    if (strncmp(answer, "@long:", 6) != 0)
        return strdup(answer);
    size_t count = strtoul(answer + 6, NULL, 10);
    char *text = malloc(count + 1);
    if (text != NULL) {
        memset(text, 'x', count);
        text[count] = '\0';
    }
    return text;
}

/* Changes PAM_USER as "NAME:TEXT" says; what is typed then. */
static const char *change_user(struct script *script, const char *words)
{
    const char *text = strchr(words, ':');
    char *name = text == NULL ? NULL : strndup(words, (size_t)(text - words));
    if (name == NULL)
        return "@null";
    pam_set_item(*script->handle, PAM_USER, name);
    free(name);
    return text + 1;
}

/* One prompt: the code that the conversation returns for it. */
static int answer_prompt(struct script *script, struct pam_response **responses, struct pam_response *response)
{
    script->prompts++;
    if (script->prompts == script->killed_at) {
        fflush(stdout);
        raise(SIGKILL);
    }
    if (script->next >= script->count)
        return PAM_CONV_ERR;
    const char *answer = script->answers[script->next++];
    if (strcmp(answer, "@error") == 0)
        return PAM_CONV_ERR;
    if (strcmp(answer, "@again") == 0)
        return PAM_CONV_AGAIN;
    if (strcmp(answer, "@none") == 0) {
        free(*responses);
        *responses = NULL;
        return PAM_SUCCESS;
    }
    if (strncmp(answer, "@user:", 6) == 0)
        answer = change_user(script, answer + 6);
    if (strcmp(answer, "@null") != 0)
        response->resp = answer_text(answer);
    return PAM_SUCCESS;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *data)
{
    struct script *script = data;
    *responses = calloc((size_t)count, sizeof **responses);
    if (*responses == NULL)
        return PAM_BUF_ERR;
    int code = PAM_SUCCESS;
    for (int i = 0; i < count && code == PAM_SUCCESS && *responses != NULL; i++) {
        const struct pam_message *message = messages[i];
        switch (message->msg_style) {
        case PAM_PROMPT_ECHO_OFF:
        case PAM_PROMPT_ECHO_ON:
            printf("%s: %s\n", message->msg_style == PAM_PROMPT_ECHO_OFF ? "prompt" : "shown", message->msg);
            code = answer_prompt(script, responses, &(*responses)[i]);
            break;
        case PAM_ERROR_MSG:
            printf("error: %s\n", message->msg);
            break;
        case PAM_TEXT_INFO:
            printf("info: %s\n", message->msg);
            break;
        default:
            printf("style: %d\n", message->msg_style);
            code = PAM_CONV_ERR;
        }
    }
    if (code != PAM_SUCCESS) {
        free(*responses);
        *responses = NULL;
    }
    return code;
}

/* Stands in for libpam's own delay: prints it instead of sleeping. */
static void print_delay(int code, unsigned microseconds, void *data)
{
    (void)data;
    if (code != PAM_SUCCESS)
        printf("delay: %s\n", microseconds >= 1000000 ? "yes" : "no");
}

static void forbid_clones(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 3, 0),
#ifdef SYS_fork
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fork, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_vfork, 1, 0),
#else
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
#endif
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("pamhost: seccomp");
        exit(2);
    }
}

static void fork_and_go_on(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        perror("pamhost: fork");
        exit(2);
    }
    if (child == 0)
        return;
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
}

struct host {
    const char *confdir, *service, *user;
    struct pam_conv conversation;
    pam_handle_t *handle;
    int flags, last;
};

static int start(struct host *host)
{
    const char *user = *host->user ? host->user : NULL;
    int code = pam_start_confdir(host->service, user, &host->conversation, host->confdir, &host->handle);
    if (code == PAM_SUCCESS)
        pam_set_item(host->handle, PAM_FAIL_DELAY, (const void *)print_delay);
    return code;
}

static int end(struct host *host)
{
    int code = pam_end(host->handle, host->last);
    host->handle = NULL;
    return code;
}

/* PAM_AUTHTOK and PAM_OLDAUTHTOK are hidden from applications; what is not hidden would be a leak. */
static int token_left(struct host *host)
{
    const void *token = NULL;
    return pam_get_item(host->handle, PAM_AUTHTOK, &token);
}

static int run(struct host *host, const char *operation)
{
    if (strcmp(operation, "start") == 0)
        return start(host);
    if (strcmp(operation, "end") == 0)
        return end(host);
    if (strcmp(operation, "auth") == 0)
        return pam_authenticate(host->handle, host->flags);
    if (strcmp(operation, "acct") == 0)
        return pam_acct_mgmt(host->handle, host->flags);
    if (strcmp(operation, "setcred") == 0)
        return pam_setcred(host->handle, host->flags | PAM_ESTABLISH_CRED);
    if (strcmp(operation, "setcred-delete") == 0)
        return pam_setcred(host->handle, host->flags | PAM_DELETE_CRED);
    if (strcmp(operation, "setcred-refresh") == 0)
        return pam_setcred(host->handle, host->flags | PAM_REFRESH_CRED);
    if (strcmp(operation, "open") == 0)
        return pam_open_session(host->handle, host->flags);
    if (strcmp(operation, "close") == 0)
        return pam_close_session(host->handle, host->flags);
    if (strcmp(operation, "chauthtok") == 0)
        return pam_chauthtok(host->handle, host->flags);
    if (strcmp(operation, "authtok-left") == 0)
        return token_left(host);
    if (strncmp(operation, "rhost=", 6) == 0)
        return pam_set_item(host->handle, PAM_RHOST, operation + 6);
    if (strncmp(operation, "tty=", 4) == 0)
        return pam_set_item(host->handle, PAM_TTY, operation + 4);
    if (strncmp(operation, "ruser=", 6) == 0)
        return pam_set_item(host->handle, PAM_RUSER, operation + 6);
    if (strncmp(operation, "user=", 5) == 0)
        return pam_set_item(host->handle, PAM_USER, operation + 5);
    fprintf(stderr, "pamhost: what is '%s'?\n", operation);
    exit(2);
}

static int flag(const char *name)
{
    if (strcmp(name, "silent") == 0)
        return (int)PAM_SILENT;
    if (strcmp(name, "nonull") == 0)
        return PAM_DISALLOW_NULL_AUTHTOK;
    if (strcmp(name, "expired") == 0)
        return PAM_CHANGE_EXPIRED_AUTHTOK;
    fprintf(stderr, "pamhost: what is flag '%s'?\n", name);
    exit(2);
}

int main(int argc, char **argv)
{
    struct script script = {0};
    struct host host = {.conversation = {converse, &script}};
    script.handle = &host.handle;
    int option, uid = -1, forbids = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    while ((option = getopt(argc, argv, "+a:f:u:k:s")) != -1) {
        switch (option) {
        case 'a':
            if (script.count < max_answers)
                script.answers[script.count++] = optarg;
            break;
        case 'f':
            host.flags |= flag(optarg);
            break;
        case 'u':
            uid = atoi(optarg);
            break;
        case 'k':
            script.killed_at = atoi(optarg);
            break;
        case 's':
            forbids = 1;
            break;
        default:
            return 2;
        }
    }
    if (argc - optind < 4) {
        fprintf(stderr, "pamhost: CONFDIR SERVICE USER OPERATION...\n");
        return 2;
    }
    host.confdir = argv[optind];
    host.service = argv[optind + 1];
    host.user = argv[optind + 2];
    if (uid >= 0 && setresuid((uid_t)uid, (uid_t)-1, (uid_t)-1) != 0) {
        perror("pamhost: setresuid");
        return 2;
    }
    int code = start(&host);
    if (code != PAM_SUCCESS) {
        printf("start: %s\n", code_name(code));
        return 0;
    }
    if (forbids)
        forbid_clones();
    for (int i = optind + 3; i < argc; i++) {
        if (strcmp(argv[i], "fork") == 0) {
            fork_and_go_on();
            continue;
        }
        /* The module must leave errno as it was, whatever it did. */
        host.last = run(&host, argv[i]);
        if (strchr(argv[i], '=') == NULL)
            printf("%s: %s\n", argv[i], code_name(host.last));
    }
    if (host.handle != NULL)
        end(&host);
    return 0;
}
