#ifndef CLIBC_H
#define CLIBC_H
/* The libc headers that the core may use. Swift's Glibc module is not available in Embedded Swift. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* open() is variadic, which Swift does not import. Descriptors never outlive an exec. */
static inline int clibc_open(const char *path, int flags) { return open(path, flags | O_CLOEXEC); }
static inline int clibc_create(const char *path, int flags, mode_t mode) {
    return open(path, flags | O_CREAT | O_CLOEXEC, mode);
}


/* A descriptor that only names a folder, for the calls that end in "at": O_PATH is declared with _GNU_SOURCE only. */
static inline int clibc_open_folder(const char *path) {
    return open(path, 010000000 | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Opens a file of a folder. Never one of the standard streams, which a host may have closed. */
static inline int clibc_openat(int folder, const char *name, int flags, mode_t mode) {
    int descriptor = openat(folder, name, flags | O_CLOEXEC, mode);
    if (descriptor < 0 || descriptor > 2) return descriptor;
    int higher = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    close(descriptor);
    return higher;
}

/* errno is a macro, which Swift does not import. */
static inline int clibc_errno(void) { return errno; }
static inline void clibc_set_errno(int value) { errno = value; }

/* gettid() is declared with _GNU_SOURCE only, and syscall() is variadic. */
static inline pid_t clibc_thread_id(void) { return (pid_t)syscall(SYS_gettid); }

/* On Linux 0 is the calling thread, and its niceness its own (setpriority(2), NOTES); glibc types the first argument by the
 * language. A failure costs speed only. */
static inline void clibc_be_nice(int niceness) { (void)setpriority(PRIO_PROCESS, 0, niceness); }

/* memfd_create() is declared with _GNU_SOURCE only; 1 is MFD_CLOEXEC. */
static inline int clibc_memory_file(void) { return (int)syscall(SYS_memfd_create, "libsecurity", 1u); }

/* strtod() reads by the locale of the process. Of the C locale glibc has one object, which is neither allocated nor freed;
 * strtod_l() is declared with _GNU_SOURCE only. */
extern double strtod_l(const char *text, char **end, locale_t locale);
static inline double clibc_strtod(const char *text) {
    return strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

#endif
