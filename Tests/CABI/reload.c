/* The library loaded and given up again and again, by a program that is not linked with it.
   usage: reload CONFIGURATION LIBRARY */
#include <libsecurity.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 200

/* POSIX lets a function pointer be read from dlsym's object pointer, ISO C does not know how. */
#define FUNCTION(library, name, type) \
    type name; \
    do { \
        void *symbol = dlsym((library), "lsec_" #name); \
        if (!symbol) return 1; \
        memcpy(&name, &symbol, sizeof symbol); \
    } while (0)

typedef lsec_result (*open_function)(const char *, lsec_context **, char **);
typedef lsec_result (*verify_function)(const lsec_context *, const char *, const char *, size_t, const lsec_request *,
    lsec_reason *);
typedef void (*free_function)(lsec_context *);

static int round_fails(const char *configuration, const char *path)
{
    static const char password[] = "old scheme, to be rehashed";
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    lsec_context *context;
    lsec_result result;

    if (!library) {
        printf("# %s\n", dlerror());
        return 1;
    }
    FUNCTION(library, context_open, open_function);
    FUNCTION(library, password_verify, verify_function);
    FUNCTION(library, context_free, free_function);
    if (context_open(configuration, &context, NULL) != LSEC_OK) return 1;
    result = password_verify(context, "carol@example.org", password, sizeof password - 1, NULL, NULL);
    context_free(context);
    return dlclose(library) != 0 || result != LSEC_OK;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc != 3) return 2;
    for (int round = 0; round < ROUNDS; round++) failed += round_fails(argv[1], argv[2]);
    printf("%s loaded and closed %d times\n", failed ? "FAIL" : "ok", ROUNDS);
    return failed != 0;
}
