#include "cpam.h"

int cpam_prompt(pam_handle_t *pamh, int style, char **response, const char *text) {
    return pam_prompt(pamh, style, response, "%s", text);
}

void cpam_syslog(pam_handle_t *pamh, int priority, const char *text) { pam_syslog(pamh, priority, "%s", text); }
