/* One context in four threads, and what must happen once. usage: threads VECTORS */
#include "check.h"

#include <pthread.h>
#include <string.h>

#define THREADS 4
#define ROUNDS 25
#define ANN "ann@example.org"

static lsec_context *context;
static char code[7];
static pthread_barrier_t together;

struct thread {
    pthread_t thread;
    int number, faults, accepted;
    lsec_transaction *transaction;
};

/* Logins, refusals, errors and look-ups; each thread must get its own answers. */
static void *works(void *argument)
{
    struct thread *self = argument;
    static const char *const people[THREADS][2] = {
        { "ken@example.org", "sha256 crypt password" }, { "carol@example.org", "old scheme, to be rehashed" },
        { "heidi@example.org", "plain text on disk!" }, { "lea@example.org", "pbkdf2 sha256 password" },
    };
    const char *name = people[self->number][0], *password = people[self->number][1];
    char text[64];

    for (int round = 0; round < ROUNDS; round++) {
        lsec_transaction *transaction;
        lsec_step step;
        lsec_reason reason;
        char *line = NULL;

        self->faults += lsec_transaction_begin(context, name, NULL, &transaction, &step) != LSEC_OK;
        self->faults += lsec_transaction_answer(transaction, password, strlen(password), &step) != LSEC_OK;
        self->faults += step != LSEC_STEP_GRANTED;
        lsec_transaction_free(transaction);
        self->faults += lsec_password_verify(context, name, "guess", 5, NULL, &reason) != LSEC_REFUSED;
        self->faults += lsec_password_verify(context, NULL, "guess", 5, NULL, &reason) != LSEC_ERR_ARGUMENT;
        self->faults += lsec_last_error(context, text, sizeof text) == 0 || strcmp(text, "identity is NULL") != 0;
        self->faults += lsec_account_read(context, self->number + 1, (lsec_account_text)9, &line) != LSEC_ERR_ARGUMENT;
        self->faults += lsec_last_error(context, text, sizeof text) == 0 || strcmp(text, "which is unknown") != 0;
    }
    return NULL;
}

static void *presents_a_code(void *argument)
{
    struct thread *self = argument;

    pthread_barrier_wait(&together);
    self->accepted = lsec_totp_verify(context, ANN, code, 6, NULL, NULL) == LSEC_OK;
    return NULL;
}

static void *presents_a_recovery_code(void *argument)
{
    struct thread *self = argument;

    pthread_barrier_wait(&together);
    self->accepted = lsec_recovery_code_verify(context, ANN, "aaaa-bbbb-cccc", 14, NULL, NULL) == LSEC_OK;
    return NULL;
}

/* One transaction in several threads: who comes second is told so, or that nothing is asked any more. */
static void *answers_the_same(void *argument)
{
    struct thread *self = argument;
    lsec_step step;
    lsec_result result;

    pthread_barrier_wait(&together);
    result = lsec_transaction_answer(self->transaction, "guess", 5, &step);
    self->accepted = result == LSEC_OK;
    self->faults = (result != LSEC_OK && result != LSEC_ERR_STATE) || step != LSEC_STEP_DENIED;
    return NULL;
}

/* Runs four threads; how many of them were accepted, or -1 when one had a fault. */
static int run(void *(*body)(void *), lsec_transaction *transaction)
{
    struct thread threads[THREADS];
    int accepted = 0, faults = 0;

    for (int number = 0; number < THREADS; number++) {
        threads[number] = (struct thread) { .number = number, .transaction = transaction };
        if (pthread_create(&threads[number].thread, NULL, body, &threads[number]) != 0) return -1;
    }
    for (int number = 0; number < THREADS; number++) {
        pthread_join(threads[number].thread, NULL);
        accepted += threads[number].accepted;
        faults += threads[number].faults;
    }
    return faults ? -1 : accepted;
}

int main(int argc, char **argv)
{
    lsec_transaction *transaction;
    lsec_step step;
    char text[64];

    if (argc != 2) return 2;
    context = site_context(site(argv[1], "LIBSECURITY_THROTTLE = false"));
    pthread_barrier_init(&together, NULL, THREADS);
    CHECK("four threads work on one context", run(works, NULL) == 0);
    CHECK("their errors are not ours", lsec_last_error(context, text, sizeof text) == 0);
    totp_settle();
    totp_code(1, 0, code);
    CHECK("of four that present a code, one is let in", run(presents_a_code, NULL) == 1);
    CHECK("of four that present a recovery code, one is let in", run(presents_a_recovery_code, NULL) == 1);
    CHECK("a transaction begins", lsec_transaction_begin(context, ANN, NULL, &transaction, &step) == LSEC_OK);
    CHECK("of four that answer, one is heard", run(answers_the_same, transaction) == 1);
    lsec_transaction_free(transaction);
    lsec_context_free(context);
    return checks_status();
}
