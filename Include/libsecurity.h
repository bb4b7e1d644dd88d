/*
 * libsecurity: accounts and login policy of Flask-Security, for C programs.
 *
 * A program opens a context (policy and account database) and begins a transaction for each person who wants in. The
 * transaction says what to ask; the program asks it and hands the answer over, until the transaction says granted or
 * denied. What is asked, counted, recorded and refused is decided by the site's configuration, never by the caller.
 *
 * Rules for all functions
 *
 * Results      A result code is returned, outputs go through pointers. Outputs are set to a safe value (NULL, 0,
 *              LSEC_STEP_DENIED) before anything else is done, and stay so unless LSEC_OK is returned or the
 *              function says otherwise. 0 is "yes", positive is an answer that is not "yes", negative is an error: what
 *              kept the library from answering. Only LSEC_OK is a yes.
 * Arguments    LSEC_ERR_ARGUMENT is returned, and nothing done, for a NULL where none is allowed, a handle of another
 *              kind, text that is not UTF-8 or over its limit, an unknown enum value, flag or struct size. Handles must
 *              not be used after they were freed.
 * Text         UTF-8, ended by NUL. Passwords and codes are bytes with a length that counts no NUL. An answer that is
 *              longer than LSEC_ANSWER_MAX is not read and refused as a wrong one.
 * Memory       The library frees what it allocates: handles by their _free function, text by lsec_string_free, which
 *              wipes it first. Free functions do nothing with NULL. Text returned as `const char *` is constant.
 *              Arguments are never kept: passwords and codes are copied, and the copies wiped, before the function
 *              returns. The caller wipes its own.
 * Times        int64_t seconds since 1970-01-01 00:00:00 UTC.
 * Structs      Begin with their own size and have an initialiser macro. They grow only at the end; a caller that was
 *              compiled with an older header goes on working. Enum values never change their meaning; a newer library
 *              may return new ones, which its string functions know.
 * Threads      A context may be used by several threads at once; it never changes after it was opened. A transaction
 *              is used by one thread at a time, not always the same; a call into a busy one returns LSEC_ERR_STATE. All
 *              other functions may be called from any thread. Nothing may be used while it is being freed.
 * fork         Contexts and transactions work in a child process. No lock is held for longer than a call, so a child
 *              that was forked while another thread was inside a call must not use the library before it has called
 *              exec, as with most libraries. A transaction goes on in one of the two processes only.
 * Blocking     Functions marked [database] open the account database, use it and close it: under a millisecond to read,
 *              some milliseconds to write, up to 5 seconds for each statement while another process holds its lock.
 *              Functions marked [hash] compute a password hash: as long as the policy wants, often 0.1 to 0.3 seconds.
 * Process      No thread, no signal handler, no atexit handler, no locale or environment change; no descriptor is open
 *              when a function returns; nothing is printed. The library stays in memory after dlclose.
 *
 * Names in capitals such as SECURITY_FRESHNESS are keys of the configuration file: security.toml(5).
 */
#ifndef LIBSECURITY_H
#define LIBSECURITY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) || defined(__clang__)
#define LSEC_CHECK __attribute__((warn_unused_result))
#else
#define LSEC_CHECK
#endif

/** Version of this header; lsec_version() is that of the library. */
#define LSEC_VERSION "0.1.0"

/** Most bytes of an identity. */
#define LSEC_IDENTITY_MAX 255
/** Most bytes of a remote host or terminal name. */
#define LSEC_PLACE_MAX 255
/** Most bytes of a path. */
#define LSEC_PATH_MAX 4095
/** Most bytes of a password or code. */
#define LSEC_ANSWER_MAX 4096
/** Most bytes of a TOTP key in base32. */
#define LSEC_KEY_MAX 256
/** Most bytes of a token or cookie. */
#define LSEC_TOKEN_MAX 16384

/** Most bytes of a list of languages. */
#define LSEC_LANGUAGES_MAX 255
/** Most bytes of a name or value that a message is filled with, and most of such texts. */
#define LSEC_MESSAGE_VALUE_MAX 1023
#define LSEC_MESSAGE_VALUES_MAX 32

/** A policy and where its accounts are. Made by lsec_context_open(). */
typedef struct lsec_context lsec_context;

/** One person's attempt to get in. Made by lsec_transaction_begin(). */
typedef struct lsec_transaction lsec_transaction;

/** What a function answers. */
typedef enum lsec_result {
    /** Yes, or done. */
    LSEC_OK = 0,
    /** No: wrong evidence, an account that may not be used, a password that may not be chosen, not fresh. */
    LSEC_REFUSED = 1,
    /** There is no such account. */
    LSEC_NOT_FOUND = 2,
    /** The caller broke a rule of this header. */
    LSEC_ERR_ARGUMENT = -1,
    /** Not possible now: the transaction asks nothing, is not granted or in use, or the account changed meanwhile. */
    LSEC_ERR_STATE = -2,
    /** Memory ran out. */
    LSEC_ERR_MEMORY = -3,
    /** The configuration file is missing, may not be read, or may be read or written by too many. */
    LSEC_ERR_POLICY_FILE = -4,
    /** The configuration file has errors, or does not say what this function needs. */
    LSEC_ERR_POLICY = -5,
    /** libcrypto, libcrypt, libargon2 or the random generator failed. */
    LSEC_ERR_CRYPTO = -6,
    /** The account database does not exist. */
    LSEC_ERR_STORE_MISSING = -7,
    /** The account database may not be read, or its owner, its mode, its folder or a symbolic link to it is not safe. */
    LSEC_ERR_STORE_UNREADABLE = -8,
    /** The account database may not be written. */
    LSEC_ERR_STORE_READ_ONLY = -9,
    /** Another process kept the account database locked, or it did not answer within five seconds: try again. */
    LSEC_ERR_STORE_LOCKED = -10,
    /** The account database is damaged, or no database. */
    LSEC_ERR_STORE_DAMAGED = -11,
    /** No room left for the account database. */
    LSEC_ERR_STORE_FULL = -12,
    /** The account database lacks a table or column, or would break one of its rules. */
    LSEC_ERR_STORE_SCHEMA = -13,
    /** This build has no support for that kind of database. */
    LSEC_ERR_STORE_UNSUPPORTED = -14,
    /** The account database failed in another way; lsec_last_error() has its words. */
    LSEC_ERR_STORE = -15
} lsec_result;

/** What a transaction wants next. */
typedef enum lsec_step {
    /** It is over: not let in. The person is told nothing but that. */
    LSEC_STEP_DENIED = 0,
    /** It is over: let in. */
    LSEC_STEP_GRANTED = 1,
    /** Ask for the password, without echo. */
    LSEC_STEP_ASK_PASSWORD = 2,
    /** Ask for a code of the second factor: of an authenticator app, or a recovery code. Without echo. */
    LSEC_STEP_ASK_CODE = 3,
    /** It is over: act as if there had been no question. Only with LSEC_REQUEST_ALLOW_NO_FACTOR. */
    LSEC_STEP_IGNORED = 4
} lsec_step;

/** Why somebody was refused. For the log: whoever is refused should get one answer for all reasons. */
typedef enum lsec_reason {
    LSEC_REASON_NONE = 0, /**< Not refused. */
    LSEC_REASON_UNKNOWN_ACCOUNT = 1, /**< No account has this identity. */
    LSEC_REASON_AMBIGUOUS_ACCOUNT = 2, /**< Two accounts have this identity. */
    LSEC_REASON_SUPERUSER = 3, /**< A host's name of uid 0, without LIBSECURITY_PAM_ALLOW_ROOT. */
    LSEC_REASON_INACTIVE = 4, /**< The account is not active. */
    LSEC_REASON_UNCONFIRMED = 5, /**< The account's e-mail address is not confirmed, with SECURITY_CONFIRMABLE. */
    LSEC_REASON_NOT_ADMITTED = 6, /**< No role of LIBSECURITY_PAM_ROLES_ACCEPTED. */
    LSEC_REASON_NO_PASSWORD = 7, /**< The account has no password. */
    LSEC_REASON_WRONG_PASSWORD = 8, /**< Another password. */
    LSEC_REASON_UNUSABLE_PASSWORD = 9, /**< Empty, over-long, with a NUL; or an unreadable stored hash. */
    LSEC_REASON_WRONG_CODE = 10, /**< Another code. */
    LSEC_REASON_USED_CODE = 11, /**< A right code that was used before. */
    LSEC_REASON_NOT_A_CODE = 12, /**< Neither a one-time code nor a recovery code. */
    LSEC_REASON_UNUSABLE_FACTOR = 13, /**< The stored TOTP secret cannot be opened. */
    LSEC_REASON_NO_USABLE_FACTOR = 14, /**< The account has a second factor, but none that can be asked here. */
    LSEC_REASON_NO_FACTOR = 15, /**< The account has no second factor. */
    LSEC_REASON_THROTTLED = 16, /**< Too soon after earlier failures; the answer was not checked. */
    LSEC_REASON_TOO_MANY_FAILURES = 17, /**< Nothing is checked until an administrator unlocks the account. */
    LSEC_REASON_DUMMY_ANSWER = 18 /**< An answer that sshd made up for somebody whom it will refuse anyway. */
} lsec_reason;

/** How an identity is looked up. */
typedef enum lsec_identity_kind {
    /** What a user of an application types; matched by SECURITY_USER_IDENTITY_ATTRIBUTES. */
    LSEC_IDENTITY_APPLICATION = 0,
    /** A Unix login name; matched by LIBSECURITY_PAM_IDENTITY, admitted by LIBSECURITY_PAM_ROLES_ACCEPTED. */
    LSEC_IDENTITY_HOST = 1
} lsec_identity_kind;

/** Which evidence a transaction asks for. */
typedef enum lsec_factors {
    /** Whatever the policy needs. */
    LSEC_FACTORS_ALL = 0,
    /** The password alone; something else asks for the rest. */
    LSEC_FACTORS_PASSWORD = 1,
    /** The second factor alone; something else has asked for the first. A caller MUST present codes only behind a first
        factor that was right: LSEC_STEP_GRANTED uses the code up and records a sign-in, whatever else the caller
        goes on to ask. Wrong codes without a proven password are counted apart (they refuse strangers and never the owner). */
    LSEC_FACTORS_CODE = 2
} lsec_factors;

/** With LSEC_FACTORS_CODE: an account without a second factor is LSEC_STEP_IGNORED, unless the policy requires one. */
#define LSEC_REQUEST_ALLOW_NO_FACTOR 1u
/** A second factor need not be presented again within SECURITY_FRESHNESS by the same uid, terminal and remote host. */
#define LSEC_REQUEST_FRESH 2u
/** To make sure of somebody who is signed in already: guesses are counted, but no sign-in is recorded. */
#define LSEC_REQUEST_CONFIRMATION 4u

/** A uid that was not given. */
#define LSEC_UID_UNSET (-1)
/** The system does not know the name. */
#define LSEC_UID_NONE (-2)

/** Who asks, and from where. Initialise with LSEC_REQUEST_INIT. A NULL in its place means LSEC_REQUEST_INIT. */
typedef struct lsec_request {
    /** sizeof(lsec_request). */
    size_t size;
    /** How the identity is looked up. */
    lsec_identity_kind identity_kind;
    /** What to ask for. Functions that check one kind of evidence want LSEC_FACTORS_ALL here. */
    lsec_factors factors;
    /** LSEC_REQUEST_ flags, or 0. */
    uint32_t flags;
    /** Not used: 0. */
    uint32_t reserved;
    /** With LSEC_IDENTITY_HOST: the uid that the system gives the name (getpwnam_r(3)), or LSEC_UID_NONE. Must be set
        there, as names of uid 0 are refused; must be LSEC_UID_UNSET otherwise. */
    int64_t host_uid;
    /** Real uid of whom the caller acts for, 0 to 4294967295; LSEC_UID_UNSET = real uid of this process. */
    int64_t caller_uid;
    /** Address or name of the remote host, by which guesses are counted; NULL or "" = not known. A login without one comes
        from caller_uid where the program sets that, where terminal is a device or display of this machine ("tty1",
        "/dev/pts/0", ":0"), and where host_uid is the real uid of this process and at least 1000. Any other comes from
        nowhere that can be seen: it never becomes a place of the account's owner and is never fresh, so that strangers who
        guess through a server that leaves this out are refused at the limit, and so is the owner there. */
    const char *remote_host;
    /** Name of the terminal; NULL = none. */
    const char *terminal;
} lsec_request;

/** An application's request from this process's own user. */
#define LSEC_REQUEST_INIT \
    { sizeof(lsec_request), LSEC_IDENTITY_APPLICATION, LSEC_FACTORS_ALL, 0, 0, LSEC_UID_UNSET, LSEC_UID_UNSET, \
      NULL, NULL }

/** What a token is for. Each purpose has a salt of its own (SECURITY_CONFIRM_SALT, ...): none passes as another's. */
typedef enum lsec_token_purpose {
    /** The link that confirms an account's e-mail address; SECURITY_CONFIRM_EMAIL_WITHIN. */
    LSEC_PURPOSE_CONFIRM = 0,
    /** The link that sets a new password; SECURITY_RESET_PASSWORD_WITHIN. */
    LSEC_PURPOSE_RESET = 1,
    /** The link that signs in without a password; SECURITY_LOGIN_WITHIN. */
    LSEC_PURPOSE_LOGIN = 2,
    /** An authentication token, as an HTTP client sends it; SECURITY_TOKEN_MAX_AGE. */
    LSEC_PURPOSE_AUTHENTICATION = 3,
    /** The value of Flask-Login's remember cookie, which has no time in it. */
    LSEC_PURPOSE_REMEMBER = 4,
    /** The link that gives an account another e-mail address, which Flask-Security has since 5.5;
        SECURITY_CHANGE_EMAIL_WITHIN. */
    LSEC_PURPOSE_CHANGE_EMAIL = 5
} lsec_token_purpose;

/** What became of a token or session. Whoever presents one should be told less: Flask-Security says "invalid" for
    LSEC_TOKEN_INVALID, LSEC_TOKEN_UNKNOWN_ACCOUNT and LSEC_TOKEN_CHANGED alike. */
typedef enum lsec_token_status {
    /** Good. */
    LSEC_TOKEN_VALID = 0,
    /** Not signed by the site for this purpose, changed on the way, longer than LSEC_TOKEN_MAX, or no token at all. */
    LSEC_TOKEN_INVALID = 1,
    /** Signed by the site, and too old, or from the future. */
    LSEC_TOKEN_EXPIRED = 2,
    /** Nobody's: the account is gone, or its password was changed since. */
    LSEC_TOKEN_UNKNOWN_ACCOUNT = 3,
    /** The e-mail address that it confirms or replaces, or the password that it resets, is another now; or the new
        address has become another account's. */
    LSEC_TOKEN_CHANGED = 4,
    /** A link that was redeemed, or whose address is confirmed already. */
    LSEC_TOKEN_USED = 5,
    /** The account is not active. */
    LSEC_TOKEN_INACTIVE = 6,
    /** A session in which nobody is signed in. */
    LSEC_TOKEN_ANONYMOUS = 7,
    /** A session that was signed out (LIBSECURITY_SESSION_REVOCATION). */
    LSEC_TOKEN_ENDED = 8
} lsec_token_status;

/* ---- Texts ---- */

/** The library's version, such as "0.1.0". */
const char *lsec_version(void);

/** One sentence about a result code; "unknown result" for a value that is none. */
const char *lsec_result_string(lsec_result result);

/** The word for a reason that libsecurity's programs write to the log, such as "wrong-code"; "none" for
    LSEC_REASON_NONE, "unknown-reason" for a value that is none. */
const char *lsec_reason_string(lsec_reason reason);

/** What to print for a step that asks: "Password: " or "Verification code: "; "" for every other value.
    English; lsec_step_text() speaks the context's language. */
const char *lsec_step_prompt(lsec_step step);

/** The word for a status of a token, such as "expired"; "unknown-status" for a value that is none. */
const char *lsec_token_status_string(lsec_token_status status);

/** Wipes and frees a text that this library made. */
void lsec_string_free(char *text);

/* ---- Context ---- */

/**
 * Reads a configuration file and makes a context of it. The account database is not opened yet.
 *
 * path      [in] The file; NULL = /etc/libsecurity/security.toml. At most LSEC_PATH_MAX bytes. It must be a regular
 *           file that belongs to root or to the effective uid and that others can neither read nor write.
 * context   [out] The context, for lsec_context_free(); NULL on failure.
 * problems  [out] What is wrong with the file, one problem a line (`path:line: error: what, and what to write`), for
 *           lsec_string_free(); NULL when nothing is, or on LSEC_ERR_ARGUMENT. May be NULL. Never holds a secret.
 *
 * LSEC_OK, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_POLICY_FILE, LSEC_ERR_POLICY.
 * The file is read once; a change needs a new context. Warnings are left to `securityctl config check`.
 */
LSEC_CHECK lsec_result lsec_context_open(const char *path, lsec_context **context, char **problems);

/** SECURITY_CHANGEABLE: users may change their passwords. */
#define LSEC_POLICY_CHANGEABLE 1u
/** SECURITY_TWO_FACTOR or SECURITY_WEBAUTHN: there are second factors. */
#define LSEC_POLICY_TWO_FACTOR 2u
/** SECURITY_TWO_FACTOR_REQUIRED, with one of these: everybody needs one. */
#define LSEC_POLICY_TWO_FACTOR_REQUIRED 4u
/** SECURITY_MULTI_FACTOR_RECOVERY_CODES: recovery codes are taken in place of a second factor. */
#define LSEC_POLICY_RECOVERY_CODES 8u

/** What the policy offers, as LSEC_POLICY_ flags; 0 for NULL. */
uint32_t lsec_context_policy(const lsec_context *context);

/**
 * Makes a second context of the same policy that speaks another language. Its catalogues are read now.
 *
 * A context opened by lsec_context_open() speaks the language of BABEL_DEFAULT_LOCALE. The texts of lsec_step_text(),
 * lsec_message_text(), lsec_password_check() and lsec_password_set() are in a context's language, and in English where
 * there is no translation. A server keeps one for each of its languages. Neither needs the other to live on.
 *
 * context    [in] A context.
 * languages  [in] The name of a locale (`de`, `de_AT.UTF-8`), or the value of an Accept-Language header
 *            (`de-AT, en;q=0.5`; RFC 9110 section 12.5.4). NULL or "" = English. At most LSEC_LANGUAGES_MAX bytes.
 * localized  [out] The context, for lsec_context_free(); NULL on failure.
 *
 * LSEC_OK (also when there is no catalogue), LSEC_ERR_ARGUMENT (NULL, too long, not of this form), LSEC_ERR_MEMORY.
 * Blocks for as long as two small files take to be read.
 */
LSEC_CHECK lsec_result lsec_context_localize(const lsec_context *context, const char *languages,
    lsec_context **localized);

/**
 * What to print for a step that asks, as lsec_step_prompt() but in the context's language.
 *
 * context   [in] A context.
 * step      [in] A step.
 * text      [out] The prompt, "" for a step that does not ask, for lsec_string_free(); NULL on failure.
 *
 * LSEC_OK, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY.
 */
LSEC_CHECK lsec_result lsec_step_text(const lsec_context *context, lsec_step step, char **text);

/**
 * A message of Flask-Security as the site words it (SECURITY_MSG_...), in the context's language.
 *
 * context   [in] A context.
 * name      [in] The key of the message without "SECURITY_MSG_", such as "INVALID_PASSWORD".
 * values    [in] What its placeholders stand for: name, value, name, value, ..., NULL. NULL = nothing. Each at most
 *           LSEC_MESSAGE_VALUE_MAX bytes, at most LSEC_MESSAGE_VALUES_MAX in all.
 * text      [out] The text, for lsec_string_free(); NULL on failure. Where a value is missing, placeholders stay.
 * level     [out] "info", "success", "warning" or "error"; NULL on failure. May be NULL.
 *
 * LSEC_OK, LSEC_NOT_FOUND (no such message), LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY.
 */
LSEC_CHECK lsec_result lsec_message_text(const lsec_context *context, const char *name, const char *const *values,
    char **text, const char **level);

/** Wipes and frees a context. Its transactions may live on: what they need is freed with the last of them. */
void lsec_context_free(lsec_context *context);

/**
 * What went wrong in the latest call of this thread on this context or one of its transactions that failed with an
 * error (a negative result).
 *
 * context   [in] A context; NULL = there is nothing to say.
 * buffer    [out] Where the text goes, cut to `size` - 1 bytes and ended by NUL. May be NULL when `size` is 0.
 * size      [in] Bytes of `buffer`.
 *
 * Returns the length of the whole text, 0 when there is none. The texts of the 32 threads that failed last are kept.
 * One line: the thing, the place, the way out. Never holds a password, code, key or hash.
 */
size_t lsec_last_error(const lsec_context *context, char *buffer, size_t size);

/* ---- Transaction ---- */

/**
 * Begins a login and says what to ask first. [database]
 *
 * context      [in] A context.
 * identity     [in] Who wants in, as typed. At most LSEC_IDENTITY_MAX bytes. Who is not known is asked the same.
 * request      [in] From where, and for what; NULL = LSEC_REQUEST_INIT.
 * transaction  [out] The transaction, for lsec_transaction_free(); NULL on failure.
 * step         [out] The first step; LSEC_STEP_DENIED on failure.
 *
 * LSEC_OK, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_transaction_begin(const lsec_context *context, const char *identity,
    const lsec_request *request, lsec_transaction **transaction, lsec_step *step);

/**
 * Takes the answer to the question that was asked, checks it and says what is next. [database] [hash]
 *
 * Right and wrong answers, known and unknown accounts take the same time and questions. A grant is recorded before it
 * is told. An error ends the transaction as denied.
 *
 * transaction  [in] A transaction whose step asks.
 * answer       [in] What was typed, `length` bytes, without the line's end. Must not be NULL.
 * length       [in] Bytes of `answer`, 0 or more.
 * step         [out] The next step; LSEC_STEP_DENIED on failure.
 *
 * LSEC_OK (also for a wrong answer: the step tells), LSEC_ERR_ARGUMENT, LSEC_ERR_STATE, LSEC_ERR_CRYPTO,
 * LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_transaction_answer(lsec_transaction *transaction, const char *answer, size_t length,
    lsec_step *step);

/** The step that the transaction is at; LSEC_STEP_DENIED for NULL, while it is in use, and after an error. */
lsec_step lsec_transaction_step(const lsec_transaction *transaction);

/** Why the transaction was denied; LSEC_REASON_NONE when it was not, after an error, while it is in use, for NULL. */
lsec_reason lsec_transaction_reason(const lsec_transaction *transaction);

/**
 * Who was let in.
 *
 * transaction  [in] A transaction that was granted.
 * account      [out] The account's id (`user.id`); 0 on failure.
 *
 * LSEC_OK, LSEC_ERR_ARGUMENT, LSEC_ERR_STATE (not granted).
 */
LSEC_CHECK lsec_result lsec_transaction_account(const lsec_transaction *transaction, int64_t *account);

/**
 * The line that belongs in the log about this transaction, such as
 * `verdict=denied reason=wrong-code user=ann account=7 uid=0 tty=ssh rhost=192.0.2.7 factor=all`.
 *
 * `reason=unusable-factor` is followed by `detail=` with what is wrong with the stored TOTP secret, such as `unknown-tag`.
 * Text from outside is escaped. A name that no account has is left out: it may be a password typed at the wrong prompt.
 *
 * transaction  [in] A transaction.
 * line         [out] The line without its end, for lsec_string_free(); NULL on failure.
 *
 * LSEC_OK, LSEC_ERR_ARGUMENT, LSEC_ERR_STATE (in use), LSEC_ERR_MEMORY.
 */
LSEC_CHECK lsec_result lsec_transaction_audit(const lsec_transaction *transaction, char **line);

/** Wipes and frees a transaction. One that has not ended is given up, which counts nothing. */
void lsec_transaction_free(lsec_transaction *transaction);

/* ---- One kind of evidence ---- */

/**
 * Checks a password: a transaction of LSEC_FACTORS_PASSWORD in one call. [database] [hash]
 *
 * LSEC_OK says that the password is right and the account may be used, not that it may be let in: a second factor may
 * be due. Only a transaction decides that.
 *
 * context   [in] A context.
 * identity  [in] As in lsec_transaction_begin().
 * password  [in] `length` bytes. Must not be NULL.
 * length    [in] Bytes of `password`, 0 or more.
 * request   [in] As in lsec_transaction_begin(), with LSEC_FACTORS_ALL and no flag but LSEC_REQUEST_CONFIRMATION.
 * reason    [out] Why it was refused; LSEC_REASON_NONE otherwise. May be NULL.
 *
 * LSEC_OK, LSEC_REFUSED, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_password_verify(const lsec_context *context, const char *identity, const char *password,
    size_t length, const lsec_request *request, lsec_reason *reason);

/**
 * Checks a one-time code (RFC 6238) of an authenticator app, a mail or a text message: a transaction of
 * LSEC_FACTORS_CODE that takes nothing else. [database]
 *
 * A code of unified sign-in (SECURITY_UNIFIED_SIGNIN) counts where SECURITY_US_ENABLED_METHODS names its method and
 * SECURITY_US_MFA_REQUIRED does not. A code is accepted once (LIBSECURITY_TOTP_SINGLE_USE, LIBSECURITY_CODE_SINGLE_USE),
 * an app's within SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY seconds. It has 6 to 10 digits; blanks, `-` and `=` are
 * left out. A text of another form is LSEC_REASON_NOT_A_CODE and counts
 * nothing. Parameters and results as in lsec_password_verify().
 */
LSEC_CHECK lsec_result lsec_totp_verify(const lsec_context *context, const char *identity, const char *code,
    size_t length, const lsec_request *request, lsec_reason *reason);

/**
 * Checks a recovery code and uses it up: a transaction of LSEC_FACTORS_CODE that takes nothing else. [database]
 *
 * Of callers that present one code at the same time, in any process, exactly one gets LSEC_OK. A code is three groups
 * of four lower-case hexadecimal digits with dashes between them. Parameters and results as in lsec_totp_verify().
 */
LSEC_CHECK lsec_result lsec_recovery_code_verify(const lsec_context *context, const char *identity, const char *code,
    size_t length, const lsec_request *request, lsec_reason *reason);

/** There is no such time: never authenticated, no grace period. */
#define LSEC_TIME_NONE INT64_MIN

/** What a session remembers of its owner's authentication. Initialise with LSEC_FRESHNESS_INIT. */
typedef struct lsec_freshness {
    /** sizeof(lsec_freshness). */
    size_t size;
    /** When the owner last presented a first factor (Flask-Security: `fs_paa`); LSEC_TIME_NONE = never. */
    int64_t authenticated_at;
    /** End of the grace period (`fs_gexp`); LSEC_TIME_NONE or 0 = none. lsec_freshness_check() writes it: keep it. */
    int64_t grace_until;
} lsec_freshness;

/** A session whose owner never authenticated. */
#define LSEC_FRESHNESS_INIT { sizeof(lsec_freshness), LSEC_TIME_NONE, LSEC_TIME_NONE }

/**
 * Decides whether an authentication is young enough for something sensitive. Pure: no clock, no database.
 *
 * Flask-Security's rule over SECURITY_FRESHNESS and SECURITY_FRESHNESS_GRACE_PERIOD, in this order: FRESHNESS < 0: yes.
 * Never authenticated: no. Before the end of the grace period: yes, and it begins anew. FRESHNESS = 0: no, and it
 * begins. Age strictly between -FRESHNESS and FRESHNESS: yes, and it begins anew. Else: no.
 *
 * context   [in] A context.
 * session   [in, out] What the session remembers. `grace_until` may change on LSEC_OK and LSEC_REFUSED.
 * now       [in] The time.
 *
 * LSEC_OK (fresh), LSEC_REFUSED (not fresh), LSEC_ERR_ARGUMENT.
 */
LSEC_CHECK lsec_result lsec_freshness_check(const lsec_context *context, lsec_freshness *session, int64_t now);

/* ---- Accounts ---- */

/** The account is active. */
#define LSEC_ACCOUNT_ACTIVE 1u
/** The e-mail address is confirmed. */
#define LSEC_ACCOUNT_CONFIRMED 2u
/** The account has a password. */
#define LSEC_ACCOUNT_PASSWORD 4u
/** The account may be used at this front end: the host grant; always set for LSEC_IDENTITY_APPLICATION. */
#define LSEC_ACCOUNT_ADMITTED 8u

/** A TOTP app is the second factor. */
#define LSEC_FACTOR_AUTHENTICATOR 1u
/** Codes by e-mail are the second factor. */
#define LSEC_FACTOR_EMAIL 2u
/** Codes by SMS are the second factor. */
#define LSEC_FACTOR_SMS 4u
/** A security key is a second factor. */
#define LSEC_FACTOR_WEBAUTHN 8u
/** A method that this version does not know is the second factor. */
#define LSEC_FACTOR_OTHER 16u

/** An account's state. Initialise with LSEC_ACCOUNT_INIT. */
typedef struct lsec_account {
    /** sizeof(lsec_account). */
    size_t size;
    /** `user.id`; 0 = there is none. */
    int64_t id;
    /** LSEC_ACCOUNT_ flags. */
    uint32_t flags;
    /** LSEC_FACTOR_ flags: the second factors that are set up. */
    uint32_t factors;
    /** How many recovery codes are left. */
    uint32_t recovery_codes;
    /** Why the account may not be used now, whatever is presented, a missing second factor that the policy requires
        included; LSEC_REASON_NONE = it may. */
    lsec_reason obstacle;
} lsec_account;

/** No account. */
#define LSEC_ACCOUNT_INIT { sizeof(lsec_account), 0, 0, 0, 0, LSEC_REASON_UNKNOWN_ACCOUNT }

/**
 * Looks an account up and reviews it. [database]
 *
 * context   [in] A context.
 * identity  [in] As in lsec_transaction_begin().
 * request   [in] NULL = LSEC_REQUEST_INIT; only `identity_kind` and `host_uid` matter here.
 * account   [in, out] `size` must be set; the rest is written: LSEC_ACCOUNT_INIT unless LSEC_OK, but with the reason as
 *           its obstacle.
 *
 * LSEC_OK (found, even if it may not be used), LSEC_NOT_FOUND (none, or more than one), LSEC_ERR_ARGUMENT,
 * LSEC_ERR_MEMORY, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_account_find(const lsec_context *context, const char *identity, const lsec_request *request,
    lsec_account *account);

/** Texts of an account. */
typedef enum lsec_account_text {
    /** `email`. */
    LSEC_ACCOUNT_EMAIL = 0,
    /** `username`; "" = none. */
    LSEC_ACCOUNT_USERNAME = 1,
    /** `fs_uniquifier`: new at each password change. What is bound to the old one, such as a session, ends. */
    LSEC_ACCOUNT_UNIQUIFIER = 2
} lsec_account_text;

/**
 * Reads a text of an account. [database]
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * which    [in] Which text.
 * text     [out] The text, for lsec_string_free(); NULL on failure.
 *
 * LSEC_OK, LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_account_read(const lsec_context *context, int64_t account, lsec_account_text which,
    char **text);

/* ---- Tokens and sessions ---- */

/** A token, judged. Initialise with LSEC_TOKEN_INIT. */
typedef struct lsec_token {
    /** sizeof(lsec_token). */
    size_t size;
    /** What became of it. */
    lsec_token_status status;
    /** Not used: 0. */
    uint32_t reserved;
    /** Whose it is, `user.id`, also when it is not good any more; 0 = nobody's. */
    int64_t account;
    /** When it was signed; LSEC_TIME_NONE when it does not say. */
    int64_t issued_at;
    /** The last second in which it is good; LSEC_TIME_NONE = no limit. */
    int64_t expires_at;
    /** When its owner last presented a first factor (`fs_paa`), for lsec_freshness_check(), unless
        SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN is false; LSEC_TIME_NONE when it does not say. */
    int64_t authenticated_at;
} lsec_token;

/** No token. */
#define LSEC_TOKEN_INIT \
    { sizeof(lsec_token), LSEC_TOKEN_INVALID, 0, 0, LSEC_TIME_NONE, LSEC_TIME_NONE, LSEC_TIME_NONE }

/**
 * Makes a token of an account, signed now. [database]
 *
 * Whoever has the token may do what it is for: the caller sends it to the account's owner and to nobody else. Whether
 * the account may use it is asked when it comes back. An authentication token has the form of Flask-Security 5.0, which
 * later releases read; that of 5.4 when SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN = true is in the configuration.
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * purpose  [in] What for; LSEC_PURPOSE_CHANGE_EMAIL has lsec_token_make_change_email().
 * token    [out] Letters, digits, `-`, `_` and `.`, for lsec_string_free(); of LSEC_PURPOSE_REMEMBER also `|`. NULL on
 *          failure.
 *
 * LSEC_OK, LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT, LSEC_ERR_STATE (fs_token_uniquifier is a column and empty),
 * LSEC_ERR_MEMORY, LSEC_ERR_POLICY (LSEC_PURPOSE_REMEMBER with a SECRET_KEY beyond Latin-1, which Flask-Login cannot
 * use), LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_token_make(const lsec_context *context, int64_t account, lsec_token_purpose purpose,
    char **token);

/**
 * Makes the link that gives an account another e-mail address, signed now. [database]
 *
 * The caller mails it to the new address: who has it shows that mail arrives there. That the address is free is asked
 * when the link is redeemed, so that nobody learns here who has an account.
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * email    [in] The new address as typed, of at most LSEC_IDENTITY_MAX bytes.
 * token    [out] For lsec_string_free(). NULL on failure.
 *
 * LSEC_OK, LSEC_REFUSED (no e-mail address by SECURITY_EMAIL_VALIDATOR_ARGS), LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT,
 * LSEC_ERR_MEMORY, LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_token_make_change_email(const lsec_context *context, int64_t account, const char *email,
    char **token);

/**
 * Tells the address that a good change-of-address link gives its account; nothing is changed. [database]
 *
 * context  [in] A context.
 * text     [in] The link's token, `length` bytes. Must not be NULL.
 * length   [in] Bytes of `text`.
 * email    [out] The address, normalised, for lsec_string_free(). NULL unless LSEC_OK.
 *
 * LSEC_OK, LSEC_REFUSED (every status but LSEC_TOKEN_VALID), LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_token_new_email(const lsec_context *context, const char *text, size_t length,
    char **email);

/**
 * Judges a token; nothing is changed. [database]
 *
 * Tokens that were signed with SECRET_KEY or a key of SECRET_KEY_FALLBACKS are believed. A confirmation or reset link
 * costs a short hash (1,000 rounds for links that were made here, Flask-Security's own default a quarter of a second).
 *
 * context  [in] A context.
 * purpose  [in] What it must be for.
 * text     [in] The token, `length` bytes. Must not be NULL.
 * length   [in] Bytes of `text`. More than LSEC_TOKEN_MAX are not read: LSEC_TOKEN_INVALID.
 * token    [in, out] `size` must be set; the rest is written: LSEC_TOKEN_INIT on an error.
 *
 * LSEC_OK (LSEC_TOKEN_VALID), LSEC_REFUSED (every other status), LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_token_check(const lsec_context *context, lsec_token_purpose purpose, const char *text,
    size_t length, lsec_token *token);

/**
 * Judges a token and uses it up, to be called when what it is for is done. [database]
 *
 * Of callers that redeem one link at the same time, in any process, one gets LSEC_OK; the others, and all later ones,
 * LSEC_TOKEN_USED. LSEC_PURPOSE_CONFIRM confirms the address, LSEC_PURPOSE_CHANGE_EMAIL gives the account the new one,
 * confirmed; a notice to the old one is the caller's part. LSEC_PURPOSE_RESET and LSEC_PURPOSE_LOGIN only spend the
 * link (unless LIBSECURITY_LINK_SINGLE_USE is false): the caller sets the password or signs its owner in, after having
 * asked for a second factor where there is one. Other tokens are not used up. Parameters and results as in
 * lsec_token_check().
 */
LSEC_CHECK lsec_result lsec_token_redeem(const lsec_context *context, lsec_token_purpose purpose, const char *text,
    size_t length, lsec_token *token);

/** A session of the web application. Initialise with LSEC_SESSION_INIT. */
typedef struct lsec_session {
    /** sizeof(lsec_session). */
    size_t size;
    /** What became of it. */
    lsec_token_status status;
    /** Not used: 0. */
    uint32_t reserved;
    /** Who is signed in, `user.id`; 0 = nobody who may be named. */
    int64_t account;
    /** When the cookie was signed. */
    int64_t issued_at;
    /** The last second in which the cookie is good (PERMANENT_SESSION_LIFETIME). */
    int64_t expires_at;
    /** When its owner last presented a first factor (`fs_paa`); LSEC_TIME_NONE = never in this session. */
    int64_t authenticated_at;
    /** End of the grace period (`fs_gexp`); LSEC_TIME_NONE = none. */
    int64_t grace_until;
    /** The first second in which the owner must authenticate anew before something sensitive (SECURITY_FRESHNESS,
        SECURITY_FRESHNESS_GRACE_PERIOD), as far as this cookie tells: each check inside the web application begins the
        grace period anew. LSEC_TIME_NONE = now; INT64_MAX = never. */
    int64_t fresh_until;
} lsec_session;

/** No session. */
#define LSEC_SESSION_INIT \
    { sizeof(lsec_session), LSEC_TOKEN_INVALID, 0, 0, LSEC_TIME_NONE, LSEC_TIME_NONE, LSEC_TIME_NONE, LSEC_TIME_NONE, \
      LSEC_TIME_NONE }

/**
 * Reads Flask's session cookie: who is signed in, is it still good, how fresh is it. [database]
 *
 * A session ends with its age, with the account's fs_uniquifier, so with every change of the password, and with the
 * account's `active`; when securityd signs it out (LIBSECURITY_SESSION_REVOCATION: LSEC_TOKEN_ENDED), and when it is not
 * used for LIBSECURITY_SESSION_IDLE (LSEC_TOKEN_EXPIRED): each reading is a use. A cookie that the Python application
 * told a browser to forget is still good: Flask-Security keeps no list of them.
 * SESSION_PROTECTION, which looks at address and browser, is the web application's. Flask-Security 5.0 writes the end
 * of a grace period in local time by mistake; here it is taken as UTC.
 *
 * context  [in] A context.
 * cookie   [in] The value of the cookie, `length` bytes. Must not be NULL.
 * length   [in] Bytes of `cookie`. More than LSEC_TOKEN_MAX are not read: LSEC_TOKEN_INVALID.
 * session  [in, out] `size` must be set; the rest is written: LSEC_SESSION_INIT on an error.
 *
 * LSEC_OK (LSEC_TOKEN_VALID), LSEC_REFUSED (every other status), LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_session_read(const lsec_context *context, const char *cookie, size_t length,
    lsec_session *session);

/* ---- Changes. Who may make them the caller settles first: a transaction with LSEC_REQUEST_CONFIRMATION. ---- */

/** Nothing, or only blanks. */
#define LSEC_FLAW_EMPTY 1u
/** Fewer characters than SECURITY_PASSWORD_LENGTH_MIN. */
#define LSEC_FLAW_TOO_SHORT 2u
/** More characters than LIBSECURITY_PASSWORD_LENGTH_MAX. */
#define LSEC_FLAW_TOO_LONG 4u
/** More than LSEC_ANSWER_MAX bytes. */
#define LSEC_FLAW_TOO_MANY_BYTES 8u
/** A NUL byte. */
#define LSEC_FLAW_NUL 16u
/** Not UTF-8. */
#define LSEC_FLAW_NOT_UTF8 32u
/** The old password again. */
#define LSEC_FLAW_SAME_AS_OLD 64u
/** Found among breached passwords (SECURITY_PASSWORD_CHECK_BREACHED). */
#define LSEC_FLAW_BREACHED 128u
/** Nobody can say whether it is breached, and the policy is strict. The library asks LIBSECURITY_BREACHED_FILE alone. */
#define LSEC_FLAW_BREACHED_UNKNOWN 256u
/** Easier to guess than SECURITY_ZXCVBN_MINIMUM_SCORE demands; the text has a hint. */
#define LSEC_FLAW_TOO_SIMPLE 512u
/** How easy it is to guess cannot be told, because LIBSECURITY_ZXCVBN_FILE cannot be used. */
#define LSEC_FLAW_STRENGTH_UNKNOWN 1024u
/** The confirmation is another text. */
#define LSEC_FLAW_NOT_CONFIRMED 2048u

/** A password that somebody chose. Initialise with LSEC_NEW_PASSWORD_INIT. */
typedef struct lsec_new_password {
    /** sizeof(lsec_new_password). */
    size_t size;
    /** The new password, `password_length` bytes. Must not be NULL. */
    const char *password;
    /** Bytes of `password`. */
    size_t password_length;
    /** The password that it replaces, `old_length` bytes, which it must differ from; NULL = not known. Not verified. */
    const char *old_password;
    /** Bytes of `old_password`; 0 when that is NULL. */
    size_t old_length;
    /** What was typed to confirm the new password, `confirmation_length` bytes; NULL = it was not asked for. */
    const char *confirmation;
    /** Bytes of `confirmation`; 0 when that is NULL. */
    size_t confirmation_length;
    /** The mail address of its owner, which it must not be made of, at most LSEC_IDENTITY_MAX bytes; NULL = not known. lsec_password_set() knows it. */
    const char *email;
    /** The user name of its owner; as `email`. */
    const char *username;
} lsec_new_password;

/** No password. */
#define LSEC_NEW_PASSWORD_INIT { sizeof(lsec_new_password), NULL, 0, NULL, 0, NULL, 0, NULL, NULL }

/**
 * Judges a new password by the policy, all reasons at once. No database, no hash; the files that the policy names are read.
 *
 * context   [in] A context.
 * password  [in] The password.
 * flaws     [out] LSEC_FLAW_ flags: everything that is wrong with it; 0 = nothing, or on failure.
 * text      [out] One sentence a line for the person who chose it, for lsec_string_free(); NULL unless LSEC_REFUSED.
 *           May be NULL.
 *
 * LSEC_OK (may be used), LSEC_REFUSED, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY.
 */
LSEC_CHECK lsec_result lsec_password_check(const lsec_context *context, const lsec_new_password *password,
    uint32_t *flaws, char **text);

/**
 * Gives an account a new password, if the policy takes it. [database] [hash]
 *
 * The account gets a new fs_uniquifier, which ends its sessions and tokens; failures counted against it are forgotten.
 * Whether users may change their own (LSEC_POLICY_CHANGEABLE) is the caller's to ask: administrators always may.
 *
 * account   [in] An account's id. Others as in lsec_password_check().
 *
 * LSEC_OK, LSEC_REFUSED, LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_password_set(const lsec_context *context, int64_t account,
    const lsec_new_password *password, uint32_t *flaws, char **text);

/**
 * Makes recovery codes and replaces the account's old ones. [database]
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * codes    [out] SECURITY_MULTI_FACTOR_RECOVERY_CODES_N codes, one a line, for lsec_string_free(); NULL on failure.
 *
 * LSEC_OK, LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_POLICY (SECURITY_MULTI_FACTOR_RECOVERY_CODES is
 * false: nobody could use them), LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_recovery_codes_generate(const lsec_context *context, int64_t account, char **codes);

/**
 * Makes a TOTP key for an account, to be shown to its owner. Nothing is stored until lsec_totp_enrol(). [database]
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * key      [out] The key in base32 (20 random bytes, 32 characters), for lsec_string_free(); NULL on failure.
 * uri      [out] `otpauth://totp/...` for a QR code, with SECURITY_TOTP_ISSUER and the account's e-mail address, for
 *          lsec_string_free(); NULL on failure. May be NULL.
 *
 * LSEC_OK, LSEC_NOT_FOUND, LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_POLICY (no SECURITY_TOTP_SECRETS, or a colon in
 * the issuer or the address), LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_totp_generate(const lsec_context *context, int64_t account, char **key, char **uri);

/**
 * Makes a TOTP app the account's second factor, in place of any other method; its security keys stay. [database]
 *
 * context  [in] A context.
 * account  [in] An account's id.
 * key      [in] The key in base32, as lsec_totp_generate() made it; 16 to 128 bytes when decoded, at most LSEC_KEY_MAX
 *          characters.
 * code     [in] The code that the owner's app shows now, `length` bytes, which proves that the app has the key; it is
 *          used up. NULL = without proof, for an administrator.
 * length   [in] Bytes of `code`; 0 when that is NULL.
 *
 * LSEC_OK, LSEC_REFUSED (wrong code; nothing is stored; the caller limits how often this is tried), LSEC_NOT_FOUND,
 * LSEC_ERR_ARGUMENT, LSEC_ERR_MEMORY, LSEC_ERR_POLICY (no SECURITY_TOTP_SECRETS), LSEC_ERR_CRYPTO, LSEC_ERR_STORE...
 */
LSEC_CHECK lsec_result lsec_totp_enrol(const lsec_context *context, int64_t account, const char *key, const char *code,
    size_t length);

#ifdef __cplusplus
}
#endif

#endif
