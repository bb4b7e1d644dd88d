/*
 * Asks whatever the site's policy needs to let somebody in, and prints the verdict.
 *
 *     gcc login.c -o login $(pkg-config --cflags --libs libsecurity)
 *     ./login /etc/libsecurity/security.toml ann@example.org [HOST]
 *
 * HOST is where the person comes from: an address or a name. Exit status: 0 let in, 1 refused, 2 something failed.
 */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <libsecurity.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads a line without echo. Returns its length without the line's end; 0 when it is longer than the buffer. */
static size_t ask(const char *prompt, char *answer, size_t size)
{
    struct termios shown, hidden;
    int is_terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    size_t length = 0;
    char byte;

    if (is_terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        fputs(prompt, stderr);
    }
    /* read(2), not stdio, whose buffer would keep the password. */
    while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
        if (length < size) answer[length] = byte;
        length++;
    }
    if (is_terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return length <= size ? length : 0;
}

static int failed(const char *what, lsec_result result, const lsec_context *context)
{
    char text[512] = "";

    lsec_last_error(context, text, sizeof text);
    fprintf(stderr, "login: %s: %s\n", what, text[0] ? text : lsec_result_string(result));
    return 2;
}

int main(int argc, char **argv)
{
    lsec_context *context;
    lsec_transaction *transaction;
    lsec_request request = LSEC_REQUEST_INIT;
    lsec_result result;
    lsec_step step;
    char *text, answer[LSEC_ANSWER_MAX];
    int status = 1;

    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: login CONFIG IDENTITY [HOST]\n");
        return 2;
    }
    request.remote_host = argc == 4 ? argv[3] : NULL;

    result = lsec_context_open(argv[1], &context, &text);
    if (result != LSEC_OK) {
        fprintf(stderr, "%s\n", text ? text : lsec_result_string(result));
        lsec_string_free(text);
        return 2;
    }
    result = lsec_transaction_begin(context, argv[2], &request, &transaction, &step);
    while (result == LSEC_OK && (step == LSEC_STEP_ASK_PASSWORD || step == LSEC_STEP_ASK_CODE)) {
        size_t length = ask(lsec_step_prompt(step), answer, sizeof answer);
        result = lsec_transaction_answer(transaction, answer, length, &step);
        explicit_bzero(answer, sizeof answer);
    }
    if (result != LSEC_OK) {
        status = failed(argv[2], result, context);
    } else if (step == LSEC_STEP_GRANTED) {
        printf("granted\n");
        status = 0;
    } else {
        /* One answer for all reasons: the reason is for the log. */
        printf("denied\n");
    }
    if (lsec_transaction_audit(transaction, &text) == LSEC_OK) fprintf(stderr, "log: %s\n", text);
    lsec_string_free(text);
    lsec_transaction_free(transaction);
    lsec_context_free(context);
    return status;
}
