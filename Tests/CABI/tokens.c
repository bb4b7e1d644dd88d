/* Tokens and sessions: made, judged, used up; hostile texts, lengths, purposes and structs. usage: tokens VECTORS */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIRTY_POINTER ((void *)(uintptr_t)1)
/* Of sample.db. */
#define ANN 1
#define DAN_INACTIVE 4
#define EVE_UNCONFIRMED 5
#define FRANK_NO_PASSWORD 6

static const lsec_token_purpose purposes[] = { LSEC_PURPOSE_CONFIRM, LSEC_PURPOSE_RESET, LSEC_PURPOSE_LOGIN,
    LSEC_PURPOSE_AUTHENTICATION, LSEC_PURPOSE_REMEMBER };
#define PURPOSES (sizeof purposes / sizeof *purposes)

static lsec_context *context;

static char *made(int64_t account, lsec_token_purpose purpose)
{
    char *token = DIRTY_POINTER;

    if (lsec_token_make(context, account, purpose, &token) != LSEC_OK) {
        CHECK("a token is made", 0);
        exit(1);
    }
    return token;
}

static lsec_token_status status_of(lsec_token_purpose purpose, const char *text, size_t length)
{
    lsec_token token = LSEC_TOKEN_INIT;
    lsec_result result = lsec_token_check(context, purpose, text, length, &token);

    CHECK("the result says what the status says", result == (token.status == LSEC_TOKEN_VALID ? LSEC_OK : LSEC_REFUSED));
    return token.status;
}

static lsec_token_status redeemed(lsec_token_purpose purpose, const char *text)
{
    lsec_token token = LSEC_TOKEN_INIT;

    (void)!lsec_token_redeem(context, purpose, text, strlen(text), &token);
    return token.status;
}

static void judging(void)
{
    for (size_t one = 0; one < PURPOSES; one++) {
        char *text = made(EVE_UNCONFIRMED, purposes[one]);
        lsec_token token = LSEC_TOKEN_INIT;
        size_t length = strlen(text);

        CHECK("a token is good", lsec_token_check(context, purposes[one], text, length, &token) == LSEC_OK);
        CHECK("it is its account's", token.account == EVE_UNCONFIRMED && token.status == LSEC_TOKEN_VALID);
        CHECK("it says when it was signed",
            (token.issued_at == LSEC_TIME_NONE) == (purposes[one] == LSEC_PURPOSE_REMEMBER));
        CHECK("links end", (token.expires_at > token.issued_at) == (purposes[one] <= LSEC_PURPOSE_LOGIN));
        for (size_t other = 0; other < PURPOSES; other++)
            if (other != one)
                CHECK("it is none of another purpose",
                    status_of(purposes[other], text, length) == LSEC_TOKEN_INVALID);
        CHECK("a part of it is no token", status_of(purposes[one], text, length - 3) == LSEC_TOKEN_INVALID);
        CHECK("nothing is no token", status_of(purposes[one], text, 0) == LSEC_TOKEN_INVALID);
        text[length / 2] ^= 1;
        CHECK("a changed one is nobody's", status_of(purposes[one], text, length) == LSEC_TOKEN_INVALID);
        lsec_string_free(text);
    }
}

static void accounts(void)
{
    for (size_t one = 0; one < PURPOSES; one++) {
        char *text = made(DAN_INACTIVE, purposes[one]);
        lsec_token_status status = status_of(purposes[one], text, strlen(text));

        if (purposes[one] == LSEC_PURPOSE_CONFIRM)
            CHECK("an address is confirmed already", status == LSEC_TOKEN_USED);
        else if (purposes[one] == LSEC_PURPOSE_RESET)
            CHECK("who is not active may reset", status == LSEC_TOKEN_VALID);
        else
            CHECK("who is not active does not sign in", status == LSEC_TOKEN_INACTIVE);
        lsec_string_free(text);
    }
}

static void using_up(const char *configuration)
{
    char *link = made(EVE_UNCONFIRMED, LSEC_PURPOSE_CONFIRM);

    CHECK("a confirmation is redeemed", redeemed(LSEC_PURPOSE_CONFIRM, link) == LSEC_TOKEN_VALID);
    CHECK("and confirms", query(configuration, "SELECT confirmed_at IS NOT NULL FROM user WHERE id = 5") == 1);
    CHECK("once", redeemed(LSEC_PURPOSE_CONFIRM, link) == LSEC_TOKEN_USED);
    lsec_string_free(link);
    for (size_t one = 1; one < 3; one++) {
        link = made(FRANK_NO_PASSWORD, purposes[one]);
        CHECK("a link is redeemed", redeemed(purposes[one], link) == LSEC_TOKEN_VALID);
        CHECK("once", redeemed(purposes[one], link) == LSEC_TOKEN_USED);
        CHECK("a check tells so", status_of(purposes[one], link, strlen(link)) == LSEC_TOKEN_USED);
        lsec_string_free(link);
    }
    link = made(ANN, LSEC_PURPOSE_AUTHENTICATION);
    CHECK("an authentication token is not used up", redeemed(LSEC_PURPOSE_AUTHENTICATION, link) == LSEC_TOKEN_VALID
            && redeemed(LSEC_PURPOSE_AUTHENTICATION, link) == LSEC_TOKEN_VALID);
    lsec_string_free(link);
}

static void changing_the_address(const char *configuration)
{
    lsec_token token = LSEC_TOKEN_INIT;
    char *link = DIRTY_POINTER, *email = DIRTY_POINTER;

    CHECK("it needs an address", lsec_token_make(context, FRANK_NO_PASSWORD, LSEC_PURPOSE_CHANGE_EMAIL, &link)
            == LSEC_ERR_ARGUMENT && link == NULL);
    link = DIRTY_POINTER;
    CHECK("and one that is", lsec_token_make_change_email(context, FRANK_NO_PASSWORD, "no address", &link)
            == LSEC_REFUSED && link == NULL);
    CHECK("NULL is none", lsec_token_make_change_email(context, FRANK_NO_PASSWORD, NULL, &link) == LSEC_ERR_ARGUMENT);
    CHECK("a link is made", lsec_token_make_change_email(context, FRANK_NO_PASSWORD, "new@example.org", &link)
            == LSEC_OK);
    CHECK("it tells the address", lsec_token_new_email(context, link, strlen(link), &email) == LSEC_OK
            && strcmp(email, "new@example.org") == 0);
    lsec_string_free(email);
    CHECK("no other link passes as one", lsec_token_check(context, LSEC_PURPOSE_RESET, link, strlen(link), &token)
            == LSEC_REFUSED && token.status == LSEC_TOKEN_INVALID);
    CHECK("it is redeemed", redeemed(LSEC_PURPOSE_CHANGE_EMAIL, link) == LSEC_TOKEN_VALID);
    CHECK("and changes the address",
        query(configuration, "SELECT email = 'new@example.org' FROM user WHERE id = 6") == 1);
    CHECK("once", redeemed(LSEC_PURPOSE_CHANGE_EMAIL, link) == LSEC_TOKEN_USED);
    email = DIRTY_POINTER;
    CHECK("and tells nothing more", lsec_token_new_email(context, link, strlen(link), &email) == LSEC_REFUSED
            && email == NULL);
    lsec_string_free(link);
}

/* ---- Threads ---- */

static char *shared_link;

static void *redeem_it(void *winners)
{
    if (redeemed(LSEC_PURPOSE_LOGIN, shared_link) == LSEC_TOKEN_VALID) __atomic_add_fetch((int *)winners, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void races(void)
{
    pthread_t threads[8];
    int winners = 0;

    shared_link = made(ANN, LSEC_PURPOSE_LOGIN);
    for (int each = 0; each < 8; each++) pthread_create(&threads[each], NULL, redeem_it, &winners);
    for (int each = 0; each < 8; each++) pthread_join(threads[each], NULL);
    CHECK("of eight threads that redeem a link one wins", winners == 1);
    lsec_string_free(shared_link);
}

/* ---- Sessions ---- */

static void sessions(void)
{
    lsec_session session = LSEC_SESSION_INIT;
    char *token = made(ANN, LSEC_PURPOSE_AUTHENTICATION);

    CHECK("a token is no session", lsec_session_read(context, token, strlen(token), &session) == LSEC_REFUSED
            && session.status == LSEC_TOKEN_INVALID && session.account == 0 && session.fresh_until == LSEC_TIME_NONE);
    lsec_string_free(token);
    session.account = 7;
    CHECK("nothing is no session", lsec_session_read(context, "", 0, &session) == LSEC_REFUSED && session.account == 0);
    CHECK("no cookie", lsec_session_read(context, NULL, 0, &session) == LSEC_ERR_ARGUMENT);
    CHECK("no session", lsec_session_read(context, "x", 1, NULL) == LSEC_ERR_ARGUMENT);
    CHECK("no context", lsec_session_read(NULL, "x", 1, &session) == LSEC_ERR_ARGUMENT);
    session.size--;
    CHECK("a session of another size", lsec_session_read(context, "x", 1, &session) == LSEC_ERR_ARGUMENT);
}

/* ---- Arguments ---- */

static void arguments(void)
{
    lsec_token token = LSEC_TOKEN_INIT;
    char *text = DIRTY_POINTER;
    static char bytes[LSEC_TOKEN_MAX + 1];

    memset(bytes, 'A', sizeof bytes);
    CHECK("make: no context", lsec_token_make(NULL, ANN, LSEC_PURPOSE_LOGIN, &text) == LSEC_ERR_ARGUMENT && !text);
    CHECK("make: no place", lsec_token_make(context, ANN, LSEC_PURPOSE_LOGIN, NULL) == LSEC_ERR_ARGUMENT);
    text = DIRTY_POINTER;
    CHECK("make: nobody", lsec_token_make(context, 99, LSEC_PURPOSE_LOGIN, &text) == LSEC_NOT_FOUND && !text);
    CHECK("make: an unknown purpose", lsec_token_make(context, ANN, (lsec_token_purpose)5, &text) == LSEC_ERR_ARGUMENT);
    for (int redeems = 0; redeems < 2; redeems++) {
        lsec_result (*judge)(const lsec_context *, lsec_token_purpose, const char *, size_t, lsec_token *)
            = redeems ? lsec_token_redeem : lsec_token_check;

        CHECK("no context", judge(NULL, LSEC_PURPOSE_LOGIN, "x", 1, &token) == LSEC_ERR_ARGUMENT);
        CHECK("no text", judge(context, LSEC_PURPOSE_LOGIN, NULL, 0, &token) == LSEC_ERR_ARGUMENT);
        CHECK("no token", judge(context, LSEC_PURPOSE_LOGIN, "x", 1, NULL) == LSEC_ERR_ARGUMENT);
        CHECK("an unknown purpose", judge(context, (lsec_token_purpose)-1, "x", 1, &token) == LSEC_ERR_ARGUMENT);
        token.account = 7;
        CHECK("outputs are set first", judge(context, LSEC_PURPOSE_LOGIN, "x", 1, &token) == LSEC_REFUSED
                && token.account == 0 && token.status == LSEC_TOKEN_INVALID);
        CHECK("the longest", judge(context, LSEC_PURPOSE_LOGIN, bytes, LSEC_TOKEN_MAX, &token) == LSEC_REFUSED);
        CHECK("longer is not read", judge(context, LSEC_PURPOSE_LOGIN, "x", SIZE_MAX, &token) == LSEC_REFUSED
                && token.status == LSEC_TOKEN_INVALID);
        CHECK("bytes that are no text", judge(context, LSEC_PURPOSE_LOGIN, "\377.\0.\200", 5, &token) == LSEC_REFUSED);
        token.size++;
        token.account = 7;
        CHECK("a struct of another size", judge(context, LSEC_PURPOSE_LOGIN, "x", 1, &token) == LSEC_ERR_ARGUMENT
                && token.account == 7);
        token.size--;
    }
    CHECK("words", !strcmp(lsec_token_status_string(LSEC_TOKEN_UNKNOWN_ACCOUNT), "unknown-account")
            && !strcmp(lsec_token_status_string(LSEC_TOKEN_ENDED), "ended")
            && !strcmp(lsec_token_status_string((lsec_token_status)9), "unknown-status"));
}

int main(int count, char **values)
{
    const char *configuration;

    if (count != 2) return 2;
    configuration = site(values[1], "");
    context = site_context(configuration);
    arguments();
    judging();
    accounts();
    using_up(configuration);
    changing_the_address(configuration);
    races();
    sessions();
    lsec_context_free(context);
    return checks_status();
}
