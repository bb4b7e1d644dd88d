/* Times PAM transactions, each in a fresh process, several services in turn so that they share one run's conditions.
 *
 *   pam_bench CONFDIR ROUNDS LABEL:SERVICE:USER[:ANSWER]... [-- BASE]
 *
 * For each row: medians of CPU time (user + system, of the child by wait4) and wall time in ms, the median of the peak
 * memory in MiB, and the CPU time over that of row BASE (default: the first). */
#define _GNU_SOURCE
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ANSWERS 4

struct row {
    char *label, *service, *user, *answers[MAX_ANSWERS];
    int answer_count, verdict;
    double *cpu, *wall, *memory;
};

struct script {
    struct row *row;
    int next;
};

static int converse(int count, const struct pam_message **messages, struct pam_response **out, void *data) {
    struct script *script = data;
    struct pam_response *responses = calloc((size_t)count, sizeof *responses);
    if (responses == NULL) return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        int style = messages[i]->msg_style;
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON) continue;
        int next = script->next < script->row->answer_count ? script->next++ : script->row->answer_count - 1;
        responses[i].resp = strdup(next >= 0 ? script->row->answers[next] : "");
    }
    *out = responses;
    return PAM_SUCCESS;
}

static double seconds(struct timeval value) { return (double)value.tv_sec + (double)value.tv_usec / 1e6; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A refusal's delay is slept by libpam and tells nothing. */
static void no_delay(int code, unsigned microseconds, void *data) { (void)code, (void)microseconds, (void)data; }

static int transaction(const char *confdir, struct row *row) {
    struct script script = {row, 0};
    struct pam_conv conversation = {converse, &script};
    pam_handle_t *handle = NULL;
    int code = pam_start_confdir(row->service, row->user, &conversation, confdir, &handle);
    if (code != PAM_SUCCESS) return code;
    union { void (*function)(int, unsigned, void *); const void *item; } delay = {no_delay};
    pam_set_item(handle, PAM_FAIL_DELAY, delay.item);
    code = pam_authenticate(handle, PAM_SILENT);
    pam_end(handle, code);
    return code;
}

static void measure(const char *confdir, struct row *row, int round) {
    double start = now();
    pid_t child = fork();
    if (child == 0) _exit(transaction(confdir, row));
    int status;
    struct rusage usage;
    wait4(child, &status, 0, &usage);
    row->wall[round] = (now() - start) * 1e3;
    row->cpu[round] = (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * 1e3;
    row->memory[round] = (double)usage.ru_maxrss / 1024;
    row->verdict = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void parse(char *text, struct row *row, int rounds) {
    row->label = strsep(&text, ":");
    row->service = strsep(&text, ":");
    row->user = strsep(&text, ":");
    while (text != NULL && row->answer_count < MAX_ANSWERS) row->answers[row->answer_count++] = strsep(&text, ":");
    row->cpu = calloc((size_t)rounds, sizeof *row->cpu);
    row->wall = calloc((size_t)rounds, sizeof *row->wall);
    row->memory = calloc((size_t)rounds, sizeof *row->memory);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: pam_bench CONFDIR ROUNDS LABEL:SERVICE:USER[:ANSWER]... [-- BASE]\n");
        return 2;
    }
    int rounds = atoi(argv[2]), count = 0, base = 0;
    struct row *rows = calloc((size_t)argc, sizeof *rows);
    if (rounds < 1 || rows == NULL) return 2;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            if (i + 1 < argc) base = atoi(argv[i + 1]);
            break;
        }
        parse(argv[i], &rows[count++], rounds);
    }
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            measure(argv[1], &rows[i], round);
            if (isatty(2)) fprintf(stderr, "\r%d/%d", round + 1, rounds);
        }
    if (isatty(2)) fprintf(stderr, "\r           \r");
    double reference = median(rows[base].cpu, rounds);
    printf("%-34s %6s %10s %10s %9s %8s\n", "transaction (fresh process)", "answer", "CPU ms", "wall ms", "peak MiB", "ratio");
    for (int i = 0; i < count; i++) {
        double cpu = median(rows[i].cpu, rounds);
        printf("%-34s %6d %10.2f %10.2f %9.1f %8.3f\n", rows[i].label, rows[i].verdict, cpu,
               median(rows[i].wall, rounds), median(rows[i].memory, rounds), cpu / reference);
    }
    return 0;
}
