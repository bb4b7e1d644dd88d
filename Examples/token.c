/*
 * Makes and judges the tokens and sessions of a Flask-Security application.
 *
 *     gcc token.c -o token $(pkg-config --cflags --libs libsecurity)
 *     ./token security.toml make reset ann@example.org          prints a new token
 *     ./token security.toml check reset <token                  says what it is worth
 *     ./token security.toml redeem reset <token                 and uses it up
 *     ./token security.toml session <cookie                     says who is signed in
 *
 * Tokens come from standard input: arguments are seen by every user of the machine. Exit status: 0 good, 1 not, 2 failed.
 */
#include <libsecurity.h>
#include <stdio.h>
#include <string.h>

static const char *const purposes[] = { "confirm", "reset", "login", "authentication", "remember",
    "change-email" };

static lsec_token_purpose purpose_of(const char *name)
{
    const int count = (int)(sizeof purposes / sizeof *purposes);
    int purpose = 0;

    while (purpose < count && strcmp(name, purposes[purpose]) != 0) purpose++;
    /* -1 is none: the library says so. */
    return (lsec_token_purpose)(purpose < count ? purpose : -1);
}

static size_t read_line(char *line, size_t size)
{
    if (!fgets(line, (int)size, stdin)) return 0;
    return strcspn(line, "\r\n");
}

static lsec_result print_token(const lsec_context *context, const char *purpose, const char *user)
{
    lsec_account account = LSEC_ACCOUNT_INIT;
    char *token;
    lsec_result result = lsec_account_find(context, user, NULL, &account);

    if (result != LSEC_OK) return result;
    result = lsec_token_make(context, account.id, purpose_of(purpose), &token);
    if (result == LSEC_OK) puts(token);
    lsec_string_free(token);
    return result;
}

static void print_owner(const lsec_context *context, lsec_token_status status, int64_t account)
{
    char *email = NULL;

    if (account && lsec_account_read(context, account, LSEC_ACCOUNT_EMAIL, &email) != LSEC_OK) email = NULL;
    printf("%s%s%s\n", lsec_token_status_string(status), email ? " " : "", email ? email : "");
    lsec_string_free(email);
}

int main(int argc, char **argv)
{
    static char line[LSEC_TOKEN_MAX + 2];
    const char *verb = argc > 2 ? argv[2] : "";
    lsec_context *context;
    lsec_result result = LSEC_ERR_ARGUMENT;
    char *problems;

    if (lsec_context_open(argc > 1 ? argv[1] : NULL, &context, &problems) != LSEC_OK) {
        fprintf(stderr, "token: %s\n", problems ? problems : "no context");
        lsec_string_free(problems);
        return 2;
    }
    if (!strcmp(verb, "make") && argc == 5) {
        result = print_token(context, argv[3], argv[4]);
    } else if (!strcmp(verb, "session") && argc == 3) {
        lsec_session session = LSEC_SESSION_INIT;

        result = lsec_session_read(context, line, read_line(line, sizeof line), &session);
        if (result >= 0) print_owner(context, session.status, session.account);
    } else if ((!strcmp(verb, "check") || !strcmp(verb, "redeem")) && argc == 4) {
        lsec_token token = LSEC_TOKEN_INIT;
        size_t length = read_line(line, sizeof line);

        result = *verb == 'c' ? lsec_token_check(context, purpose_of(argv[3]), line, length, &token)
                              : lsec_token_redeem(context, purpose_of(argv[3]), line, length, &token);
        if (result >= 0) print_owner(context, token.status, token.account);
    }
    if (result < 0) fprintf(stderr, "token: %s\n", lsec_result_string(result));
    lsec_context_free(context);
    return result == LSEC_OK ? 0 : result > 0 ? 1 : 2;
}
