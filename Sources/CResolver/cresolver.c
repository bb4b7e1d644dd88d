/* C, because libresolv's state is a union with bit fields, and its readers are macros. */
#include "cresolver.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <limits.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

static int set_server(res_state state, const char *server, uint16_t port) {
    struct sockaddr_in *address = &state->nsaddr_list[0];
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_port = htons(port);
    state->nscount = 1;
    return inet_pton(AF_INET, server, &address->sin_addr) == 1;
}

int cresolver_query(const char *server, uint16_t port, const char *name, int type, int seconds, unsigned char *answer,
                    size_t capacity, size_t *length) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    *length = 0;
    if (capacity > INT_MAX || res_ninit(&state) != 0) return CRESOLVER_UNKNOWN;
    int result = CRESOLVER_UNKNOWN;
    state.retrans = seconds;
    state.retry = 1;
    if (server == NULL || set_server(&state, server, port)) {
        int written = res_nquery(&state, name, ns_c_in, type, answer, (int)capacity);
        if (written >= 0 && (size_t)written <= capacity) {
            *length = (size_t)written;
            result = CRESOLVER_ANSWER;
        } else if (state.res_h_errno == HOST_NOT_FOUND) {
            result = CRESOLVER_NO_DOMAIN;
        } else if (state.res_h_errno == NO_DATA) {
            result = CRESOLVER_NO_DATA;
        }
    }
    res_nclose(&state);
    return result;
}

static int text_strings(const unsigned char *data, size_t length, unsigned char *out, size_t capacity) {
    size_t read = 0, written = 0;
    while (read < length) {
        size_t part = data[read++];
        if (part > length - read || part > capacity - written) return -2;
        memcpy(out + written, data + read, part);
        read += part;
        written += part;
    }
    return (int)written;
}

static int exchange(const ns_msg *message, const unsigned char *data, size_t length, unsigned char *out,
                    size_t capacity) {
    char name[NS_MAXDNAME];
    if (length < 3 || ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + 2, name, sizeof name) < 0)
        return -2;
    size_t count = strlen(name);
    if (count == 1 && name[0] == '.') count = 0;
    if (count > capacity) return -2;
    memcpy(out, name, count);
    return (int)count;
}

int cresolver_record(const unsigned char *answer, size_t length, int type, int index, unsigned char *out,
                     size_t capacity) {
    ns_msg message;
    ns_rr record;
    if (length > INT_MAX || ns_initparse(answer, (int)length, &message) != 0) return -2;
    for (int at = 0; at < ns_msg_count(message, ns_s_an); at++) {
        if (ns_parserr(&message, ns_s_an, at, &record) != 0) return -2;
        if ((int)ns_rr_type(record) != type || index-- > 0) continue;
        const unsigned char *data = ns_rr_rdata(record);
        size_t count = ns_rr_rdlen(record);
        if (type == ns_t_txt) return text_strings(data, count, out, capacity);
        if (type == ns_t_mx) return exchange(&message, data, count, out, capacity);
        if (count > capacity) return -2;
        memcpy(out, data, count);
        return (int)count;
    }
    return -1;
}
