#ifndef CUNIX_H
#define CUNIX_H
/* The libc headers that only the programs use: the terminal, signals as descriptors, the system's users, sockets and folders. */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>

/* fcntl() is variadic, which Swift does not import. */
static inline int cunix_close_on_exec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

/* Microseconds of a clock; 0 when there is no such clock. In Swift, struct timespec belongs to the first module that had it, in
 * securityd one inside swift-nio. */
static inline int64_t cunix_clock(clockid_t clock) {
    struct timespec time;
    return clock_gettime(clock, &time) == 0 ? (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000 : 0;
}
#endif
