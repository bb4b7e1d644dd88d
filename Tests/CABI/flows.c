/* Transactions over policy x account x evidence, on a real database. usage: flows VECTORS */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define ANN "ann@example.org"
#define ANN_PASSWORD "correct horse battery staple"
#define CAROL "carol@example.org"
#define CAROL_PASSWORD "old scheme, to be rehashed"

#define OFF "SECURITY_TWO_FACTOR = false\nSECURITY_WEBAUTHN = false"
#define OPT_IN "SECURITY_TWO_FACTOR = true"
#define REQUIRED "SECURITY_TWO_FACTOR_REQUIRED = true"
#define NO_RECOVERY "SECURITY_MULTI_FACTOR_RECOVERY_CODES = false"
#define UNCONFIRMED_TOO "SECURITY_LOGIN_WITHOUT_CONFIRMATION = true"
#define PLAIN_OFF "SECURITY_PASSWORD_SCHEMES = [\"bcrypt\", \"argon2\"]"
#define ADMINS "LIBSECURITY_PAM_ROLES_ACCEPTED = [\"admin\"]"
#define HOST(uid) LSEC_IDENTITY_HOST, LSEC_FACTORS_ALL, 0, (uid)
#define APP LSEC_IDENTITY_APPLICATION, LSEC_FACTORS_ALL, 0, LSEC_UID_UNSET
#define ONLY(factors, flags) LSEC_IDENTITY_APPLICATION, (factors), (flags), LSEC_UID_UNSET

/* Answers that are made at run time: the present code of a key of equal bytes. */
#define CODE_01 "\001"
#define CODE_07 "\007"

struct row {
    const char *name, *keys, *identity;
    lsec_identity_kind kind;
    lsec_factors factors;
    uint32_t flags;
    int64_t host_uid;
    /* The steps that are expected, one letter each: p, c = asked; then the verdict: G, D, I. */
    const char *steps;
    const char *answers[2];
    lsec_reason reason;
};

static const struct row rows[] = {
    { "off: the password is enough", OFF, ANN, APP, "pG", { ANN_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "off: a wrong password", OFF, ANN, APP, "pD", { "guess", 0 }, LSEC_REASON_WRONG_PASSWORD },
    { "off: an empty password", OFF, ANN, APP, "pD", { "", 0 }, LSEC_REASON_UNUSABLE_PASSWORD },
    { "off: an unknown account", OFF, "zoe@example.org", APP, "pD", { "guess", 0 }, LSEC_REASON_UNKNOWN_ACCOUNT },
    { "off: no name", OFF, "", APP, "pD", { "guess", 0 }, LSEC_REASON_UNKNOWN_ACCOUNT },
    { "off: another spelling of the address", OFF, "Ann@Example.ORG", APP, "pG", { ANN_PASSWORD, 0 },
        LSEC_REASON_NONE },
    { "off: by user name", OFF, "annlee", APP, "pG", { ANN_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "off: inactive", OFF, "dan@example.org", APP, "pD", { "disabled account password", 0 }, LSEC_REASON_INACTIVE },
    { "off: unconfirmed", OFF, "eve@example.org", APP, "pD", { "never confirmed password", 0 },
        LSEC_REASON_UNCONFIRMED },
    { "off: unconfirmed may log in", OFF "\n" UNCONFIRMED_TOO, "eve@example.org", APP, "pG",
        { "never confirmed password", 0 }, LSEC_REASON_NONE },
    { "off: no password", OFF, "frank@example.org", APP, "pD", { "guess", 0 }, LSEC_REASON_NO_PASSWORD },
    { "off: plain text on disk", OFF, "heidi@example.org", APP, "pG", { "plain text on disk!", 0 }, LSEC_REASON_NONE },
    { "off: plain text is not a scheme here", OFF "\n" PLAIN_OFF, "heidi@example.org", APP, "pD",
        { "plain text on disk!", 0 }, LSEC_REASON_UNUSABLE_PASSWORD },
    { "off: des_crypt", OFF, "ivan@example.org", APP, "pG", { "des crypt is eight chars", 0 }, LSEC_REASON_NONE },
    { "off: NFC typed, NFKD stored", OFF, "judy@example.org", APP, "pG",
        { "p\303\244ssw\303\266rd \342\221\240 na\303\257ve", 0 }, LSEC_REASON_NONE },
    { "off: sha256_crypt", OFF, "ken@example.org", APP, "pG", { "sha256 crypt password", 0 }, LSEC_REASON_NONE },
    { "off: argon2", OFF, "bob@example.org", APP, "pG", { "Tr0ub4dor&3 Tr0ub4dor", 0 }, LSEC_REASON_NONE },
    { "off: pbkdf2_sha512", OFF, CAROL, APP, "pG", { CAROL_PASSWORD, 0 }, LSEC_REASON_NONE },

    { "opt-in: no factor set up", OPT_IN, CAROL, APP, "pG", { CAROL_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "opt-in: password and code", OPT_IN, ANN, APP, "pcG", { ANN_PASSWORD, CODE_01 }, LSEC_REASON_NONE },
    { "opt-in: password and wrong code", OPT_IN, ANN, APP, "pcD", { ANN_PASSWORD, "000000" }, LSEC_REASON_WRONG_CODE },
    { "opt-in: password and another key's code", OPT_IN, ANN, APP, "pcD", { ANN_PASSWORD, CODE_07 },
        LSEC_REASON_WRONG_CODE },
    { "opt-in: password and recovery code", OPT_IN, ANN, APP, "pcG", { ANN_PASSWORD, "dead-beef-0001" },
        LSEC_REASON_NONE },
    { "opt-in: password and another recovery code", OPT_IN, ANN, APP, "pcD", { ANN_PASSWORD, "dead-beef-0002" },
        LSEC_REASON_WRONG_CODE },
    { "opt-in: recovery codes are off", OPT_IN "\n" NO_RECOVERY, ANN, APP, "pcD", { ANN_PASSWORD, "dead-beef-0001" },
        LSEC_REASON_WRONG_CODE },
    { "opt-in: the password again", OPT_IN, ANN, APP, "pcD", { ANN_PASSWORD, ANN_PASSWORD }, LSEC_REASON_NOT_A_CODE },
    { "opt-in: sshd's made-up answer", OPT_IN, ANN, APP, "pD", { "\b\n\r\177INCORRECT", 0 }, LSEC_REASON_DUMMY_ANSWER },
    { "opt-in: no code after a wrong password", OPT_IN, ANN, APP, "pD", { "guess", 0 }, LSEC_REASON_WRONG_PASSWORD },
    { "opt-in: wrong code by SMS", OPT_IN, "bob@example.org", APP, "pcD", { "Tr0ub4dor&3 Tr0ub4dor", "123456" },
        LSEC_REASON_WRONG_CODE },
    { "opt-in: a security key cannot be asked", OPT_IN, "grace@example.org", APP, "pcD",
        { "security key password", "123456" }, LSEC_REASON_NO_USABLE_FACTOR },

    { "required: password and code", REQUIRED, ANN, APP, "pcG", { ANN_PASSWORD, CODE_01 }, LSEC_REASON_NONE },
    { "required: wrong password and code", REQUIRED, ANN, APP, "pcD", { "guess", CODE_01 },
        LSEC_REASON_WRONG_PASSWORD },
    { "required: no factor set up", REQUIRED, CAROL, APP, "pcD", { CAROL_PASSWORD, "123456" }, LSEC_REASON_NO_FACTOR },
    { "required: an unknown account", REQUIRED, "zoe@example.org", APP, "pcD", { "guess", "123456" },
        LSEC_REASON_UNKNOWN_ACCOUNT },
    { "required: inactive", REQUIRED, "dan@example.org", APP, "pcD", { "disabled account password", "123456" },
        LSEC_REASON_INACTIVE },

    { "password alone", OPT_IN, ANN, ONLY(LSEC_FACTORS_PASSWORD, 0), "pG", { ANN_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "code alone", OPT_IN, ANN, ONLY(LSEC_FACTORS_CODE, 0), "cG", { CODE_01, 0 }, LSEC_REASON_NONE },
    { "code alone, no factor", OPT_IN, CAROL, ONLY(LSEC_FACTORS_CODE, 0), "cD", { "123456", 0 },
        LSEC_REASON_NO_FACTOR },
    { "code alone, no factor, allowed", OPT_IN, CAROL, ONLY(LSEC_FACTORS_CODE, LSEC_REQUEST_ALLOW_NO_FACTOR), "I",
        { 0, 0 }, LSEC_REASON_NONE },
    { "code alone, no factor, allowed but required", REQUIRED, CAROL,
        ONLY(LSEC_FACTORS_CODE, LSEC_REQUEST_ALLOW_NO_FACTOR), "cD", { "123456", 0 }, LSEC_REASON_NO_FACTOR },
    { "code alone, unknown, allowed", OPT_IN, "zoe@example.org", ONLY(LSEC_FACTORS_CODE, LSEC_REQUEST_ALLOW_NO_FACTOR),
        "cD", { "123456", 0 }, LSEC_REASON_UNKNOWN_ACCOUNT },

    { "host: nobody is admitted while anybody may register", OFF, "annlee", HOST(1000), "pD", { ANN_PASSWORD, 0 },
        LSEC_REASON_NOT_ADMITTED },
    { "host: a role admits", OFF "\n" ADMINS, "annlee", HOST(1000), "pG", { ANN_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "host: a name that the system does not know", OFF "\n" ADMINS, "annlee", HOST(LSEC_UID_NONE), "pG",
        { ANN_PASSWORD, 0 }, LSEC_REASON_NONE },
    { "host: another role does not", OFF "\n" ADMINS, "grace2", HOST(1000), "pD", { "security key password", 0 },
        LSEC_REASON_NOT_ADMITTED },
    { "host: a name of uid 0", OFF "\n" ADMINS, "annlee", HOST(0), "pD", { ANN_PASSWORD, 0 }, LSEC_REASON_SUPERUSER },
    { "host: root", OFF "\n" ADMINS, "root", HOST(LSEC_UID_NONE), "pD", { "guess", 0 }, LSEC_REASON_SUPERUSER },
    { "host: case matters", OFF "\n" ADMINS, "Annlee", HOST(1000), "pD", { ANN_PASSWORD, 0 },
        LSEC_REASON_UNKNOWN_ACCOUNT },
};

static char letter(lsec_step step)
{
    switch (step) {
    case LSEC_STEP_ASK_PASSWORD: return 'p';
    case LSEC_STEP_ASK_CODE: return 'c';
    case LSEC_STEP_GRANTED: return 'G';
    case LSEC_STEP_IGNORED: return 'I';
    case LSEC_STEP_DENIED: return 'D';
    }
    return '?';
}

static lsec_request request_of(const struct row *row)
{
    lsec_request request = LSEC_REQUEST_INIT;

    request.identity_kind = row->kind;
    request.factors = row->factors;
    request.flags = row->flags;
    request.host_uid = row->host_uid;
    request.remote_host = "192.0.2.7";
    request.terminal = "ssh";
    return request;
}

/* Whether the audit line tells the verdict and, with the library's own word, the reason, and no typed text. */
static int audit_agrees(lsec_transaction *transaction, const struct row *row)
{
    char *line, expected[64];
    char verdict = row->steps[strlen(row->steps) - 1];
    int agrees;

    if (lsec_transaction_audit(transaction, &line) != LSEC_OK) return 0;
    if (verdict == 'D')
        snprintf(expected, sizeof expected, "verdict=denied reason=%s ", lsec_reason_string(row->reason));
    else
        snprintf(expected, sizeof expected, "verdict=%s ", verdict == 'G' ? "granted" : "ignored");
    agrees = strncmp(line, expected, strlen(expected)) == 0 && strstr(line, " rhost=192.0.2.7 ")
        && strstr(line, " tty=ssh ");
    for (int index = 0; index < 2; index++) {
        const char *typed = row->answers[index];
        if (typed && *typed && strstr(line, typed)) agrees = 0;
    }
    if (!agrees) printf("# %s\n", line);
    lsec_string_free(line);
    return agrees;
}

static int64_t row_runs(const char *vectors, const struct row *row)
{
    lsec_context *context = site_context(site(vectors, row->keys));
    lsec_request request = request_of(row);
    lsec_transaction *transaction;
    lsec_step step;
    lsec_result result;
    int64_t account, holds = 1;
    char steps[4] = "", code[7];
    size_t asked = 0;

    result = lsec_transaction_begin(context, row->identity, &request, &transaction, &step);
    for (;;) {
        steps[asked] = letter(step);
        if (result != LSEC_OK || asked == 2 || !strchr("pc", steps[asked])) break;
        const char *answer = row->answers[asked++];
        if (!answer) break;
        if (strcmp(answer, CODE_01) == 0 || strcmp(answer, CODE_07) == 0) {
            totp_code((unsigned char)answer[0], 0, code);
            answer = code;
        }
        result = lsec_transaction_answer(transaction, answer, strlen(answer), &step);
    }
    holds = result == LSEC_OK && strcmp(steps, row->steps) == 0 && lsec_transaction_reason(transaction) == row->reason
        && lsec_transaction_step(transaction) == step && audit_agrees(transaction, row);
    if (!holds) {
        char text[256];
        lsec_last_error(context, text, sizeof text);
        printf("# %s: steps %s, expected %s; reason %s; %s\n", row->name, steps, row->steps,
            lsec_reason_string(lsec_transaction_reason(transaction)), text);
    }
    result = lsec_transaction_account(transaction, &account);
    if (step == LSEC_STEP_GRANTED)
        holds = holds && result == LSEC_OK && account > 0;
    else
        holds = holds && result == LSEC_ERR_STATE && account == 0;
    result = lsec_transaction_answer(transaction, "more", 4, &step);
    holds = holds && result == LSEC_ERR_STATE && step == LSEC_STEP_DENIED;
    /* In either order: a transaction keeps what it needs. */
    lsec_context_free(context);
    lsec_transaction_free(transaction);
    return holds;
}

/* ---- What one login does to the next ---- */

static lsec_step log_in(lsec_context *context, const char *identity, const char *password, const char *code,
    const lsec_request *request, lsec_reason *reason)
{
    lsec_transaction *transaction;
    lsec_step step;
    lsec_result result = lsec_transaction_begin(context, identity, request, &transaction, &step);

    while (result == LSEC_OK && (step == LSEC_STEP_ASK_PASSWORD || step == LSEC_STEP_ASK_CODE)) {
        const char *answer = step == LSEC_STEP_ASK_PASSWORD ? password : code;
        result = lsec_transaction_answer(transaction, answer, strlen(answer), &step);
    }
    if (reason) *reason = lsec_transaction_reason(transaction);
    lsec_transaction_free(transaction);
    return step;
}

static void codes_work_once(const char *vectors)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_reason reason;
    char code[7];

    totp_code(1, 0, code);
    CHECK("a code after a wrong password is not used up",
        log_in(context, ANN, "guess", code, NULL, NULL) == LSEC_STEP_DENIED
            && log_in(context, ANN, ANN_PASSWORD, code, NULL, NULL) == LSEC_STEP_GRANTED);
    CHECK("a used code is refused", log_in(context, ANN, ANN_PASSWORD, code, NULL, &reason) == LSEC_STEP_DENIED
            && reason == LSEC_REASON_USED_CODE);
    CHECK("a recovery code lets in",
        log_in(context, ANN, ANN_PASSWORD, "0123-4567-89ab", NULL, NULL) == LSEC_STEP_GRANTED);
    CHECK("a used recovery code is refused",
        log_in(context, ANN, ANN_PASSWORD, "0123-4567-89ab", NULL, &reason) == LSEC_STEP_DENIED
            && reason == LSEC_REASON_WRONG_CODE);
    lsec_context_free(context);
}

static void guesses_are_slowed_down(const char *vectors)
{
    const char *configuration = site(vectors, OFF "\nLIBSECURITY_THROTTLE_DELAY = 600");
    lsec_context *context = site_context(configuration);
    lsec_request here = LSEC_REQUEST_INIT, there = LSEC_REQUEST_INIT;
    lsec_reason reason = LSEC_REASON_NONE;
    int refused = 0;

    here.remote_host = "192.0.2.7";
    there.remote_host = "198.51.100.9";
    CHECK("the owner logs in", log_in(context, CAROL, CAROL_PASSWORD, "", &here, NULL) == LSEC_STEP_GRANTED);
    for (int guess = 0; guess < 4; guess++)
        refused += log_in(context, CAROL, "guess", "", &there, &reason) == LSEC_STEP_DENIED
            && reason == LSEC_REASON_WRONG_PASSWORD;
    CHECK("four guesses are checked", refused == 4);
    CHECK("the next is not, even if it is right",
        log_in(context, CAROL, CAROL_PASSWORD, "", &there, &reason) == LSEC_STEP_DENIED
            && reason == LSEC_REASON_THROTTLED);
    CHECK("a direct check is counted with them",
        lsec_password_verify(context, CAROL, CAROL_PASSWORD, strlen(CAROL_PASSWORD), &there, &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_THROTTLED);
    CHECK("the owner still logs in", log_in(context, CAROL, CAROL_PASSWORD, "", &here, NULL) == LSEC_STEP_GRANTED);
    lsec_context_free(context);
}

static void a_fresh_factor_is_not_asked_again(const char *vectors)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_request request = LSEC_REQUEST_INIT, elsewhere;
    char code[7];

    request.factors = LSEC_FACTORS_CODE;
    request.flags = LSEC_REQUEST_FRESH;
    request.caller_uid = 1000;
    request.terminal = "pts/1";
    elsewhere = request;
    elsewhere.terminal = "pts/2";
    totp_code(1, 0, code);
    CHECK("a code is asked for", log_in(context, ANN, "", code, &request, NULL) == LSEC_STEP_GRANTED);
    CHECK("not again at the same place", log_in(context, ANN, "", "no code", &request, NULL) == LSEC_STEP_GRANTED);
    CHECK("but at another terminal", log_in(context, ANN, "", "no code", &elsewhere, NULL) == LSEC_STEP_DENIED);
    lsec_context_free(context);
}

static void a_confirmation_is_no_sign_in(const char *vectors)
{
    const char *configuration = site(vectors, OFF);
    lsec_context *context = site_context(configuration);
    lsec_request request = LSEC_REQUEST_INIT;
    const char *logins = "SELECT ifnull(login_count, 0) FROM user WHERE id = 3";

    request.flags = LSEC_REQUEST_CONFIRMATION;
    CHECK("a confirmation is granted", log_in(context, CAROL, CAROL_PASSWORD, "", &request, NULL) == LSEC_STEP_GRANTED
            && query(configuration, logins) == 0);
    CHECK("a login is recorded", log_in(context, CAROL, CAROL_PASSWORD, "", NULL, NULL) == LSEC_STEP_GRANTED
            && query(configuration, logins) == 1);
    CHECK("and the hash renewed", query(configuration, "SELECT password LIKE '$2b$05$%' FROM user WHERE id = 3") == 1);
    lsec_context_free(context);
}

static void an_abandoned_login_counts_nothing(const char *vectors)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction;
    lsec_step step;
    int begun = 0;

    for (int times = 0; times < 10; times++) {
        begun += lsec_transaction_begin(context, ANN, NULL, &transaction, &step) == LSEC_OK;
        lsec_transaction_free(transaction);
    }
    CHECK("logins are given up", begun == 10);
    CHECK("nothing is counted",
        query(configuration, "SELECT count(*) FROM sqlite_master WHERE name = 'lsec_throttle'") == 0
            || query(configuration, "SELECT count(*) FROM lsec_throttle WHERE failures > 0 OR pending > 0") == 0);
    lsec_context_free(context);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    totp_settle();
    for (size_t index = 0; index < sizeof rows / sizeof *rows; index++)
        CHECK(rows[index].name, row_runs(argv[1], &rows[index]));
    codes_work_once(argv[1]);
    guesses_are_slowed_down(argv[1]);
    a_fresh_factor_is_not_asked_again(argv[1]);
    a_confirmation_is_no_sign_in(argv[1]);
    an_abandoned_login_counts_nothing(argv[1]);
    return checks_status();
}
