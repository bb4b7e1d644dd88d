/* Every function with NULL, wrong handles, zero and maximal lengths, wrong enum values, flags and struct sizes.
   usage: arguments VECTORS */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ANN "ann@example.org"
#define NOT_UTF8 "a\377b"

/* What outputs hold before a call: everything but a safe value. */
#define DIRTY_POINTER ((void *)(uintptr_t)1)
#define DIRTY_STEP LSEC_STEP_GRANTED
#define DIRTY_REASON LSEC_REASON_WRONG_CODE

static lsec_context *context;
static const char *configuration;
static char long_text[LSEC_PATH_MAX + 2];

/* A text of `length` letters; valid until the next call. */
static const char *letters(size_t length)
{
    memset(long_text, 'a', sizeof long_text);
    long_text[length] = 0;
    return long_text;
}

/* ---- Handles ---- */

/* Something that is no handle of any kind, and a transaction as a handle of the wrong kind. */
static uint64_t no_handle[4];
static lsec_transaction *a_transaction;

static void check_context_handle(const char *what, lsec_context *handle)
{
    lsec_request request = LSEC_REQUEST_INIT;
    lsec_new_password new_password = LSEC_NEW_PASSWORD_INIT;
    lsec_freshness session = LSEC_FRESHNESS_INIT;
    lsec_account account = LSEC_ACCOUNT_INIT;
    lsec_transaction *transaction = DIRTY_POINTER;
    lsec_step step = DIRTY_STEP;
    lsec_reason reason = DIRTY_REASON;
    uint32_t flaws = 1;
    char *text = DIRTY_POINTER, *key = DIRTY_POINTER, *uri = DIRTY_POINTER, *codes = DIRTY_POINTER, buffer[8] = "dirty";
    int refused = 0;

    new_password.password = "a new password";
    new_password.password_length = 14;
    refused += lsec_transaction_begin(handle, ANN, &request, &transaction, &step) == LSEC_ERR_ARGUMENT;
    refused += !transaction && step == LSEC_STEP_DENIED;
    refused += lsec_password_verify(handle, ANN, "x", 1, NULL, &reason) == LSEC_ERR_ARGUMENT && !reason;
    reason = DIRTY_REASON;
    refused += lsec_totp_verify(handle, ANN, "123456", 6, NULL, &reason) == LSEC_ERR_ARGUMENT && !reason;
    reason = DIRTY_REASON;
    refused += lsec_recovery_code_verify(handle, ANN, "x", 1, NULL, &reason) == LSEC_ERR_ARGUMENT && !reason;
    refused += lsec_freshness_check(handle, &session, 0) == LSEC_ERR_ARGUMENT;
    account.id = 7;
    refused += lsec_account_find(handle, ANN, NULL, &account) == LSEC_ERR_ARGUMENT && account.id == 0;
    refused += lsec_account_read(handle, 1, LSEC_ACCOUNT_EMAIL, &text) == LSEC_ERR_ARGUMENT && !text;
    text = DIRTY_POINTER;
    refused += lsec_password_check(handle, &new_password, &flaws, &text) == LSEC_ERR_ARGUMENT && !text && !flaws;
    text = DIRTY_POINTER;
    flaws = 1;
    refused += lsec_password_set(handle, 1, &new_password, &flaws, &text) == LSEC_ERR_ARGUMENT && !text && !flaws;
    refused += lsec_recovery_codes_generate(handle, 1, &codes) == LSEC_ERR_ARGUMENT && !codes;
    refused += lsec_totp_generate(handle, 1, &key, &uri) == LSEC_ERR_ARGUMENT && !key && !uri;
    refused += lsec_totp_enrol(handle, 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", NULL, 0) == LSEC_ERR_ARGUMENT;
    refused += lsec_context_policy(handle) == 0;
    refused += lsec_last_error(handle, buffer, sizeof buffer) == 0 && buffer[0] == 0;
    lsec_context_free(handle);
    CHECK(what, refused == 15);
}

static void check_transaction_handle(const char *what, lsec_transaction *handle)
{
    lsec_step step = DIRTY_STEP;
    int64_t account = 7;
    char *line = DIRTY_POINTER;
    int refused = 0;

    refused += lsec_transaction_answer(handle, "x", 1, &step) == LSEC_ERR_ARGUMENT && step == LSEC_STEP_DENIED;
    refused += lsec_transaction_step(handle) == LSEC_STEP_DENIED;
    refused += lsec_transaction_reason(handle) == LSEC_REASON_NONE;
    refused += lsec_transaction_account(handle, &account) == LSEC_ERR_ARGUMENT && account == 0;
    refused += lsec_transaction_audit(handle, &line) == LSEC_ERR_ARGUMENT && !line;
    lsec_transaction_free(handle);
    CHECK(what, refused == 5);
}

static void handles(void)
{
    lsec_step step;

    check_context_handle("NULL is no context", NULL);
    check_context_handle("zeroes are no context", (lsec_context *)(void *)no_handle);
    check_transaction_handle("NULL is no transaction", NULL);
    check_transaction_handle("zeroes are no transaction", (lsec_transaction *)(void *)no_handle);
    if (lsec_transaction_begin(context, ANN, NULL, &a_transaction, &step) != LSEC_OK) exit(2);
    check_context_handle("a transaction is no context", (lsec_context *)(void *)a_transaction);
    check_transaction_handle("a context is no transaction", (lsec_transaction *)(void *)context);
    CHECK("both still work", lsec_transaction_step(a_transaction) == LSEC_STEP_ASK_PASSWORD);
    lsec_string_free(NULL);
}

/* ---- Texts ---- */

static void words(void)
{
    int known = 0;

    CHECK("the library is of the header's version", strcmp(lsec_version(), LSEC_VERSION) == 0);
    for (int result = LSEC_NOT_FOUND; result >= LSEC_ERR_STORE; result--)
        known += strcmp(lsec_result_string((lsec_result)result), "unknown result") != 0;
    CHECK("every result has a sentence", known == LSEC_NOT_FOUND - LSEC_ERR_STORE + 1);
    CHECK("others have none", strcmp(lsec_result_string((lsec_result)LSEC_NOT_FOUND + 1), "unknown result") == 0
            && strcmp(lsec_result_string((lsec_result)(LSEC_ERR_STORE - 1)), "unknown result") == 0
            && strcmp(lsec_result_string((lsec_result)-2147483647), "unknown result") == 0);
    known = 0;
    for (int reason = LSEC_REASON_NONE; reason <= LSEC_REASON_DUMMY_ANSWER; reason++)
        known += strcmp(lsec_reason_string((lsec_reason)reason), "unknown-reason") != 0;
    CHECK("every reason has a word", known == LSEC_REASON_DUMMY_ANSWER + 1);
    CHECK("others have none",
        strcmp(lsec_reason_string((lsec_reason)(LSEC_REASON_DUMMY_ANSWER + 1)), "unknown-reason") == 0);
    CHECK("steps that ask have a prompt", strcmp(lsec_step_prompt(LSEC_STEP_ASK_PASSWORD), "Password: ") == 0
            && strcmp(lsec_step_prompt(LSEC_STEP_ASK_CODE), "Verification code: ") == 0);
    CHECK("others have none", !*lsec_step_prompt(LSEC_STEP_DENIED) && !*lsec_step_prompt(LSEC_STEP_GRANTED)
            && !*lsec_step_prompt(LSEC_STEP_IGNORED) && !*lsec_step_prompt((lsec_step)99));
}

/* ---- Context ---- */

static lsec_result open_result(const char *path, char **problems)
{
    lsec_context *opened = DIRTY_POINTER;
    lsec_result result;

    *problems = DIRTY_POINTER;
    result = lsec_context_open(path, &opened, problems);
    if (result == LSEC_OK || opened) exit(2);
    return result;
}

static void opening(const char *vectors)
{
    const char *broken = site(vectors, "SECURITY_TOTP_ISUER = \"x\"\nSECURITY_PASSWORD_LENGTH_MIN = \"long\"");
    lsec_context *opened;
    char *problems;

    CHECK("a context goes somewhere",
        lsec_context_open(configuration, NULL, &problems) == LSEC_ERR_ARGUMENT && !problems);
    CHECK("problems may be NULL",
        lsec_context_open("/nonexistent/x.toml", &opened, NULL) == LSEC_ERR_POLICY_FILE && !opened);
    CHECK("a path that is too long",
        open_result(letters(LSEC_PATH_MAX + 1), &problems) == LSEC_ERR_ARGUMENT && !problems);
    CHECK("a path of full length", open_result(letters(LSEC_PATH_MAX), &problems) == LSEC_ERR_POLICY_FILE);
    lsec_string_free(problems);
    CHECK("a path that is not UTF-8", open_result(NOT_UTF8, &problems) == LSEC_ERR_ARGUMENT && !problems);
    CHECK("no path", open_result("", &problems) == LSEC_ERR_POLICY_FILE);
    lsec_string_free(problems);
    CHECK("a missing file is named", open_result("/nonexistent/x.toml", &problems) == LSEC_ERR_POLICY_FILE
            && strstr(problems, "/nonexistent/x.toml"));
    lsec_string_free(problems);
    CHECK("a folder", open_result("/tmp", &problems) == LSEC_ERR_POLICY_FILE);
    lsec_string_free(problems);
    CHECK("all errors of a file are told, a line each", open_result(broken, &problems) == LSEC_ERR_POLICY
            && strstr(problems, "SECURITY_TOTP_ISSUER") && strstr(problems, "SECURITY_PASSWORD_LENGTH_MIN")
            && strchr(problems, '\n') && problems[strlen(problems) - 1] != '\n');
    lsec_string_free(problems);
    chmod(broken, 0644);
    CHECK("a file that everybody may read", open_result(broken, &problems) == LSEC_ERR_POLICY_FILE
            && strstr(problems, "chmod"));
    lsec_string_free(problems);
    CHECK("the policy's flags", lsec_context_policy(context)
            == (LSEC_POLICY_CHANGEABLE | LSEC_POLICY_TWO_FACTOR | LSEC_POLICY_RECOVERY_CODES));
}

static void last_error(void)
{
    char text[256], cut[4] = "xyz";
    size_t length;

    CHECK("an error is made", lsec_password_verify(context, NULL, "x", 1, NULL, NULL) == LSEC_ERR_ARGUMENT);
    length = lsec_last_error(context, text, sizeof text);
    CHECK("its text can be had", length == strlen(text) && strcmp(text, "identity is NULL") == 0);
    CHECK("or its length alone", lsec_last_error(context, NULL, 0) == length);
    CHECK("NULL is not written to", lsec_last_error(context, NULL, 100) == length);
    CHECK("it is cut to the buffer", lsec_last_error(context, cut, sizeof cut) == length && strcmp(cut, "ide") == 0);
    CHECK("a buffer of one byte", lsec_last_error(context, cut, 1) == length && cut[0] == 0);
    CHECK("no buffer at all", lsec_last_error(context, cut, 0) == length && cut[1] == 'd');
}

/* ---- Requests ---- */

static lsec_result begin_with(const lsec_request *request)
{
    lsec_transaction *transaction = DIRTY_POINTER;
    lsec_step step = DIRTY_STEP;
    lsec_result result = lsec_transaction_begin(context, ANN, request, &transaction, &step);

    if (result != LSEC_OK && (transaction || step != LSEC_STEP_DENIED)) exit(2);
    lsec_transaction_free(transaction);
    return result;
}

#define REFUSED_REQUEST(what, member, value) \
    do { \
        lsec_request request = LSEC_REQUEST_INIT; \
        request.member = (value); \
        CHECK("request: " what, begin_with(&request) == LSEC_ERR_ARGUMENT); \
    } while (0)

#define TAKEN_REQUEST(what, member, value) \
    do { \
        lsec_request request = LSEC_REQUEST_INIT; \
        request.member = (value); \
        CHECK("request: " what, begin_with(&request) == LSEC_OK); \
    } while (0)

static void requests(void)
{
    lsec_request host = LSEC_REQUEST_INIT;

    REFUSED_REQUEST("no size", size, 0);
    REFUSED_REQUEST("a size too small", size, sizeof(lsec_request) - 1);
    REFUSED_REQUEST("a size of tomorrow", size, sizeof(lsec_request) + 8);
    REFUSED_REQUEST("the greatest size", size, SIZE_MAX);
    REFUSED_REQUEST("an unknown kind of identity", identity_kind, (lsec_identity_kind)2);
    REFUSED_REQUEST("a negative kind of identity", identity_kind, (lsec_identity_kind)-1);
    REFUSED_REQUEST("unknown factors", factors, (lsec_factors)3);
    REFUSED_REQUEST("an unknown flag", flags, 8);
    REFUSED_REQUEST("all flags", flags, UINT32_MAX);
    REFUSED_REQUEST("something reserved", reserved, 1);
    REFUSED_REQUEST("a host's uid without a host", host_uid, 0);
    REFUSED_REQUEST("a caller of no uid", caller_uid, LSEC_UID_NONE);
    REFUSED_REQUEST("a caller's uid too great", caller_uid, (int64_t)UINT32_MAX + 1);
    REFUSED_REQUEST("the least uid", caller_uid, INT64_MIN);
    REFUSED_REQUEST("a remote host too long", remote_host, letters(LSEC_PLACE_MAX + 1));
    REFUSED_REQUEST("a remote host that is not UTF-8", remote_host, NOT_UTF8);
    REFUSED_REQUEST("a terminal too long", terminal, letters(LSEC_PLACE_MAX + 1));
    REFUSED_REQUEST("a terminal that is not UTF-8", terminal, NOT_UTF8);
    TAKEN_REQUEST("the greatest uid", caller_uid, (int64_t)UINT32_MAX);
    TAKEN_REQUEST("a remote host of full length", remote_host, letters(LSEC_PLACE_MAX));
    TAKEN_REQUEST("an empty remote host", remote_host, "");
    TAKEN_REQUEST("a terminal of full length", terminal, letters(LSEC_PLACE_MAX));
    TAKEN_REQUEST("all known flags", flags, 7);
    CHECK("request: none", begin_with(NULL) == LSEC_OK);
    host.identity_kind = LSEC_IDENTITY_HOST;
    CHECK("request: a host's uid must be told", begin_with(&host) == LSEC_ERR_ARGUMENT);
    host.host_uid = -3;
    CHECK("request: a host's uid out of range", begin_with(&host) == LSEC_ERR_ARGUMENT);
    host.host_uid = LSEC_UID_NONE;
    CHECK("request: a name that the system does not know", begin_with(&host) == LSEC_OK);
}

static void narrowed_requests(void)
{
    lsec_request request = LSEC_REQUEST_INIT;
    int refused = 0;

    request.factors = LSEC_FACTORS_PASSWORD;
    refused += lsec_password_verify(context, ANN, "x", 1, &request, NULL) == LSEC_ERR_ARGUMENT;
    request.factors = LSEC_FACTORS_CODE;
    refused += lsec_totp_verify(context, ANN, "x", 1, &request, NULL) == LSEC_ERR_ARGUMENT;
    refused += lsec_recovery_code_verify(context, ANN, "x", 1, &request, NULL) == LSEC_ERR_ARGUMENT;
    request.factors = LSEC_FACTORS_ALL;
    request.flags = LSEC_REQUEST_ALLOW_NO_FACTOR;
    refused += lsec_totp_verify(context, ANN, "x", 1, &request, NULL) == LSEC_ERR_ARGUMENT;
    request.flags = LSEC_REQUEST_FRESH;
    refused += lsec_totp_verify(context, ANN, "x", 1, &request, NULL) == LSEC_ERR_ARGUMENT;
    CHECK("direct checks choose their factor", refused == 5);
    request.flags = LSEC_REQUEST_CONFIRMATION;
    CHECK("and take a confirmation", lsec_password_verify(context, ANN, "x", 1, &request, NULL) == LSEC_REFUSED);
}

/* ---- Identities and answers ---- */

static void identities(void)
{
    lsec_transaction *transaction = DIRTY_POINTER;
    lsec_step step = DIRTY_STEP;

    CHECK("no identity", lsec_transaction_begin(context, NULL, NULL, &transaction, &step) == LSEC_ERR_ARGUMENT
            && !transaction && step == LSEC_STEP_DENIED);
    CHECK("an identity that is too long", lsec_transaction_begin(context, letters(LSEC_IDENTITY_MAX + 1), NULL,
            &transaction, &step) == LSEC_ERR_ARGUMENT);
    CHECK("an identity that is not UTF-8", lsec_transaction_begin(context, NOT_UTF8, NULL, &transaction, &step)
            == LSEC_ERR_ARGUMENT);
    CHECK("a transaction goes somewhere", lsec_transaction_begin(context, ANN, NULL, NULL, &step) == LSEC_ERR_ARGUMENT);
    CHECK("and so does a step", lsec_transaction_begin(context, ANN, NULL, &transaction, NULL) == LSEC_ERR_ARGUMENT
            && !transaction);
    CHECK("an identity of full length", lsec_transaction_begin(context, letters(LSEC_IDENTITY_MAX), NULL, &transaction,
            &step) == LSEC_OK && step == LSEC_STEP_ASK_PASSWORD);
    lsec_transaction_free(transaction);
}

static void answer_with(const char *what, const char *answer, size_t length, lsec_reason expected)
{
    lsec_transaction *transaction;
    lsec_step step;
    lsec_reason reason;
    int holds;

    if (lsec_transaction_begin(context, ANN, NULL, &transaction, &step) != LSEC_OK) exit(2);
    holds = lsec_transaction_answer(transaction, answer, length, &step) == LSEC_OK && step == LSEC_STEP_DENIED
        && lsec_transaction_reason(transaction) == expected;
    lsec_transaction_free(transaction);
    CHECK(what, holds && lsec_password_verify(context, ANN, answer, length, NULL, &reason) == LSEC_REFUSED
            && reason == expected);
}

static void answers(void)
{
    static char longest[LSEC_ANSWER_MAX];
    lsec_transaction *transaction;
    lsec_step step = DIRTY_STEP;
    lsec_reason reason = DIRTY_REASON;

    memset(longest, 'p', sizeof longest);
    if (lsec_transaction_begin(context, ANN, NULL, &transaction, &step) != LSEC_OK) exit(2);
    CHECK("no answer", lsec_transaction_answer(transaction, NULL, 0, &step) == LSEC_ERR_ARGUMENT
            && step == LSEC_STEP_DENIED);
    CHECK("no place for a step", lsec_transaction_answer(transaction, "x", 1, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("the question is still open", lsec_transaction_step(transaction) == LSEC_STEP_ASK_PASSWORD);
    lsec_transaction_free(transaction);
    CHECK("no password", lsec_password_verify(context, ANN, NULL, 0, NULL, &reason) == LSEC_ERR_ARGUMENT
            && reason == LSEC_REASON_NONE);
    CHECK("no place for a reason", lsec_password_verify(context, ANN, "x", 1, NULL, NULL) == LSEC_REFUSED);
    answer_with("an empty answer", "", 0, LSEC_REASON_UNUSABLE_PASSWORD);
    answer_with("an answer of full length", longest, LSEC_ANSWER_MAX, LSEC_REASON_WRONG_PASSWORD);
    answer_with("an answer that is too long is not read", "x", LSEC_ANSWER_MAX + 1, LSEC_REASON_UNUSABLE_PASSWORD);
    answer_with("not even the longest", "x", SIZE_MAX, LSEC_REASON_UNUSABLE_PASSWORD);
    answer_with("an answer with a NUL", "a\0b", 3, LSEC_REASON_UNUSABLE_PASSWORD);
    answer_with("an answer that is not UTF-8", NOT_UTF8, 3, LSEC_REASON_UNUSABLE_PASSWORD);
    CHECK("codes that are too long are not read",
        lsec_totp_verify(context, ANN, "x", SIZE_MAX, NULL, &reason) == LSEC_REFUSED && reason == LSEC_REASON_NOT_A_CODE
            && lsec_recovery_code_verify(context, ANN, "x", SIZE_MAX, NULL, &reason) == LSEC_REFUSED
            && reason == LSEC_REASON_NOT_A_CODE);
    CHECK("no code", lsec_totp_verify(context, ANN, NULL, 0, NULL, &reason) == LSEC_ERR_ARGUMENT
            && lsec_recovery_code_verify(context, ANN, NULL, 6, NULL, &reason) == LSEC_ERR_ARGUMENT);
}

/* ---- The other functions ---- */

static void accounts(void)
{
    lsec_account account = LSEC_ACCOUNT_INIT;
    char *text = DIRTY_POINTER;

    CHECK("an account goes somewhere", lsec_account_find(context, ANN, NULL, NULL) == LSEC_ERR_ARGUMENT);
    account.size = sizeof account + 8;
    CHECK("an account of another size", lsec_account_find(context, ANN, NULL, &account) == LSEC_ERR_ARGUMENT);
    account.size = sizeof account;
    account.id = 7;
    CHECK("no identity is found", lsec_account_find(context, NULL, NULL, &account) == LSEC_ERR_ARGUMENT
            && account.id == 0 && account.size == sizeof account && account.obstacle == LSEC_REASON_UNKNOWN_ACCOUNT);
    CHECK("a text goes somewhere", lsec_account_read(context, 1, LSEC_ACCOUNT_EMAIL, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("an unknown text", lsec_account_read(context, 1, (lsec_account_text)3, &text) == LSEC_ERR_ARGUMENT && !text);
    CHECK("ids of nobody", lsec_account_read(context, 0, LSEC_ACCOUNT_EMAIL, &text) == LSEC_NOT_FOUND
            && lsec_account_read(context, -1, LSEC_ACCOUNT_EMAIL, &text) == LSEC_NOT_FOUND
            && lsec_account_read(context, INT64_MAX, LSEC_ACCOUNT_EMAIL, &text) == LSEC_NOT_FOUND && !text);
}

static void passwords(void)
{
    lsec_new_password password = LSEC_NEW_PASSWORD_INIT;
    uint32_t flaws = 1;
    char *text = DIRTY_POINTER;

    CHECK("no new password", lsec_password_check(context, NULL, &flaws, &text) == LSEC_ERR_ARGUMENT && !flaws && !text);
    CHECK("a new password of NULL", lsec_password_check(context, &password, &flaws, &text) == LSEC_ERR_ARGUMENT);
    password.password = "a new password";
    password.password_length = 14;
    CHECK("flaws go somewhere", lsec_password_check(context, &password, NULL, &text) == LSEC_ERR_ARGUMENT
            && lsec_password_set(context, 1, &password, NULL, &text) == LSEC_ERR_ARGUMENT);
    CHECK("text need not", lsec_password_check(context, &password, &flaws, NULL) == LSEC_OK);
    password.old_length = 1;
    CHECK("an old password of NULL with a length",
        lsec_password_check(context, &password, &flaws, NULL) == LSEC_ERR_ARGUMENT);
    password.old_length = 0;
    password.size = 0;
    CHECK("a new password of no size", lsec_password_check(context, &password, &flaws, NULL) == LSEC_ERR_ARGUMENT
            && lsec_password_set(context, 1, &password, &flaws, NULL) == LSEC_ERR_ARGUMENT);
    password.size = sizeof password;
    password.password_length = SIZE_MAX;
    CHECK("a new password too long is not read", lsec_password_check(context, &password, &flaws, &text) == LSEC_REFUSED
            && flaws & LSEC_FLAW_TOO_MANY_BYTES && text);
    lsec_string_free(text);
    password.password_length = 14;
    CHECK("a new password of nobody", lsec_password_set(context, 99, &password, &flaws, &text) == LSEC_NOT_FOUND
            && !flaws && !text);
}

static void factors(void)
{
    static const char key[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *first = DIRTY_POINTER, *second = DIRTY_POINTER;

    CHECK("recovery codes go somewhere", lsec_recovery_codes_generate(context, 1, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("recovery codes of nobody", lsec_recovery_codes_generate(context, 99, &first) == LSEC_NOT_FOUND && !first);
    CHECK("a key goes somewhere", lsec_totp_generate(context, 1, NULL, &second) == LSEC_ERR_ARGUMENT && !second);
    CHECK("a key of nobody", lsec_totp_generate(context, 99, &first, &second) == LSEC_NOT_FOUND && !first && !second);
    CHECK("a URI need not", lsec_totp_generate(context, 1, &first, NULL) == LSEC_OK && first);
    lsec_string_free(first);
    CHECK("no key", lsec_totp_enrol(context, 1, NULL, NULL, 0) == LSEC_ERR_ARGUMENT);
    CHECK("an empty key", lsec_totp_enrol(context, 1, "", NULL, 0) == LSEC_ERR_ARGUMENT);
    CHECK("a key that is too short", lsec_totp_enrol(context, 1, "ABCDEFGH", NULL, 0) == LSEC_ERR_ARGUMENT);
    CHECK("a key that is too long",
        lsec_totp_enrol(context, 1, letters(LSEC_KEY_MAX + 1), NULL, 0) == LSEC_ERR_ARGUMENT);
    CHECK("a key that is not base32", lsec_totp_enrol(context, 1, "01890189018901890189018901890189", NULL, 0)
            == LSEC_ERR_ARGUMENT);
    CHECK("a code of NULL with a length", lsec_totp_enrol(context, 1, key, NULL, 6) == LSEC_ERR_ARGUMENT);
    CHECK("a code of no length is no proof", lsec_totp_enrol(context, 1, key, "", 0) == LSEC_REFUSED);
    CHECK("a code too long is none", lsec_totp_enrol(context, 1, key, "x", SIZE_MAX) == LSEC_REFUSED);
    CHECK("a key for nobody", lsec_totp_enrol(context, 99, key, NULL, 0) == LSEC_NOT_FOUND);
}

static void sessions(void)
{
    lsec_freshness session = LSEC_FRESHNESS_INIT;

    CHECK("no session", lsec_freshness_check(context, NULL, 0) == LSEC_ERR_ARGUMENT);
    session.size = 1;
    CHECK("a session of another size", lsec_freshness_check(context, &session, 0) == LSEC_ERR_ARGUMENT);
    session.size = sizeof session;
    session.authenticated_at = INT64_MAX;
    CHECK("times far apart", lsec_freshness_check(context, &session, INT64_MIN) == LSEC_REFUSED);
    session.authenticated_at = INT64_MIN + 1;
    CHECK("likewise", lsec_freshness_check(context, &session, INT64_MAX) == LSEC_REFUSED);
}

static void transactions(void)
{
    int64_t account = 7;

    CHECK("an account's id goes somewhere", lsec_transaction_account(a_transaction, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("nobody was let in yet", lsec_transaction_account(a_transaction, &account) == LSEC_ERR_STATE && account == 0);
    CHECK("a line goes somewhere", lsec_transaction_audit(a_transaction, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("the transaction is as it was", lsec_transaction_step(a_transaction) == LSEC_STEP_ASK_PASSWORD);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    configuration = site(argv[1], "LIBSECURITY_THROTTLE = false");
    context = site_context(configuration);
    handles();
    words();
    opening(argv[1]);
    last_error();
    requests();
    narrowed_requests();
    identities();
    answers();
    accounts();
    passwords();
    factors();
    sessions();
    transactions();
    lsec_transaction_free(a_transaction);
    lsec_context_free(context);
    return checks_status();
}
