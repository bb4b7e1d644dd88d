/* Direct checks, freshness, account states and changes, on a real database. usage: LSEC_LOCALES=CATALOGUES direct VECTORS */
#include "check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANN "ann@example.org"
#define ANN_PASSWORD "correct horse battery staple"
#define CAROL "carol@example.org"
#define CAROL_PASSWORD "old scheme, to be rehashed"
#define CAROL_ID 3

static const char *vectors;

static lsec_result password(lsec_context *context, const char *identity, const char *typed, lsec_reason *reason)
{
    return lsec_password_verify(context, identity, typed, strlen(typed), NULL, reason);
}

static lsec_result code(lsec_context *context, const char *identity, const char *typed, lsec_reason *reason)
{
    return lsec_totp_verify(context, identity, typed, strlen(typed), NULL, reason);
}

static lsec_result recovery(lsec_context *context, const char *identity, const char *typed, lsec_reason *reason)
{
    return lsec_recovery_code_verify(context, identity, typed, strlen(typed), NULL, reason);
}

static void checks(void)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_reason reason = LSEC_REASON_DUMMY_ANSWER;
    char now[7];

    CHECK("a right password", password(context, ANN, ANN_PASSWORD, &reason) == LSEC_OK && reason == LSEC_REASON_NONE);
    CHECK("a wrong password", password(context, ANN, "guess", &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_WRONG_PASSWORD);
    CHECK("a password of nobody", password(context, "zoe@example.org", "guess", &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_UNKNOWN_ACCOUNT);
    totp_code(1, 0, now);
    CHECK("a recovery code is no TOTP code", code(context, ANN, "dead-beef-0001", &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_NOT_A_CODE);
    CHECK("a TOTP code is no recovery code", recovery(context, ANN, now, &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_NOT_A_CODE);
    CHECK("a right code", code(context, ANN, now, &reason) == LSEC_OK && reason == LSEC_REASON_NONE);
    CHECK("once", code(context, ANN, now, &reason) == LSEC_REFUSED && reason == LSEC_REASON_USED_CODE);
    CHECK("a recovery code", recovery(context, ANN, "dead-beef-0001", &reason) == LSEC_OK);
    CHECK("once", recovery(context, ANN, "dead-beef-0001", &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_WRONG_CODE);
    CHECK("a code without a factor", code(context, CAROL, "123456", &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_NO_FACTOR);
    lsec_context_free(context);
}

/* ---- Languages ---- */

/* Whether a message in the context's language is `expected`. */
static int says(lsec_context *context, const char *name, const char *const *values, const char *expected)
{
    char *text = NULL;
    const char *level = NULL;
    int equal = lsec_message_text(context, name, values, &text, &level) == LSEC_OK && strcmp(text, expected) == 0
        && level != NULL && strcmp(level, "error") == 0;

    lsec_string_free(text);
    return equal;
}

static void languages(const char *locales)
{
    char keys[4500], *text = NULL;
    const char *const values[] = { "length", "8", NULL }, *level = "";
    const char *many[LSEC_MESSAGE_VALUES_MAX + 2];
    lsec_context *english, *german = NULL, *other = NULL;
    lsec_new_password new = LSEC_NEW_PASSWORD_INIT;
    uint32_t flaws = 0;

    if (locales == NULL) exit(2);
    snprintf(keys, sizeof keys, "LIBSECURITY_I18N_DIRNAME = \"%s\"\n"
        "SECURITY_MSG_INVALID_PASSWORD = [\"No such password\", \"error\"]", locales);
    english = site_context(site(vectors, keys));
    CHECK("a language", lsec_context_localize(english, "xx, de-AT;q=0.9, fr;q=0.5", &german) == LSEC_OK);
    CHECK("a prompt", lsec_step_text(german, LSEC_STEP_ASK_PASSWORD, &text) == LSEC_OK
            && strcmp(text, "Passwort: ") == 0);
    lsec_string_free(text);
    CHECK("a prompt in English", lsec_step_text(english, LSEC_STEP_ASK_CODE, &text) == LSEC_OK
            && strcmp(text, "Verification code: ") == 0);
    lsec_string_free(text);
    CHECK("a step that does not ask", lsec_step_text(german, (lsec_step)99, &text) == LSEC_OK && !*text);
    lsec_string_free(text);
    CHECK("a message", says(german, "PASSWORD_INVALID_LENGTH", values,
            "Das Passwort muss mindestens 8 Zeichen lang sein"));
    CHECK("a message in English", says(english, "PASSWORD_INVALID_LENGTH", values,
            "Password must be at least 8 characters"));
    CHECK("a message that the site words", says(german, "INVALID_PASSWORD", NULL, "No such password"));
    CHECK("no such message", lsec_message_text(german, "NOTHING", NULL, &text, &level) == LSEC_NOT_FOUND
            && text == NULL && level == NULL);
    new.password = "short";
    new.password_length = 5;
    CHECK("what is wrong with a password", lsec_password_check(german, &new, &flaws, &text) == LSEC_REFUSED
            && strcmp(text, "Das Passwort muss mindestens 8 Zeichen lang sein") == 0);
    lsec_string_free(text);
    for (int index = 0; index <= LSEC_MESSAGE_VALUES_MAX; index++)
        many[index] = "x";
    many[LSEC_MESSAGE_VALUES_MAX + 1] = NULL;
    CHECK("too many values", lsec_message_text(german, "LOGIN", many, &text, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("a name without a value", lsec_message_text(german, "LOGIN", values + 1, &text, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("no name", lsec_message_text(german, NULL, NULL, &text, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("no output", lsec_message_text(german, "LOGIN", NULL, NULL, NULL) == LSEC_ERR_ARGUMENT
            && lsec_step_text(german, LSEC_STEP_ASK_CODE, NULL) == LSEC_ERR_ARGUMENT
            && lsec_context_localize(german, "de", NULL) == LSEC_ERR_ARGUMENT);
    CHECK("no context", lsec_message_text(NULL, "LOGIN", NULL, &text, NULL) == LSEC_ERR_ARGUMENT
            && lsec_step_text(NULL, LSEC_STEP_ASK_CODE, &text) == LSEC_ERR_ARGUMENT
            && lsec_context_localize(NULL, "de", &other) == LSEC_ERR_ARGUMENT && other == NULL);
    CHECK("no list of languages", lsec_context_localize(english, "../de", &other) == LSEC_ERR_ARGUMENT
            && other == NULL);
    lsec_context_free(english);
    CHECK("a context in another language outlives the first", lsec_context_localize(german, NULL, &other) == LSEC_OK);
    lsec_context_free(german);
    CHECK("NULL is English", says(other, "PASSWORD_INVALID_LENGTH", values, "Password must be at least 8 characters"));
    lsec_context_free(other);
}

/* ---- Freshness ---- */

struct freshness_row {
    const char *name, *keys;
    int64_t authenticated_at, grace_until, now;
    lsec_result result;
    int64_t new_grace;
};

#define WITHIN(seconds, grace) "SECURITY_FRESHNESS = " #seconds "\nSECURITY_FRESHNESS_GRACE_PERIOD = " #grace
#define T INT64_C(1700000000)

static const struct freshness_row freshness_rows[] = {
    { "fresh: young", WITHIN(300, 60), T, LSEC_TIME_NONE, T + 299, LSEC_OK, T + 359 },
    { "fresh: exactly the limit is stale", WITHIN(300, 60), T, LSEC_TIME_NONE, T + 300, LSEC_REFUSED, LSEC_TIME_NONE },
    { "fresh: never authenticated", WITHIN(300, 60), LSEC_TIME_NONE, T + 60, T, LSEC_REFUSED, T + 60 },
    { "fresh: clocks differ a little", WITHIN(300, 60), T + 299, LSEC_TIME_NONE, T, LSEC_OK, T + 60 },
    { "fresh: too far in the future", WITHIN(300, 60), T + 300, LSEC_TIME_NONE, T, LSEC_REFUSED, LSEC_TIME_NONE },
    { "fresh: old, within the grace period", WITHIN(300, 60), T, T + 1001, T + 1000, LSEC_OK, T + 1060 },
    { "fresh: old, at the end of the grace period", WITHIN(300, 60), T, T + 1000, T + 1000, LSEC_REFUSED, T + 1000 },
    { "fresh: grace of 0 is none", WITHIN(300, 60), T, 0, T + 1000, LSEC_REFUSED, 0 },
    { "fresh: negative checks nothing", WITHIN(-1, 60), LSEC_TIME_NONE, LSEC_TIME_NONE, T, LSEC_OK, LSEC_TIME_NONE },
    { "fresh: zero is never fresh at first", WITHIN(0, 60), T, LSEC_TIME_NONE, T, LSEC_REFUSED, T + 60 },
};

static void freshness(void)
{
    for (size_t index = 0; index < sizeof freshness_rows / sizeof *freshness_rows; index++) {
        const struct freshness_row *row = &freshness_rows[index];
        lsec_context *context = site_context(site(vectors, row->keys));
        lsec_freshness session = LSEC_FRESHNESS_INIT;

        session.authenticated_at = row->authenticated_at;
        session.grace_until = row->grace_until;
        CHECK(row->name, lsec_freshness_check(context, &session, row->now) == row->result
                && session.grace_until == row->new_grace && session.authenticated_at == row->authenticated_at);
        lsec_context_free(context);
    }
}

/* ---- Accounts ---- */

struct account_row {
    const char *identity;
    lsec_result result;
    int64_t id;
    uint32_t flags, factors, recovery_codes;
    lsec_reason obstacle;
};

#define USABLE (LSEC_ACCOUNT_ACTIVE | LSEC_ACCOUNT_CONFIRMED | LSEC_ACCOUNT_PASSWORD | LSEC_ACCOUNT_ADMITTED)

static const struct account_row account_rows[] = {
    { ANN, LSEC_OK, 1, USABLE, LSEC_FACTOR_AUTHENTICATOR, 5, LSEC_REASON_NONE },
    { "bob@example.org", LSEC_OK, 2, USABLE, LSEC_FACTOR_SMS, 0, LSEC_REASON_NONE },
    { CAROL, LSEC_OK, CAROL_ID, USABLE, 0, 0, LSEC_REASON_NONE },
    { "dan@example.org", LSEC_OK, 4, USABLE & ~LSEC_ACCOUNT_ACTIVE, 0, 0, LSEC_REASON_INACTIVE },
    { "eve@example.org", LSEC_OK, 5, USABLE & ~LSEC_ACCOUNT_CONFIRMED, 0, 0, LSEC_REASON_UNCONFIRMED },
    { "frank@example.org", LSEC_OK, 6, USABLE & ~LSEC_ACCOUNT_PASSWORD, 0, 0, LSEC_REASON_NONE },
    { "grace@example.org", LSEC_OK, 7, USABLE, LSEC_FACTOR_WEBAUTHN, 0, LSEC_REASON_NONE },
    { "judy@example.org", LSEC_OK, 10, USABLE, LSEC_FACTOR_EMAIL, 0, LSEC_REASON_NONE },
    { "zoe@example.org", LSEC_NOT_FOUND, 0, 0, 0, 0, LSEC_REASON_UNKNOWN_ACCOUNT },
};

static void accounts(void)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_context *strict = site_context(site(vectors, "SECURITY_TWO_FACTOR_REQUIRED = true"));
    lsec_account account = LSEC_ACCOUNT_INIT;
    lsec_request host = LSEC_REQUEST_INIT;
    char *text, name[64];

    for (size_t index = 0; index < sizeof account_rows / sizeof *account_rows; index++) {
        const struct account_row *row = &account_rows[index];
        lsec_account found = LSEC_ACCOUNT_INIT;

        snprintf(name, sizeof name, "account: %s", row->identity);
        CHECK(name, lsec_account_find(context, row->identity, NULL, &found) == row->result && found.id == row->id
                && found.flags == row->flags && found.factors == row->factors
                && found.recovery_codes == row->recovery_codes && found.obstacle == row->obstacle);
    }
    CHECK("account: a required factor is missing", lsec_account_find(strict, CAROL, NULL, &account) == LSEC_OK
            && account.obstacle == LSEC_REASON_NO_FACTOR);
    host.identity_kind = LSEC_IDENTITY_HOST;
    host.host_uid = 1000;
    CHECK("account: not admitted to hosts", lsec_account_find(context, "annlee", &host, &account) == LSEC_OK
            && account.obstacle == LSEC_REASON_NOT_ADMITTED && !(account.flags & LSEC_ACCOUNT_ADMITTED));
    host.host_uid = 0;
    CHECK("account: uid 0", lsec_account_find(context, "annlee", &host, &account) == LSEC_NOT_FOUND
            && account.obstacle == LSEC_REASON_SUPERUSER);
    CHECK("text: address", lsec_account_read(context, 1, LSEC_ACCOUNT_EMAIL, &text) == LSEC_OK && !strcmp(text, ANN));
    lsec_string_free(text);
    CHECK("text: user name", lsec_account_read(context, 1, LSEC_ACCOUNT_USERNAME, &text) == LSEC_OK
            && !strcmp(text, "annlee"));
    lsec_string_free(text);
    CHECK("text: no user name", lsec_account_read(context, 2, LSEC_ACCOUNT_USERNAME, &text) == LSEC_OK && !*text);
    lsec_string_free(text);
    CHECK("text: uniquifier", lsec_account_read(context, 1, LSEC_ACCOUNT_UNIQUIFIER, &text) == LSEC_OK
            && !strncmp(text, "616e6e", 6) && strlen(text) == 32);
    lsec_string_free(text);
    lsec_context_free(context);
    lsec_context_free(strict);
}

/* ---- New passwords ---- */

static lsec_new_password new_password(const char *chosen, const char *old)
{
    lsec_new_password result = LSEC_NEW_PASSWORD_INIT;

    result.password = chosen;
    result.password_length = strlen(chosen);
    result.old_password = old;
    result.old_length = old ? strlen(old) : 0;
    return result;
}

struct flaw_row {
    const char *name, *chosen, *old;
    uint32_t flaws;
    int lines;
};

static const struct flaw_row flaw_rows[] = {
    { "password: good", "a new password", NULL, 0, 0 },
    { "password: short", "short", NULL, LSEC_FLAW_TOO_SHORT, 1 },
    { "password: short, and the old one", "short", "short", LSEC_FLAW_TOO_SHORT | LSEC_FLAW_SAME_AS_OLD, 2 },
    { "password: short and blank", "   ", NULL, LSEC_FLAW_EMPTY | LSEC_FLAW_TOO_SHORT, 2 },
    { "password: the old one", "a new password", "a new password", LSEC_FLAW_SAME_AS_OLD, 1 },
    { "password: the old one in another form", "na\303\257ve password", "nai\314\210ve password",
        LSEC_FLAW_SAME_AS_OLD, 1 },
    { "password: another than the old one", "a new password", "an old password", 0, 0 },
    { "password: nothing", "", NULL, LSEC_FLAW_EMPTY, 1 },
    { "password: not UTF-8", "\377\377\377\377\377\377\377\377\377", NULL, LSEC_FLAW_NOT_UTF8, 1 },
};

static int line_count(const char *text)
{
    int lines = text ? 1 : 0;

    for (; text && *text; text++) lines += *text == '\n';
    return lines;
}

static void new_passwords(void)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_new_password nul = new_password("a new password", NULL);
    uint32_t flaws;
    char *text, *long_one = malloc(200);

    for (size_t index = 0; index < sizeof flaw_rows / sizeof *flaw_rows; index++) {
        const struct flaw_row *row = &flaw_rows[index];
        lsec_new_password chosen = new_password(row->chosen, row->old);
        lsec_result result = lsec_password_check(context, &chosen, &flaws, &text);

        if (flaws != row->flaws) printf("# flaws %u: %s\n", (unsigned)flaws, text ? text : "");
        CHECK(row->name, result == (row->flaws ? LSEC_REFUSED : LSEC_OK) && flaws == row->flaws
                && line_count(text) == row->lines);
        lsec_string_free(text);
    }
    nul.password = "a new\0password";
    CHECK("password: a NUL", lsec_password_check(context, &nul, &flaws, NULL) == LSEC_REFUSED
            && flaws == LSEC_FLAW_NUL);
    memset(long_one, 'x', 199);
    long_one[199] = 0;
    nul = new_password(long_one, NULL);
    CHECK("password: long", lsec_password_check(context, &nul, &flaws, NULL) == LSEC_REFUSED
            && flaws == LSEC_FLAW_TOO_LONG);
    free(long_one);
    lsec_context_free(context);
}

static void new_passwords_compared(void)
{
    lsec_context *context = site_context(site(vectors, ""));
    lsec_context *strict = site_context(site(vectors, "SECURITY_PASSWORD_CHECK_BREACHED = \"strict\""));
    lsec_context *lost = site_context(site(vectors, "SECURITY_PASSWORD_COMPLEXITY_CHECKER = \"zxcvbn\"\n"
        "LIBSECURITY_ZXCVBN_FILE = \"/nonexistent/words\""));
    lsec_new_password chosen = new_password("na\303\257ve password", NULL);
    uint32_t flaws;
    char *text;

    chosen.confirmation = "nai\314\210ve password";
    chosen.confirmation_length = strlen(chosen.confirmation);
    CHECK("password: confirmed in another form", lsec_password_check(context, &chosen, &flaws, NULL) == LSEC_OK);
    chosen.confirmation_length--;
    CHECK("password: not confirmed", lsec_password_check(context, &chosen, &flaws, NULL) == LSEC_REFUSED
            && flaws == LSEC_FLAW_NOT_CONFIRMED);
    chosen.confirmation = NULL;
    CHECK("password: a confirmation of NULL with a length",
        lsec_password_check(context, &chosen, &flaws, NULL) == LSEC_ERR_ARGUMENT && !flaws);
    chosen = new_password("a new password", NULL);
    CHECK("password: nobody knows what is breached", lsec_password_check(strict, &chosen, &flaws, &text) == LSEC_REFUSED
            && flaws == LSEC_FLAW_BREACHED_UNKNOWN && text);
    lsec_string_free(text);
    CHECK("password: nobody can judge it", lsec_password_check(lost, &chosen, &flaws, &text) == LSEC_REFUSED
            && flaws == LSEC_FLAW_STRENGTH_UNKNOWN && text && strstr(text, "/nonexistent/words"));
    lsec_string_free(text);
    chosen.email = "\377";
    CHECK("password: an address that is no text",
        lsec_password_check(context, &chosen, &flaws, NULL) == LSEC_ERR_ARGUMENT && !flaws);
    lsec_context_free(context);
    lsec_context_free(strict);
    lsec_context_free(lost);
}

static void changing_a_password(void)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_new_password bad = new_password("short", NULL), good = new_password("a better password", CAROL_PASSWORD);
    const char *old_uniquifier = "SELECT count(*) FROM user WHERE id = 3 AND fs_uniquifier LIKE '6361726f6c%'";
    uint32_t flaws;
    char *text;

    CHECK("a bad password is not set", lsec_password_set(context, CAROL_ID, &bad, &flaws, &text) == LSEC_REFUSED
            && flaws == LSEC_FLAW_TOO_SHORT && text && password(context, CAROL, CAROL_PASSWORD, NULL) == LSEC_OK
            && query(configuration, old_uniquifier) == 1);
    lsec_string_free(text);
    CHECK("a good one is", lsec_password_set(context, CAROL_ID, &good, &flaws, &text) == LSEC_OK && !flaws && !text);
    CHECK("the new one works", password(context, CAROL, "a better password", NULL) == LSEC_OK);
    CHECK("the old one does not", password(context, CAROL, CAROL_PASSWORD, NULL) == LSEC_REFUSED);
    CHECK("what was bound to the old one ends", query(configuration, old_uniquifier) == 0);
    lsec_context_free(context);
}

/* ---- Factors ---- */

static void recovery_codes(void)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_context *off = site_context(site(vectors, "SECURITY_MULTI_FACTOR_RECOVERY_CODES = false"));
    char *codes, first[15] = "";

    CHECK("recovery codes are made", lsec_recovery_codes_generate(context, 1, &codes) == LSEC_OK && codes
            && strlen(codes) == 5 * 14 + 4 && line_count(codes) == 5);
    if (codes) memcpy(first, codes, 14);
    CHECK("and stored", query(configuration, "SELECT length(mf_recovery_codes) FROM user WHERE id = 1") == 5 * 14 + 4);
    CHECK("a new one works", recovery(context, ANN, first, NULL) == LSEC_OK);
    CHECK("an old one does not", recovery(context, ANN, "dead-beef-0001", NULL) == LSEC_REFUSED);
    lsec_string_free(codes);
    CHECK("none where they are off", lsec_recovery_codes_generate(off, 1, &codes) == LSEC_ERR_POLICY && !codes);
    lsec_context_free(context);
    lsec_context_free(off);
}

static void enrolling(void)
{
    const char *configuration = site(vectors, "LIBSECURITY_THROTTLE = false");
    lsec_context *context = site_context(configuration);
    lsec_context *bare = site_context(site(vectors, "SECURITY_TOTP_SECRETS = {}\nSECURITY_TWO_FACTOR = false\n"
                                                    "SECURITY_UNIFIED_SIGNIN = false\n"
                                                    "SECURITY_MULTI_FACTOR_RECOVERY_CODES = false"));
    const char *method = "SELECT count(*) FROM user WHERE id = 3 AND tf_primary_method = 'authenticator'";
    char *key, *uri, now[7];
    lsec_reason reason;

    CHECK("a key is made", lsec_totp_generate(context, CAROL_ID, &key, &uri) == LSEC_OK && strlen(key) == 32);
    CHECK("with its URI", uri && !strncmp(uri, "otpauth://totp/sample.example.org:carol@example.org?secret=", 59)
            && strstr(uri, key) && strstr(uri, "&issuer=sample.example.org"));
    CHECK("nothing is stored yet", query(configuration, method) == 0);
    totp_code_of(key, now);
    CHECK("a wrong code is no proof", lsec_totp_enrol(context, CAROL_ID, key, "000000", 6) == LSEC_REFUSED
            && query(configuration, method) == 0);
    CHECK("a right one is", lsec_totp_enrol(context, CAROL_ID, key, now, 6) == LSEC_OK
            && query(configuration, method) == 1);
    CHECK("and is used up", code(context, CAROL, now, &reason) == LSEC_REFUSED && reason == LSEC_REASON_USED_CODE);
    CHECK("an administrator needs none", lsec_totp_enrol(context, CAROL_ID, key, NULL, 0) == LSEC_OK);
    CHECK("the next code works", code(context, CAROL, now, &reason) == LSEC_OK);
    lsec_string_free(key);
    lsec_string_free(uri);
    CHECK("not without secrets to seal keys with", lsec_totp_generate(bare, 1, &key, &uri) == LSEC_ERR_POLICY
            && !key && !uri
            && lsec_totp_enrol(bare, 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", NULL, 0) == LSEC_ERR_POLICY);
    lsec_context_free(context);
    lsec_context_free(bare);
}

/* ---- Databases that do not answer ---- */

static lsec_result with_database(const char *what)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction = NULL;
    lsec_step step = LSEC_STEP_GRANTED;
    lsec_result result;
    FILE *file;
    char text[256];

    if (!strcmp(what, "missing")) unlink(site_database(configuration));
    if (!strcmp(what, "damaged") && (file = fopen(site_database(configuration), "w"))) {
        fputs("This is no database, and has never been one. It is only text, and not even a long one.", file);
        fclose(file);
    }
    if (!strcmp(what, "empty") && truncate(site_database(configuration), 0) != 0) exit(2);
    result = lsec_transaction_begin(context, ANN, NULL, &transaction, &step);
    if (transaction || step != LSEC_STEP_DENIED || !lsec_last_error(context, text, sizeof text)
        || !strstr(text, "account database"))
        result = LSEC_OK;
    lsec_context_free(context);
    return result;
}

static void broken_databases(void)
{
    lsec_context *other = site_context(site(vectors, "SQLALCHEMY_DATABASE_URI = \"postgresql://localhost/users\""));
    lsec_account account = LSEC_ACCOUNT_INIT;

    CHECK("a missing database", with_database("missing") == LSEC_ERR_STORE_MISSING);
    CHECK("a damaged database", with_database("damaged") == LSEC_ERR_STORE_DAMAGED);
    CHECK("an empty database", with_database("empty") == LSEC_ERR_STORE_SCHEMA);
    CHECK("a kind that is not supported", lsec_account_find(other, ANN, NULL, &account) == LSEC_ERR_STORE_UNSUPPORTED);
    lsec_context_free(other);
}

static void a_locked_database(void)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_account account = LSEC_ACCOUNT_INIT;
    sqlite3 *holder;

    if (sqlite3_open(site_database(configuration), &holder) != SQLITE_OK
        || sqlite3_exec(holder, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
        exit(2);
    CHECK("a locked database", lsec_account_find(context, ANN, NULL, &account) == LSEC_ERR_STORE_LOCKED && !account.id);
    sqlite3_close(holder);
    CHECK("is found again", lsec_account_find(context, ANN, NULL, &account) == LSEC_OK && account.id == 1);
    lsec_context_free(context);
}

static void an_error_ends_a_login(void)
{
    const char *configuration = site(vectors, "");
    lsec_context *context = site_context(configuration);
    lsec_transaction *transaction;
    lsec_step step;
    lsec_result result;
    char *line;

    if (lsec_transaction_begin(context, CAROL, NULL, &transaction, &step) != LSEC_OK) exit(2);
    unlink(site_database(configuration));
    result = lsec_transaction_answer(transaction, CAROL_PASSWORD, strlen(CAROL_PASSWORD), &step);
    CHECK("a database that goes away denies", result == LSEC_ERR_STORE_MISSING && step == LSEC_STEP_DENIED);
    CHECK("for good", lsec_transaction_answer(transaction, "x", 1, &step) == LSEC_ERR_STATE
            && lsec_transaction_step(transaction) == LSEC_STEP_DENIED
            && lsec_transaction_reason(transaction) == LSEC_REASON_NONE);
    CHECK("the log calls it an error", lsec_transaction_audit(transaction, &line) == LSEC_OK
            && !strncmp(line, "verdict=error ", 14));
    lsec_string_free(line);
    lsec_transaction_free(transaction);
    lsec_context_free(context);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    vectors = argv[1];
    totp_settle();
    checks();
    languages(getenv("LSEC_LOCALES"));
    freshness();
    accounts();
    new_passwords();
    new_passwords_compared();
    changing_a_password();
    recovery_codes();
    totp_settle();
    enrolling();
    broken_databases();
    a_locked_database();
    an_error_ends_a_login();
    return checks_status();
}
