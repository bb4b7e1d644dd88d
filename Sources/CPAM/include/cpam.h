#ifndef CPAM_H
#define CPAM_H
#include <security/pam_appl.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>
#include <syslog.h>

/* Swift does not import variadic functions; both take one finished text. */
int cpam_prompt(pam_handle_t *pamh, int style, char **response, const char *text);
void cpam_syslog(pam_handle_t *pamh, int priority, const char *text);

#endif
