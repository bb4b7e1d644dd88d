#ifndef CUNIX_H
#define CUNIX_H
/* The libc headers that only securityctl uses: the terminal, signals as descriptors, and the system's users. */
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#endif
