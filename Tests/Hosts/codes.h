#ifndef CODES_H
#define CODES_H
#include <security/pam_appl.h>

/* The name of a return code, as the header spells it. */
static const char *code_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
#define NAME(code) {code, #code}
        NAME(PAM_SUCCESS),       NAME(PAM_OPEN_ERR),       NAME(PAM_SYMBOL_ERR),       NAME(PAM_SERVICE_ERR),
        NAME(PAM_SYSTEM_ERR),    NAME(PAM_BUF_ERR),        NAME(PAM_PERM_DENIED),      NAME(PAM_AUTH_ERR),
        NAME(PAM_CRED_INSUFFICIENT), NAME(PAM_AUTHINFO_UNAVAIL), NAME(PAM_USER_UNKNOWN), NAME(PAM_MAXTRIES),
        NAME(PAM_NEW_AUTHTOK_REQD),  NAME(PAM_ACCT_EXPIRED),     NAME(PAM_SESSION_ERR),  NAME(PAM_CRED_UNAVAIL),
        NAME(PAM_CRED_EXPIRED),  NAME(PAM_CRED_ERR),       NAME(PAM_NO_MODULE_DATA),   NAME(PAM_CONV_ERR),
        NAME(PAM_AUTHTOK_ERR),   NAME(PAM_AUTHTOK_RECOVERY_ERR), NAME(PAM_AUTHTOK_LOCK_BUSY),
        NAME(PAM_AUTHTOK_DISABLE_AGING), NAME(PAM_TRY_AGAIN), NAME(PAM_IGNORE),        NAME(PAM_ABORT),
        NAME(PAM_AUTHTOK_EXPIRED), NAME(PAM_MODULE_UNKNOWN), NAME(PAM_BAD_ITEM),       NAME(PAM_CONV_AGAIN),
        NAME(PAM_INCOMPLETE),
#undef NAME
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return names[i].name;
    return "(no such code)";
}
#endif
