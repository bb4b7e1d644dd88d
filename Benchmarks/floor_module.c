/* The floor: the same steps as pam_security.so in plain C over the same libraries, without any policy, throttle, record or
 * care. What our module costs beyond it is what the policy costs.
 *
 *   auth required floor_module.so DATABASE SALT [WALLET_SECRET]
 *
 * Look-up in SQLite, HMAC-SHA512, crypt(3); with WALLET_SECRET also PBKDF2 and the HMACs of a TOTP window. */
#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int look_up(const char *path, const char *user, char *hash, size_t size) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int found = 0;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
        && sqlite3_prepare_v2(database, "SELECT password FROM user WHERE username = ?", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, user, -1, SQLITE_STATIC);
        if (sqlite3_step(statement) == SQLITE_ROW) {
            strncpy(hash, (const char *)sqlite3_column_text(statement, 0), size - 1);
            found = 1;
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return found;
}

static void double_hash(const char *salt, const char *password, char *out) {
    unsigned char digest[64];
    unsigned int length = sizeof digest;
    HMAC(EVP_sha512(), salt, (int)strlen(salt), (const unsigned char *)password, strlen(password), digest, &length);
    EVP_EncodeBlock((unsigned char *)out, digest, (int)length);
}

static void totp(const char *secret) {
    unsigned char derived[48], digest[20], counter[8] = {0}, salt[12] = {0};
    unsigned int length = sizeof digest;
    PKCS5_PBKDF2_HMAC(secret, (int)strlen(secret), salt, sizeof salt, 1 << 14, EVP_sha256(), sizeof derived, derived);
    for (int step = 0; step < 9; step++) {
        counter[7] = (unsigned char)step;
        HMAC(EVP_sha1(), derived, 20, counter, sizeof counter, digest, &length);
    }
}

int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    (void)flags;
    const char *user = NULL, *password = NULL;
    char hash[256] = "", encoded[96] = "", *code = NULL;
    if (argc < 2 || pam_get_user(pamh, &user, NULL) != PAM_SUCCESS) return PAM_SERVICE_ERR;
    if (pam_get_authtok(pamh, PAM_AUTHTOK, &password, NULL) != PAM_SUCCESS) return PAM_AUTH_ERR;
    if (!look_up(argv[0], user, hash, sizeof hash)) return PAM_USER_UNKNOWN;
    double_hash(argv[1], password, encoded);
    struct crypt_data *data = calloc(1, sizeof *data);
    char *made = data ? crypt_r(encoded, hash, data) : NULL;
    int right = made != NULL && strcmp(made, hash) == 0;
    free(data);
    if (right && argc > 2) {
        if (pam_prompt(pamh, PAM_PROMPT_ECHO_OFF, &code, "Verification code: ") != PAM_SUCCESS) return PAM_CONV_ERR;
        totp(argv[2]);
        free(code);
    }
    return right ? PAM_SUCCESS : PAM_AUTH_ERR;
}

int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}
